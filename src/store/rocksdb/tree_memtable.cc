#include "store/rocksdb/tree_memtable.h"

#include <cstddef>
#include <memory>
#include <utility>

#include "store/rocksdb/entry_tree.h"

namespace tideway::store {
namespace {

using rocksdb::Slice;

/// RocksDB deletes some iterators and only destroys others, those that should lie in its Arena, a
/// class that no public header has. So they see to their memory themselves, and to delete one is no
/// more than to destroy it.
class TreeIterator final : public rocksdb::MemTableRep::Iterator {
 public:
  using Memory = std::unique_ptr<std::byte[]>;

  /// Without memory of its own it lies in somebody else's.
  TreeIterator(const EntryTree& tree, Memory memory) : tree_(tree), memory_(std::move(memory)) {}

  /// A destructor may write to its object to the last, so the memory goes with the thread's next.
  ~TreeIterator() override {
    thread_local Memory last;
    if (memory_ != nullptr) last = std::move(memory_);
  }

  static void* operator new(size_t, void* place) { return place; }
  static void operator delete(void*) {}
  static void operator delete(void*, void*) {}

  bool Valid() const override { return at_.entry != nullptr; }
  const char* key() const override { return at_.entry; }
  void Next() override { at_ = tree_.after(at_); }
  void Prev() override { at_ = tree_.before(at_); }
  void Seek(const Slice& key, const char*) override { at_ = tree_.at_or_after(key); }
  void SeekForPrev(const Slice& key, const char*) override { at_ = tree_.at_or_before(key); }
  void SeekToFirst() override { at_ = tree_.first(); }
  void SeekToLast() override { at_ = tree_.last(); }

 private:
  const EntryTree& tree_;
  EntryTree::Position at_;
  Memory memory_;
};

class TreeMemTable final : public rocksdb::MemTableRep {
 public:
  explicit TreeMemTable(rocksdb::Allocator* allocator) : MemTableRep(allocator) {}

  void Insert(rocksdb::KeyHandle handle) override {
    tree_.insert(static_cast<const char*>(handle));
  }
  bool Contains(const char* key) const override {
    const Slice wanted = rocksdb::GetLengthPrefixedSlice(key);
    const char* const found = tree_.at_or_after(wanted).entry;
    return found != nullptr && rocksdb::GetLengthPrefixedSlice(found) == wanted;
  }
  size_t ApproximateMemoryUsage() override { return tree_.memory_bytes(); }

  Iterator* GetIterator(rocksdb::Arena*) override {
    auto memory = std::make_unique_for_overwrite<std::byte[]>(sizeof(TreeIterator));
    std::byte* const place = memory.get();
    return new (place) TreeIterator(tree_, std::move(memory));
  }

  /// MemTableRep::Get() asks for one without an arena, and never gives it back.
  Iterator* GetDynamicPrefixIterator(rocksdb::Arena* arena) override {
    if (arena != nullptr) return GetIterator(arena);
    alignas(TreeIterator) thread_local std::byte memory[sizeof(TreeIterator)];
    return new (memory) TreeIterator(tree_, nullptr);
  }

 private:
  EntryTree tree_;
};

class TreeMemTables final : public rocksdb::MemTableRepFactory {
 public:
  const char* Name() const override { return "tideway.tree"; }

  using rocksdb::MemTableRepFactory::CreateMemTableRep;
  rocksdb::MemTableRep* CreateMemTableRep(const rocksdb::MemTableRep::KeyComparator&,
                                          rocksdb::Allocator* allocator,
                                          const rocksdb::SliceTransform*,
                                          rocksdb::Logger*) override {
    return new TreeMemTable(allocator);
  }
};

}  // namespace

std::shared_ptr<rocksdb::MemTableRepFactory> tree_memtables() {
  return std::make_shared<TreeMemTables>();
}

}  // namespace tideway::store
