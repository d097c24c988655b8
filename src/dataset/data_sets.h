// The life of data sets: opened, filled, closed (docs/spec/datasets.md 6, 9, 11). Each function is
// one atomic, durable step; steps of one user run one after another.
#pragma once

#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "dataset/data_set.h"
#include "record/batch.h"
#include "store/block.h"
#include "store/store.h"

namespace tideway::dataset {

/// Why a step on a set did not happen.
struct StepError {
  enum class Kind {
    kNotFound,
    kClosed,
    kTaken,           ///< the id that the client chose belongs to another set
    kNoDeviceId,      ///< a hash deduplicator cannot close a set without a device id
    kNotImplemented,  ///< the set's deduplicator is not there yet
    kStore,           ///< `store` says what failed
  };
  Kind kind;
  store::Error store{};
};

template <class T>
using Step = std::expected<T, StepError>;

class DataSets {
 public:
  /// Makes the store's id key at the first start.
  static store::Result<std::unique_ptr<DataSets>> open(store::Store& store);

  /// Stores `set`, giving it the ids it lacks; see make_data_set.
  Step<DataSet> create(DataSet set);

  /// A set by its id, whoever's it is.
  Step<DataSet> find(std::string_view upload_id);

  /// Adds checked records; the batch must have been read with the options of read_options().
  Step<void> add(std::string_view user_id, std::string_view upload_id, const record::Batch& batch);

  /// Closes a set: its records become visible and supersede what the deduplicator says.
  Step<DataSet> close(std::string_view user_id, std::string_view upload_id, int64_t now_ms);

  /// What the set's deduplicator asks of a batch.
  static record::ReadOptions read_options(const DataSet& set);

  const store::IdCipher& id_cipher() const { return cipher_; }

 private:
  DataSets(store::Store& store, const Bytes16& id_key);

  Step<void> claim_id(const DataSet& set);
  store::Result<std::optional<DataSet>> find_in(std::string_view user_id,
                                                std::string_view upload_id);

  store::Store& store_;
  store::IdCipher cipher_;
};

}  // namespace tideway::dataset
