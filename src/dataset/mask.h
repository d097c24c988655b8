// Which records of a block do not count, since when, because of what. Beside the block, so that
// undoing is clearing a slot and blocks are not rewritten for it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/store.h"

namespace tideway::dataset {

class Mask {
 public:
  bool empty() const;

  /// Whether the record does not count, for whatever reason.
  bool hides(uint32_t slot) const { return dropped_ || at(slot).fate != Fate::kCounts; }
  /// Whether it is destroyed and will never count again.
  bool is_gone(uint32_t slot) const { return dropped_ || at(slot).fate == Fate::kGone; }
  /// The set that superseded it, or nothing.
  std::string_view superseded_by(uint32_t slot) const;
  /// How often it was superseded, handed over or made to count again: its revision moves with it.
  uint32_t changes(uint32_t slot) const { return at(slot).changes; }

  /// When its lot last changed; nothing when it never did.
  std::optional<int64_t> changed_ms(uint32_t slot) const;
  /// The last of these times.
  std::optional<int64_t> last_changed_ms() const;

  void supersede(uint32_t slot, std::string_view by_upload_id, int64_t time_ms);
  /// All of the first `count` slots that count.
  void supersede_all(uint32_t count, std::string_view by_upload_id, int64_t time_ms);
  void reinstate(uint32_t slot, int64_t time_ms);
  void destroy(uint32_t slot, int64_t time_ms);

  /// Whether the block itself is gone. What once pointed into it then finds only this.
  bool is_dropped() const { return dropped_; }
  void drop();

  /// Records that are gone.
  uint32_t gone_count() const;
  /// Records that do not count, gone or not.
  uint32_t hidden_count() const;
  /// Those of them whose slots are blank already.
  uint32_t blank_count() const { return blank_count_; }
  void set_blank_count(uint32_t count) { blank_count_ = count; }

  std::string encode() const;
  static store::Result<Mask> decode(std::string_view bytes);

 private:
  /// Stored as a number: never renumber.
  enum class Fate : uint8_t { kCounts = 0, kSuperseded = 1, kGone = 2 };

  struct State {
    Fate fate = Fate::kCounts;
    uint32_t by = 0;      ///< of a superseded record: place in upload_ids_
    int64_t time_ms = 0;  ///< since when
    uint32_t changes = 0;

    auto operator<=>(const State&) const = default;
  };

  State at(uint32_t slot) const { return slot < states_.size() ? states_[slot] : State{}; }
  State& edit(uint32_t slot);
  uint32_t place_of(std::string_view upload_id);

  bool dropped_ = false;
  uint32_t blank_count_ = 0;
  std::vector<std::string> upload_ids_;
  std::vector<State> states_;  ///< by slot; those behind the end are untouched
};

}  // namespace tideway::dataset
