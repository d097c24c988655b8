// How a step on a data set ends.
#pragma once

#include <expected>

#include "store/store.h"

namespace tideway::dataset {

/// Why a step on a set did not happen.
struct StepError {
  enum class Kind {
    kNotFound,
    kClosed,
    kTaken,       ///< the id that the client chose belongs to another set
    kNoDeviceId,  ///< the deduplicator needs the device id that the set does not have
    kNotDeleted,  ///< there is nothing to restore
    kKeyReused,   ///< the idempotency key came with another chunk before
    kNoAccount,   ///< the account whose set it would be was deleted
    kStore,       ///< `store` says what failed
  };
  Kind kind;
  store::Error store{};
};

template <class T>
using Step = std::expected<T, StepError>;

inline std::unexpected<StepError> fail(StepError::Kind kind) {
  return std::unexpected(StepError{kind});
}

inline std::unexpected<StepError> fail(const store::Error& error) {
  return std::unexpected(StepError{StepError::Kind::kStore, error});
}

}  // namespace tideway::dataset
