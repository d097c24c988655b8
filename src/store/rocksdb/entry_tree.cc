#include "store/rocksdb/entry_tree.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <new>
#include <string>

#include "base/coding.h"

namespace tideway::store {
namespace {

using rocksdb::Slice;

constexpr size_t kLeafEntriesMax = 48;
constexpr size_t kChildrenMax = 32;
constexpr size_t kChunkBytes = size_t{64} << 10;
constexpr size_t kTrailerBytes = 8;

/// In place of a length: the keys have all of their user keys in common.
constexpr uint32_t kWholeUserKey = ~uint32_t{0};

/// What RocksDB has for this is a call, and each search makes several.
Slice key_of(const char* entry) {
  uint32_t size = 0;
  for (int shift = 0;; shift += 7) {
    const auto byte = static_cast<uint8_t>(*entry++);
    size |= (byte & 0x7fU) << shift;
    if (byte < 0x80) return {entry, size};
  }
}

Slice user_key_of(const Slice& key) { return {key.data(), key.size() - kTrailerBytes}; }

uint64_t trailer_of(const Slice& key) {
  uint64_t trailer = 0;
  std::memcpy(&trailer, key.data() + key.size() - kTrailerBytes, kTrailerBytes);
  return trailer;
}

uint32_t common_prefix(const Slice& a, const Slice& b) {
  const char* const end = a.data() + std::min(a.size(), b.size());
  return static_cast<uint32_t>(std::mismatch(a.data(), end, b.data()).first - a.data());
}

/// Less than zero where `a` comes first. The first `shared` bytes are known to be equal.
int compare(const Slice& a, const Slice& b, size_t shared) {
  const Slice a_user = user_key_of(a);
  const Slice b_user = user_key_of(b);
  const size_t size = std::min(a_user.size(), b_user.size()) - shared;
  const int order = std::memcmp(a_user.data() + shared, b_user.data() + shared, size);
  if (order != 0) return order;
  if (a_user.size() != b_user.size()) return a_user.size() < b_user.size() ? -1 : 1;
  return static_cast<int>(trailer_of(a) < trailer_of(b)) -
         static_cast<int>(trailer_of(a) > trailer_of(b));
}

}  // namespace

/// Keys from one, inclusive, to another, exclusive. Null is no bound.
struct EntryTree::Range {
  const char* begin = nullptr;
  const char* end = nullptr;

  /// How many bytes all keys have in common, or kWholeUserKey.
  uint32_t shared() const {
    if (begin == nullptr || end == nullptr) return 0;
    const Slice low = user_key_of(key_of(begin));
    const Slice high = user_key_of(key_of(end));
    return low == high ? kWholeUserKey : common_prefix(low, high);
  }
};

struct EntryTree::Node {
  Node(bool is_leaf, uint32_t shared) : is_leaf(is_leaf), shared(shared) {}

  const bool is_leaf;
  const uint32_t shared;  ///< of the keys of its range

  /// What follows that. Heads are in the order of their keys; only equal ones leave it open.
  uint64_t head_of(const Slice& key) const {
    if (shared == kWholeUserKey) return ~trailer_of(key);
    uint64_t head = 0;
    const size_t rest = key.size() - kTrailerBytes - shared;
    std::memcpy(&head, key.data() + shared, std::min(rest, sizeof(head)));
    return __builtin_bswap64(head);
  }

  int order(const char* entry, const Slice& key) const {
    return compare(key_of(entry), key, shared == kWholeUserKey ? 0 : shared);
  }
};

struct EntryTree::Leaf : Node {
  explicit Leaf(uint32_t shared) : Node(true, shared) {}

  std::atomic<uint32_t> count = 0;
  std::array<uint64_t, kLeafEntriesMax> heads;
  std::array<const char*, kLeafEntriesMax> entries;

  bool append(const char* entry) {
    const uint32_t at = count.load(std::memory_order_relaxed);
    if (at == kLeafEntriesMax) return false;
    heads[at] = head_of(key_of(entry));
    entries[at] = entry;
    count.store(at + 1, std::memory_order_release);
    return true;
  }

  std::array<const char*, kLeafEntriesMax> sorted() const {
    std::array<std::pair<uint64_t, const char*>, kLeafEntriesMax> pairs;
    for (size_t i = 0; i < pairs.size(); ++i) pairs[i] = {heads[i], entries[i]};
    std::ranges::sort(pairs, [this](const auto& a, const auto& b) {
      return a.first != b.first ? a.first < b.first : order(a.second, key_of(b.second)) < 0;
    });
    std::array<const char*, kLeafEntriesMax> found;
    std::ranges::transform(pairs, found.begin(), [](const auto& pair) { return pair.second; });
    return found;
  }

