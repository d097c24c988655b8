// How a mask is stored:
//
//   version      byte 3
//   dropped      byte, 1 when the block is gone; the rest is then empty
//   blank_count  varint
//   set_count    varint, then the upload ids, bytes each (varint length, then the bytes)
//   group_count  varint, then per group of records with the same lot
//     fate         byte: 0 counts, 1 superseded, 2 gone
//     by           varint, place among the upload ids
//     time_ms      signed varint
//     changes      varint
//     run_count    varint, then the runs of slots ascending, each as two varints: the slots between
//                  it and the run before, and those that it has
#include "dataset/mask.h"

#include <algorithm>
#include <span>

#include "base/coding.h"
#include "store/block.h"

namespace tideway::dataset {
namespace {

constexpr uint8_t kVersion = 3;

struct Run {
  uint32_t first = 0;
  uint32_t end = 0;
};

void put_runs(std::string& out, const std::vector<Run>& runs) {
  put_varint(out, runs.size());
  uint32_t at = 0;
  for (const Run& run : runs) {
    put_varint(out, run.first - at);
    put_varint(out, run.end - run.first);
    at = run.end;
  }
}

/// Empty when they are not sane.
std::vector<Run> read_runs(Decoder& in) {
  std::vector<Run> runs;
  uint64_t at = 0;
  for (uint64_t count = in.varint(); count > 0 && in.ok(); --count) {
    const uint64_t gap = in.varint();
    const uint64_t length = in.varint();
    if (gap > store::kBlockRecordsMax || length > store::kBlockRecordsMax || length == 0) return {};
    const uint64_t first = at + gap;
    at = first + length;
    if (at > store::kBlockRecordsMax) return {};
    runs.push_back({static_cast<uint32_t>(first), static_cast<uint32_t>(at)});
  }
  return runs;
}

}  // namespace

bool Mask::empty() const {
  return !dropped_ &&
         std::ranges::all_of(states_, [](const State& state) { return state == State{}; });
}

std::string_view Mask::superseded_by(uint32_t slot) const {
  const State state = at(slot);
  if (state.fate != Fate::kSuperseded) return {};
  return upload_ids_[state.by];
}

std::optional<int64_t> Mask::changed_ms(uint32_t slot) const {
  const State state = at(slot);
  if (state == State{}) return std::nullopt;
  return state.time_ms;
}

std::optional<int64_t> Mask::last_changed_ms() const {
  std::optional<int64_t> last_ms;
  for (uint32_t slot = 0; slot < states_.size(); ++slot) {
    last_ms = std::max(last_ms, changed_ms(slot));
  }
  return last_ms;
}

Mask::State& Mask::edit(uint32_t slot) {
  if (slot >= states_.size()) states_.resize(slot + 1);
  return states_[slot];
}

uint32_t Mask::place_of(std::string_view upload_id) {
  const auto found = std::ranges::find(upload_ids_, upload_id);
  const auto place = static_cast<uint32_t>(found - upload_ids_.begin());
  if (found == upload_ids_.end()) upload_ids_.emplace_back(upload_id);
  return place;
}

void Mask::supersede(uint32_t slot, std::string_view by_upload_id, int64_t time_ms) {
  const uint32_t by = place_of(by_upload_id);
  State& state = edit(slot);
  state = {.fate = Fate::kSuperseded, .by = by, .time_ms = time_ms, .changes = state.changes + 1};
}

void Mask::supersede_all(uint32_t count, std::string_view by_upload_id, int64_t time_ms) {
  if (dropped_ || count == 0) return;
  const uint32_t by = place_of(by_upload_id);
  if (states_.size() < count) states_.resize(count);
  for (State& state : std::span(states_).first(count)) {
    if (state.fate != Fate::kCounts) continue;
    state = {.fate = Fate::kSuperseded, .by = by, .time_ms = time_ms, .changes = state.changes + 1};
  }
}

void Mask::reinstate(uint32_t slot, int64_t time_ms) {
  State& state = edit(slot);
  state = {.fate = Fate::kCounts, .by = 0, .time_ms = time_ms, .changes = state.changes + 1};
}

void Mask::destroy(uint32_t slot, int64_t time_ms) {
  edit(slot) = {.fate = Fate::kGone, .by = 0, .time_ms = time_ms, .changes = 0};
}

void Mask::drop() {
  *this = Mask();
  dropped_ = true;
}

uint32_t Mask::gone_count() const {
  return static_cast<uint32_t>(std::ranges::count(states_, Fate::kGone, &State::fate));
}

uint32_t Mask::hidden_count() const {
  return static_cast<uint32_t>(std::ranges::count_if(
      states_, [](const State& state) { return state.fate != Fate::kCounts; }));
}

std::string Mask::encode() const {
  struct Group {
    State state;
    std::vector<Run> runs;
  };
  std::vector<Group> groups;  // few: as many as there were steps that changed the block
  for (uint32_t slot = 0; slot < states_.size();) {
    const State& state = states_[slot];
    Run run{slot, slot + 1};
    while (run.end < states_.size() && states_[run.end] == state) ++run.end;
    slot = run.end;
    if (state == State{}) continue;
    auto group = std::ranges::find(groups, state, &Group::state);
    if (group == groups.end()) group = groups.insert(groups.end(), {state, {}});
    group->runs.push_back(run);
  }
  std::string out;
  out += static_cast<char>(kVersion);
  out += static_cast<char>(dropped_);
  put_varint(out, blank_count_);
  put_varint(out, upload_ids_.size());
  for (const std::string& upload_id : upload_ids_) put_bytes(out, upload_id);
  put_varint(out, groups.size());
  for (const auto& [state, runs] : groups) {
    out += static_cast<char>(state.fate);
    put_varint(out, state.by);
    put_signed_varint(out, state.time_ms);
    put_varint(out, state.changes);
    put_runs(out, runs);
  }
  return out;
}

store::Result<Mask> Mask::decode(std::string_view bytes) {
  Decoder in(bytes);
  Mask mask;
  bool sane = in.byte() == kVersion;
  mask.dropped_ = in.byte() != 0;
  mask.blank_count_ = static_cast<uint32_t>(in.varint());
  for (uint64_t count = in.varint(); count > 0 && in.ok(); --count) {
    mask.upload_ids_.emplace_back(in.bytes());
  }
  for (uint64_t count = in.varint(); sane && count > 0 && in.ok(); --count) {
    State state;
    state.fate = static_cast<Fate>(in.byte());
    state.by = static_cast<uint32_t>(in.varint());
    state.time_ms = in.signed_varint();
    state.changes = static_cast<uint32_t>(in.varint());
    sane = state.fate <= Fate::kGone &&
           (state.fate != Fate::kSuperseded || state.by < mask.upload_ids_.size());
    const std::vector<Run> runs = read_runs(in);
    sane = sane && !runs.empty();
    for (const Run& run : runs) {
      if (run.end > mask.states_.size()) mask.states_.resize(run.end);
      std::fill(mask.states_.begin() + run.first, mask.states_.begin() + run.end, state);
    }
  }
  if (!sane || !in.at_end()) {
    return std::unexpected(store::Error{store::Error::Kind::kCorruption, "mask: malformed"});
  }
  return mask;
}

}  // namespace tideway::dataset
