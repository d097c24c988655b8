// A data source: what a user's account is connected to, such as a vendor's cloud, and how the
// import from there goes (docs/spec/datasets.md 20). Services keep it; users look at it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "store/store.h"

namespace tideway::source {

struct DataSource {
  enum class State : uint8_t { kDisconnected = 0, kConnected = 1, kError = 2 };

  std::string id;
  std::string user_id;
  std::string provider_type;
  std::string provider_name;
  std::string provider_session_id;  ///< empty when absent, as the next ones
  std::string provider_external_id;
  State state = State::kDisconnected;
  std::string metadata;  ///< JSON
  std::string error;     ///< JSON
  std::string data_set_id;
  std::optional<int64_t> earliest_data_ms;
  std::optional<int64_t> latest_data_ms;
  std::optional<int64_t> last_import_ms;
  int64_t created_ms = 0;
  std::optional<int64_t> modified_ms;
  uint64_t revision = 0;

  bool operator==(const DataSource&) const = default;

  /// As services see it, and as its user does: without the session, the error cut down to what
  /// says something to people.
  std::string json() const;
  std::string user_json() const;

  std::string encode() const;
  static store::Result<DataSource> decode(std::string_view bytes);
};

std::string_view name_of(DataSource::State state);
std::optional<DataSource::State> find_state(std::string_view name);

}  // namespace tideway::source
