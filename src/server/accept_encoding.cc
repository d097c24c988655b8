#include "server/accept_encoding.h"

#include <algorithm>
#include <optional>

#include "server/field_text.h"

namespace tideway::server {
namespace {

constexpr int kFullWeight = 1000;  // weights have at most three decimals

}  // namespace

int weight_of(std::string_view parameters) {
  while (!parameters.empty()) {
    const size_t end = std::min(parameters.find(';'), parameters.size());
    const std::string_view parameter = trimmed(parameters.substr(0, end));
    parameters.remove_prefix(std::min(end + 1, parameters.size()));
    if (!parameter.starts_with("q=") && !parameter.starts_with("Q=")) continue;
    const std::string_view number = parameter.substr(2);
    if (!number.starts_with('0') || (number.size() > 1 && number[1] != '.')) return kFullWeight;
    int weight = 0;
    for (size_t i = 2, unit = 100; i < number.size() && unit > 0; ++i, unit /= 10) {
      if (number[i] < '0' || number[i] > '9') return kFullWeight;
      weight += (number[i] - '0') * static_cast<int>(unit);
    }
    return weight;
  }
  return kFullWeight;
}

Coding best_coding(const Headers& headers) {
  std::optional<int> zstd;
  std::optional<int> gzip;
  std::optional<int> any;
  std::optional<int> identity;
  for (const auto& [name, value] : headers) {
    if (!equals_ignoring_case(name, "Accept-Encoding")) continue;
    for (const std::string_view element : list_elements(value)) {
      const size_t end = std::min(element.find(';'), element.size());
      const std::string_view coding = trimmed(element.substr(0, end));
      const int weight = weight_of(element.substr(end));
      if (equals_ignoring_case(coding, "gzip") || equals_ignoring_case(coding, "x-gzip")) {
        gzip = std::max(gzip.value_or(0), weight);
      } else if (equals_ignoring_case(coding, "zstd")) {
        zstd = std::max(zstd.value_or(0), weight);
      } else if (equals_ignoring_case(coding, "identity")) {
        identity = weight;
      } else if (coding == "*") {
        any = weight;
      }
    }
  }
  const int gzip_weight = gzip.value_or(any.value_or(0));
  const int zstd_weight = zstd.value_or(0);
  const int best = std::max(gzip_weight, zstd_weight);
  if (best == 0 || best < identity.value_or(0)) return Coding::kIdentity;
  return zstd_weight == best ? Coding::kZstd : Coding::kGzip;
}

}  // namespace tideway::server
