// CRC-32C (Castagnoli), the checksum of stored blocks.
#pragma once

#include <cstdint>
#include <string_view>

namespace tideway::store {

/// The checksum of `bytes`, with the processor's own instruction where it has one.
uint32_t crc32c(std::string_view bytes);

/// The same from tables alone, for processors without the instruction, and to test against.
uint32_t crc32c_by_table(std::string_view bytes);

}  // namespace tideway::store
