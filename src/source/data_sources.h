// The data sources of all users. Each function is one atomic, durable step.
//
// Keys, in the partition of a user:  D <id>              the source
//          in the directory:         source/<id>         its user
//                                    psession/<session>  the source that is connected with it
//
// Entries of the directory are made before what they point to, and what they point to decides: one
// that a crash left behind does no harm.
#pragma once

#include <expected>
#include <mutex>
#include <optional>
#include <string_view>
#include <vector>

#include "source/changes.h"
#include "source/data_source.h"
#include "store/store.h"

namespace tideway::source {

struct StepError {
  enum class Kind {
    kNotFound,
    kWrongRevision,
    kConnected,    ///< the user has a connected source of that provider already
    kSessionUsed,  ///< the session belongs to another source
    kTooMany,      ///< the user has kSourcesMax
    kStore,        ///< `store` says what failed
  };
  Kind kind;
  store::Error store{};
};

template <class T>
using Step = std::expected<T, StepError>;

/// A user has no more.
inline constexpr size_t kSourcesMax = 1000;

/// Which of a user's sources. An empty condition holds for all.
struct Filter {
  std::string provider_type = {};
  std::string provider_name = {};
  std::string provider_external_id = {};
  std::optional<DataSource::State> state = {};

  bool matches(const DataSource& source) const;
};

/// All data sources of the user whose partition is read.
store::Result<std::vector<DataSource>> read_sources(const store::Reader& reader);

/// Safe to call from any thread. The store must outlive it.
class DataSources {
 public:
  explicit DataSources(store::Store& store) : store_(store) {}

  /// Gives the source an id and stores it.
  Step<DataSource> create(DataSource source, int64_t now_ms);

  Step<DataSource> find(std::string_view id);
  Step<DataSource> find_by_session(std::string_view provider_session_id);

  /// Newest first.
  Step<std::vector<DataSource>> list(std::string_view user_id, const Filter& filter);

  /// With a revision, only if it is the source's.
  Step<DataSource> update(std::string_view id, std::optional<uint64_t> revision,
                          const Changes& changes, int64_t now_ms);
  Step<void> remove(std::string_view id, std::optional<uint64_t> revision);
  Step<void> remove_all(std::string_view user_id);

 private:
  Step<std::string> entry(const std::string& key);
  Step<void> enter(const std::string& key, std::string_view value);
  Step<void> claim_session(const DataSource& source, const std::string& session_id);
  void release(const std::vector<std::string>& keys);

  store::Store& store_;
  std::mutex sessions_;  ///< held from looking for a session's source until another has it
};

}  // namespace tideway::source
