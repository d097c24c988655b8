// What a block keeps of a record in BlockRecord::flags.
#pragma once

#include <cstdint>

namespace tideway::dataset {

inline constexpr uint8_t kFlagCarelink = 1;  ///< the member source is "carelink"

}  // namespace tideway::dataset
