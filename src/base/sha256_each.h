// SHA-256 of texts that are made for it alone.
#pragma once

#include <algorithm>
#include <array>
#include <span>
#include <string_view>

#include "base/sha256.h"
#include "base/text_buffer.h"

namespace tideway {

/// The digest of each of the texts that `append_text` appends to the buffer it is given, for 0, 1,
/// … up to as many as there are digests. So many are made at a time that they stay in the nearest
/// cache.
template <class AppendText>
void sha256_each(std::span<Sha256> digests, AppendText append_text) {
  constexpr size_t kAtOnce = 16;
  TextBuffer texts;
  std::array<size_t, kAtOnce + 1> ends{};
  std::array<std::string_view, kAtOnce> views;
  for (size_t done = 0; done < digests.size(); done += kAtOnce) {
    const size_t count = std::min(kAtOnce, digests.size() - done);
    texts.clear();
    for (size_t i = 0; i < count; ++i) {
      append_text(texts, done + i);
      ends[i + 1] = texts.size();
    }
    for (size_t i = 0; i < count; ++i) {
      views[i] = texts.view().substr(ends[i], ends[i + 1] - ends[i]);
    }
    sha256(std::span(views).first(count), digests.subspan(done, count));
  }
}

}  // namespace tideway
