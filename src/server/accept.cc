#include "server/accept.h"

#include <algorithm>

#include "server/accept_encoding.h"
#include "server/field_text.h"

namespace tideway::server {

bool asks_for(const Headers& headers, std::string_view type, std::string_view usual) {
  int type_weight = 0;
  int usual_weight = 0;
  for (const auto& [name, value] : headers) {
    if (!equals_ignoring_case(name, "Accept")) continue;
    for (const std::string_view element : list_elements(value)) {
      const size_t end = std::min(element.find(';'), element.size());
      const std::string_view media = trimmed(element.substr(0, end));
      const int weight = weight_of(element.substr(end));
      if (equals_ignoring_case(media, type)) type_weight = std::max(type_weight, weight);
      if (equals_ignoring_case(media, usual)) usual_weight = std::max(usual_weight, weight);
    }
  }
  return type_weight > 0 && type_weight >= usual_weight;
}

}  // namespace tideway::server