  /// The first entry beyond a key, or at it, or of all where there is none; null where none is.
  template <Way kWay>
  const char* nearest(const Slice* key, bool is_inclusive) const {
    constexpr uint64_t kFlip = kWay == Way::kUp ? 0 : ~uint64_t{0};
    constexpr int kSign = kWay == Way::kUp ? 1 : -1;
    const uint64_t bound = key == nullptr ? 0 : head_of(*key) ^ kFlip;
    const uint32_t size = count.load(std::memory_order_acquire);
    const char* best = nullptr;
    uint64_t best_head = ~uint64_t{0};
    for (uint32_t i = 0; i < size; ++i) {
      const uint64_t head = heads[i] ^ kFlip;
      if (head < bound || head > best_head) continue;
      if (head == bound && key != nullptr) {
        const int beyond = kSign * order(entries[i], *key);
        if (is_inclusive ? beyond < 0 : beyond <= 0) continue;
      }
      const bool is_open = best != nullptr && head == best_head;
      if (is_open && kSign * order(entries[i], key_of(best)) > 0) continue;
      best = entries[i];
      best_head = head;
    }
    return best;
  }
};

/// A node and where its range begins; the first one of an inner node begins where that does.
struct EntryTree::Child {
  const char* begin = nullptr;
  Node* node = nullptr;
};

struct EntryTree::Inner : Node {
  Inner(std::span<const Child> from, const Range& range)
      : Node(false, range.shared()), count(static_cast<uint32_t>(from.size())) {
    for (uint32_t i = 0; i < count; ++i) {
      heads[i] = i == 0 ? 0 : head_of(key_of(from[i].begin));
      begins[i] = from[i].begin;
      nodes[i].store(from[i].node, std::memory_order_relaxed);
    }
  }

  const uint32_t count;
  std::array<uint64_t, kChildrenMax> heads;
  std::array<const char*, kChildrenMax> begins;
  std::array<std::atomic<Node*>, kChildrenMax> nodes;  ///< a child may be replaced in its place

  Node* node(size_t at) const { return nodes[at].load(std::memory_order_acquire); }

  std::vector<Child> children() const {
    std::vector<Child> found;
    for (size_t i = 0; i < count; ++i) found.push_back({begins[i], node(i)});
    return found;
  }

  /// The child whose range has the key.
  uint32_t find(const Slice& key) const {
    const uint64_t head = head_of(key);
    uint32_t at = 1;
    while (at < count && heads[at] < head) ++at;
    while (at < count && heads[at] == head && order(begins[at], key) <= 0) ++at;
    return at - 1;
  }

