#include "note/keys.h"

namespace tideway::note {
namespace {

std::string joined(std::string_view prefix, std::string_view id) {
  return std::string(prefix).append(id);
}

}  // namespace

std::string note_key(std::string_view id) { return joined(kNotePrefix, id); }

std::string order_prefix(std::string_view timestamp) {
  std::string key(kOrderPrefix);
  for (const char c : timestamp) key += static_cast<char>(~c);
  return key + '\xff';
}

std::string order_key(std::string_view timestamp, std::string_view id) {
  return order_prefix(timestamp).append(id);
}

std::string_view id_in(std::string_view key) { return key.substr(key.size() - kIdSize); }

std::string authored_key(std::string_view id) { return joined(kAuthoredPrefix, id); }

std::string directory_key(std::string_view id) { return joined("n", id); }

}  // namespace tideway::note
