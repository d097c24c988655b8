// A store that takes nothing for an account that was deleted.
//
// A request that was let in may still be on its way to the store when its account is deleted. What
// it then wrote would lie in a partition without an account, which nobody could ever read or
// delete. Seen through this, such a commit is refused: deleting leaves a mark in the partition
// in the commit that takes everything else, and the mark stays for longer than any request can
// take. Transactions that only erase go through, so that a deletion can go on after a crash.
#pragma once

#include "store/store.h"

namespace tideway::account {

/// Whether that is why a commit was refused.
bool is_no_account(const store::Error& error);

class AccountGuard final : public store::Store {
 public:
  /// The store must outlive it.
  explicit AccountGuard(store::Store& store) : store_(store) {}

  store::Result<std::unique_ptr<store::Reader>> read(std::string_view partition) override {
    return store_.read(partition);
  }
  store::Result<void> update(std::string_view partition, const Apply& apply) override;
  store::Result<void> partitions(const VisitPartition& visit) override {
    return store_.partitions(visit);
  }
  store::Result<void> reclaim(std::string_view partition) override {
    return store_.reclaim(partition);
  }

 private:
  store::Store& store_;
};

}  // namespace tideway::account
