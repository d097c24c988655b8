// However much a fetch gives, it holds little of it: docs/architecture.md, "Limits".
#include <algorithm>

#include "tests/query/fixture.h"
#include "tests/query/live_bytes.h"

namespace tideway::query {
namespace {

class MemoryTest : public QueryTest {
 protected:
  /// A thousand records, one a minute, that begin at midnight of a day of May 2024.
  static std::string chunk(int day) {
    std::string body = "[";
    for (int i = 0; i < 1000; ++i) {
      if (i > 0) body += ',';
      body += fmt::format(R"({{"type":"smbg","units":"mmol/L","value":{},"deviceId":"D1",)"
                          R"("payload":{{"text":"{}"}},"time":"2024-05-{:02}T{:02}:{:02}:00Z"}})",
                          i % 20 + 1, std::string(80, 'x'), day, i / 60, i % 60);
    }
    return body + ']';
  }

  struct Taken {
    size_t text_bytes = 0;
    size_t peak_bytes = 0;
    size_t held_bytes_most = 0;  ///< as the fetch itself says
    int parts = 0;
  };
  Taken take() {
    Taken taken;
    reset_peak();
    const auto fetch = Fetch::open(store_, kUser, {}, sets_->id_cipher()).value();
    std::string part;
    for (bool more = true; more; ++taken.parts) {
      part.clear();
      more = fetch->next(part).value();
      taken.text_bytes += part.size();
      taken.held_bytes_most = std::max(taken.held_bytes_most, fetch->held_bytes());
    }
    taken.peak_bytes = peak_bytes();
    return taken;
  }
};

constexpr size_t kPeakBytesMax = size_t{2} << 20;

TEST_F(MemoryTest, StaysSmallOverALongHistory) {
  const std::string id = sets_->create(new_set(Deduplicator::kDeviceDeactivateHash))->upload_id;
  for (int day = 1; day <= 20; ++day) add(id, chunk(day));
  EXPECT_TRUE(sets_->close(kUser, id, kUser, kNoonMs));
  const Taken taken = take();
  EXPECT_GT(taken.text_bytes, 4'000'000U);
  EXPECT_LT(taken.peak_bytes, kPeakBytesMax);
  EXPECT_LT(taken.held_bytes_most, taken.peak_bytes);
  EXPECT_GT(taken.held_bytes_most, taken.peak_bytes / 4);
  EXPECT_GT(taken.parts, 40);
}

TEST_F(MemoryTest, StaysSmallWhereManySourcesOverlap) {
  for (int set = 0; set < 20; ++set) upload({chunk(1)});
  const Taken taken = take();
  EXPECT_GT(taken.text_bytes, 4'000'000U);
  EXPECT_LT(taken.peak_bytes, kPeakBytesMax);
  EXPECT_LT(taken.held_bytes_most, taken.peak_bytes);
  EXPECT_GT(taken.held_bytes_most, taken.peak_bytes / 4);
}

}  // namespace
}  // namespace tideway::query
