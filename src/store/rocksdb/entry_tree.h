// The entries of a memory table in the order of their keys: a tree of wide nodes that one thread
// adds to while others read, without locks.
//
// RocksDB's skip list touches some twenty keys to find a place among a hundred thousand, each in
// memory of its own. Here a node keeps beside each pointer the eight bytes of the key that follow
// what all keys of its range have in common. They nearly always tell two keys apart, so that a
// search reads three or four nodes and no key.
//
// Readers never wait. A leaf takes entries at its end, in any order, and its count is written last;
// a full one is replaced by two, and the node above by a copy that knows both. What a reader still
// holds stays as it was, and has all that the reader may see: a commit shows only when all of its
// entries are in the tree.
#pragma once

#include <rocksdb/slice.h>

#include <atomic>
#include <cstddef>
#include <memory>
#include <span>
#include <vector>

namespace tideway::store {

/// An entry begins with its key as RocksDB keeps it in memory: its length as varint, the user key,
/// and eight bytes of trailer (number of the commit and kind, little-endian). The order is that of
/// the bytes of the user keys; among equal ones the larger trailer comes first.
class EntryTree {
 public:
  struct Leaf;

  /// Where a reader is: at an entry, which is null behind the ends, and the leaf that has it.
  struct Position {
    const char* entry = nullptr;
    const Leaf* leaf = nullptr;
  };

  EntryTree();
  EntryTree(const EntryTree&) = delete;
  EntryTree& operator=(const EntryTree&) = delete;

  /// By one thread at a time. No entry with this key may be there; it must outlive the tree.
  void insert(const char* entry);

  // By any thread. Keys are without their length.
  Position first() const;
  Position last() const;
  Position at_or_after(const rocksdb::Slice& key) const;
  Position at_or_before(const rocksdb::Slice& key) const;
  Position after(const Position& position) const;   ///< of an entry
  Position before(const Position& position) const;  ///< of an entry

  /// What the nodes take. By any thread.
  size_t memory_bytes() const { return memory_bytes_.load(std::memory_order_relaxed); }

 private:
  enum class Way { kUp, kDown };
  struct Node;
  struct Inner;
  struct Child;
  struct Range;
  struct Step;
  struct Cut;

  template <Way kWay>
  static Position outermost(const Node* node);
  template <Way kWay>
  Position nearest(const rocksdb::Slice& key, bool is_inclusive) const;
  template <Way kWay>
  Position next(const Position& position) const;

  Leaf& leaf_of(const rocksdb::Slice& key);
  void make_room(const rocksdb::Slice& key);
  void replace(std::vector<Step> path, Node* left, Child right);
  void publish(const std::vector<Step>& path, Node& node);
  Cut cut(std::span<const char* const> sorted);
  Leaf& make_leaf(std::span<const char* const> entries, const Range& range);
  Inner& make_inner(std::span<const Child> children, const Range& range);
  const char* make_bound(const rocksdb::Slice& user_key, bool is_before);
  std::byte* allocate(size_t size_bytes);

  std::vector<std::unique_ptr<std::byte[]>> chunks_;
  size_t chunk_rest_bytes_ = 0;
  std::atomic<size_t> memory_bytes_ = 0;
  std::atomic<Node*> root_;
};

}  // namespace tideway::store
