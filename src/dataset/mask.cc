// How a mask is stored:
//
//   version      byte 2
//   dropped      byte, 1 when the block is gone; the rest is then empty
//   blank_count  varint
//   set_count    varint, then the upload ids, bytes each (varint length, then the bytes)
//   group_count  varint, then per group of records with the same lot
//     fate         byte: 0 counts, 1 superseded, 2 gone
//     by           varint, place among the upload ids
//     time_ms      signed varint
//     changes      varint
//     slot_count   varint, then the slots ascending, each as a varint of the difference to the one
//                  before
#include "dataset/mask.h"

#include <algorithm>
#include <map>

#include "base/coding.h"
#include "store/block.h"

namespace tideway::dataset {
namespace {

constexpr uint8_t kVersion = 2;

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

void Mask::supersede(uint32_t slot, std::string_view by_upload_id, int64_t time_ms) {
  const auto found = std::ranges::find(upload_ids_, by_upload_id);
  const auto by = static_cast<uint32_t>(found - upload_ids_.begin());
  if (found == upload_ids_.end()) upload_ids_.emplace_back(by_upload_id);
  State& state = edit(slot);
  state = {.fate = Fate::kSuperseded, .by = by, .time_ms = time_ms, .changes = state.changes + 1};
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
  std::map<State, std::vector<uint32_t>> groups;
  for (uint32_t slot = 0; slot < states_.size(); ++slot) {
    if (states_[slot] != State{}) groups[states_[slot]].push_back(slot);
  }
  std::string out;
  out += static_cast<char>(kVersion);
  out += static_cast<char>(dropped_);
  put_varint(out, blank_count_);
  put_varint(out, upload_ids_.size());
  for (const std::string& upload_id : upload_ids_) put_bytes(out, upload_id);
  put_varint(out, groups.size());
  for (const auto& [state, slots] : groups) {
    out += static_cast<char>(state.fate);
    put_varint(out, state.by);
    put_signed_varint(out, state.time_ms);
    put_varint(out, state.changes);
    put_varint(out, slots.size());
    uint32_t before = 0;
    for (const uint32_t slot : slots) {
      put_varint(out, slot - before);
      before = slot;
    }
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
    uint64_t slot = 0;
    for (uint64_t slots = in.varint(); sane && slots > 0 && in.ok(); --slots) {
      slot += in.varint();
      sane = slot < store::kBlockRecordsMax;
      if (sane) mask.edit(static_cast<uint32_t>(slot)) = state;
    }
  }
  if (!sane || !in.at_end()) {
    return std::unexpected(store::Error{store::Error::Kind::kCorruption, "mask: malformed"});
  }
  return mask;
}

}  // namespace tideway::dataset
