// SHA-256 of many short texts.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace tideway {

using Sha256 = std::array<uint8_t, 32>;

/// The digest of each of `texts`, which are as many as `digests`. Texts of up to 119 bytes take a
/// quarter of what OpenSSL takes for them where the processor has instructions for SHA-256: most of
/// that is the cost of its calls, and two texts at a time keep the processor busy.
void sha256(std::span<const std::string_view> texts, std::span<Sha256> digests);

}  // namespace tideway
