#include "store/store.h"

namespace tideway::store {

std::string prefix_end(std::string_view prefix) {
  std::string end(prefix);
  // A last byte of 0xff has no successor, so the byte before it has to grow instead.
  while (!end.empty() && end.back() == '\xff') end.pop_back();
  if (!end.empty()) end.back() = static_cast<char>(static_cast<unsigned char>(end.back()) + 1);
  return end;
}

Result<void> scan_prefix(const Reader& reader, std::string_view prefix,
                         const Reader::Visit& visit) {
  return reader.scan(prefix, prefix_end(prefix), visit);
}

}  // namespace tideway::store
