// The bodies that make and change a data source.
#pragma once

#include <expected>
#include <string>

#include "record/batch.h"
#include "source/data_source.h"

namespace tideway::source {

/// What is absent stays as it is.
struct Changes {
  std::optional<std::string> provider_session_id;
  std::optional<std::string> provider_external_id;
  std::optional<DataSource::State> state;
  std::optional<std::string> metadata;
  std::optional<std::string> error;
  std::optional<std::string> data_set_id;
  std::optional<int64_t> earliest_data_ms;
  std::optional<int64_t> latest_data_ms;
  std::optional<int64_t> last_import_ms;

  bool operator==(const Changes&) const = default;
};

/// A source without ids and owner.
std::expected<DataSource, record::Refusal> read_new_source(const std::string& body);

std::expected<Changes, record::Refusal> read_changes(const std::string& body, int64_t now_ms);

void apply(const Changes& changes, DataSource& source);

}  // namespace tideway::source
