// What a block keeps of a record in BlockRecord::flags.
#pragma once

#include <cstdint>

namespace tideway::dataset {

inline constexpr uint8_t kFlagCarelink = 1;  ///< the member source is "carelink"
/// origin.payload.device.manufacturer is "Medtronic"
inline constexpr uint8_t kFlagMedtronicOrigin = 2;

}  // namespace tideway::dataset
