// The fields that every record has (docs/spec/datatypes-common.md 2.1) and the objects that many
// types share (section 3).
#pragma once

#include <initializer_list>
#include <string_view>

#include "record/schema.h"

namespace tideway::record {

/// A record type: the constants that name it, the base fields, then its own.
Object record_type(std::string_view type, std::initializer_list<Field> own);
/// … with a second constant such as deliveryType.
Object record_type(std::string_view type, std::string_view key, std::string_view value,
                   Fields own);

/// Places of base fields in fields() of every record type.
namespace base_field {
inline constexpr size_t kType = 0;
inline constexpr size_t kDeviceId = 5;
inline constexpr size_t kId = 7;
inline constexpr size_t kOrigin = 10;
inline constexpr size_t kSource = 12;
inline constexpr size_t kTime = 14;
}  // namespace base_field

const Object& association();
const Object& location();
const Object& origin();

}  // namespace tideway::record