  Range range_of(uint32_t at, const Range& own) const {
    return {at == 0 ? own.begin : begins[at], at + 1 == count ? own.end : begins[at + 1]};
  }
};

/// On the way down: a node, its range, and which of its children is next.
struct EntryTree::Step {
  Inner* node = nullptr;
  Range range;
  uint32_t at = 0;
};

/// Entries from `at` go to the right of a key.
struct EntryTree::Cut {
  size_t at = 0;
  const char* begin = nullptr;
};

EntryTree::EntryTree() : root_(&make_leaf({}, {})) {}

void EntryTree::insert(const char* entry) {
  const Slice key = key_of(entry);
  while (!leaf_of(key).append(entry)) make_room(key);
}

EntryTree::Leaf& EntryTree::leaf_of(const Slice& key) {
  Node* node = root_.load(std::memory_order_relaxed);
  while (!node->is_leaf) {
    const auto* const inner = static_cast<const Inner*>(node);
    node = inner->node(inner->find(key));
  }
  return static_cast<Leaf&>(*node);
}

/// Puts two leaves in place of the full one that has the key in its range.
void EntryTree::make_room(const Slice& key) {
  std::vector<Step> path;
  Range range;
  Node* node = root_.load(std::memory_order_relaxed);
  while (!node->is_leaf) {
    auto* const inner = static_cast<Inner*>(node);
    const uint32_t at = inner->find(key);
    path.push_back({inner, range, at});
    range = inner->range_of(at, range);
    node = inner->node(at);
  }
  const auto sorted = static_cast<const Leaf*>(node)->sorted();
  const std::span<const char* const> entries(sorted);
  const Cut cut = this->cut(entries);
  Node& left = make_leaf(entries.first(cut.at), {range.begin, cut.begin});
  Node& right = make_leaf(entries.subspan(cut.at), {cut.begin, range.end});
  replace(std::move(path), &left, {cut.begin, &right});
}

/// In the middle. Where that is among versions of one user key, before or behind all of them: what
/// is written again and again gets leaves of its own, in which the trailers are the heads.
EntryTree::Cut EntryTree::cut(std::span<const char* const> sorted) {
  const auto user_key_at = [](const char* entry) { return user_key_of(key_of(entry)); };
  const size_t middle = sorted.size() / 2;
  const Slice user_key = user_key_at(sorted[middle]);
  if (user_key_at(sorted[middle - 1]) != user_key) return {middle, sorted[middle]};
  const auto less = [](const Slice& a, const Slice& b) { return a.compare(b) < 0; };
  const auto same = std::ranges::equal_range(sorted, user_key, less, user_key_at);
  const auto first = static_cast<size_t>(same.begin() - sorted.begin());
  if (first > 0) return {first, make_bound(user_key, true)};
  if (same.size() < sorted.size()) return {same.size(), make_bound(user_key, false)};
  return {middle, sorted[middle]};
}

/// Puts two nodes where the path ends, in place of one.
void EntryTree::replace(std::vector<Step> path, Node* left, Child right) {
  while (!path.empty()) {
    const Step step = path.back();
    path.pop_back();
    std::vector<Child> children = step.node->children();
    children[step.at].node = left;
    children.insert(children.begin() + step.at + 1, right);
    if (children.size() <= kChildrenMax) return publish(path, make_inner(children, step.range));
    const size_t half = children.size() / 2;
    const char* const middle = children[half].begin;
    const std::span<const Child> all(children);
    left = &make_inner(all.first(half), {step.range.begin, middle});
    right = {middle, &make_inner(all.subspan(half), {middle, step.range.end})};
  }
  publish(path, make_inner(std::array{Child{nullptr, left}, right}, {}));
}

void EntryTree::publish(const std::vector<Step>& path, Node& node) {
  std::atomic<Node*>& place = path.empty() ? root_ : path.back().node->nodes[path.back().at];
  place.store(&node, std::memory_order_release);
}

template <EntryTree::Way kWay>
EntryTree::Position EntryTree::outermost(const Node* node) {
  while (!node->is_leaf) {
    const auto* const inner = static_cast<const Inner*>(node);
    node = inner->node(kWay == Way::kUp ? 0 : inner->count - 1);
  }
  const auto* const leaf = static_cast<const Leaf*>(node);
  return {leaf->nearest<kWay>(nullptr, true), leaf};
}

template <EntryTree::Way kWay>
EntryTree::Position EntryTree::nearest(const Slice& key, bool is_inclusive) const {
  const Node* node = root_.load(std::memory_order_acquire);
  const Node* beside = nullptr;  // the nearest to go on with when the leaf has none
  while (!node->is_leaf) {
    const auto* const inner = static_cast<const Inner*>(node);
    const uint32_t at = inner->find(key);
    if (kWay == Way::kUp && at + 1 < inner->count) beside = inner->node(at + 1);
    if (kWay == Way::kDown && at > 0) beside = inner->node(at - 1);
    node = inner->node(at);
  }
  const auto* const leaf = static_cast<const Leaf*>(node);
  const char* const found = leaf->nearest<kWay>(&key, is_inclusive);
  if (found != nullptr || beside == nullptr) return {found, leaf};
  return outermost<kWay>(beside);
}

/// Mostly in the same leaf.
template <EntryTree::Way kWay>
EntryTree::Position EntryTree::next(const Position& position) const {
  const Slice key = key_of(position.entry);
  const char* const found = position.leaf->nearest<kWay>(&key, false);
  if (found != nullptr) return {found, position.leaf};
  return nearest<kWay>(key, false);
}

EntryTree::Position EntryTree::first() const { return outermost<Way::kUp>(root_); }
EntryTree::Position EntryTree::last() const { return outermost<Way::kDown>(root_); }
EntryTree::Position EntryTree::at_or_after(const Slice& key) const {
  return nearest<Way::kUp>(key, true);
}
EntryTree::Position EntryTree::at_or_before(const Slice& key) const {
  return nearest<Way::kDown>(key, true);
}
EntryTree::Position EntryTree::after(const Position& position) const {
  return next<Way::kUp>(position);
}
EntryTree::Position EntryTree::before(const Position& position) const {
  return next<Way::kDown>(position);
}

EntryTree::Leaf& EntryTree::make_leaf(std::span<const char* const> entries, const Range& range) {
  auto* const leaf = new (allocate(sizeof(Leaf))) Leaf(range.shared());
  for (const char* const entry : entries) leaf->append(entry);
  return *leaf;
}

EntryTree::Inner& EntryTree::make_inner(std::span<const Child> children, const Range& range) {
  return *new (allocate(sizeof(Inner))) Inner(children, range);
}

/// A key before or behind all that a user key may have.
const char* EntryTree::make_bound(const Slice& user_key, bool is_before) {
  std::string bound;
  put_varint(bound, user_key.size() + kTrailerBytes);
  bound.append(user_key.data(), user_key.size());
  bound.append(kTrailerBytes, is_before ? '\xff' : '\0');
  auto* const kept = reinterpret_cast<char*>(allocate(bound.size()));
  std::ranges::copy(bound, kept);
  return kept;
}

std::byte* EntryTree::allocate(size_t size_bytes) {
  const size_t size = (size_bytes + alignof(Node*) - 1) / alignof(Node*) * alignof(Node*);
  if (size > chunk_rest_bytes_) {
    chunk_rest_bytes_ = std::max(kChunkBytes, size);
    chunks_.push_back(std::make_unique_for_overwrite<std::byte[]>(chunk_rest_bytes_));
    memory_bytes_.fetch_add(chunk_rest_bytes_, std::memory_order_relaxed);
  }
  // From the end, so that one number tells what is left.
  chunk_rest_bytes_ -= size;
  return chunks_.back().get() + chunk_rest_bytes_;
}

}  // namespace tideway::store
