#include "source/data_sources.h"

#include <algorithm>
#include <functional>
#include <tuple>

#include "base/ids.h"

namespace tideway::source {
namespace {

using Kind = StepError::Kind;
using store::Outcome;

constexpr std::string_view kPrefix = "D";

std::string key_of(std::string_view id) { return std::string(kPrefix).append(id); }
std::string id_entry(std::string_view id) { return std::string("source/").append(id); }
std::string session_entry(std::string_view id) { return std::string("psession/").append(id); }

std::unexpected<StepError> fail(Kind kind) { return std::unexpected(StepError{kind}); }
std::unexpected<StepError> fail(const store::Error& error) {
  return std::unexpected(StepError{Kind::kStore, error});
}

}  // namespace

store::Result<std::vector<DataSource>> read_sources(const store::Reader& reader) {
  std::vector<DataSource> sources;
  store::Result<void> failure;
  const auto scanned = store::scan_prefix(reader, kPrefix, [&](auto, auto value) {
    auto source = DataSource::decode(value);
    if (source) {
      sources.push_back(std::move(*source));
    } else {
      failure = std::unexpected(source.error());
    }
    return failure.has_value();
  });
  if (!scanned) return std::unexpected(scanned.error());
  if (!failure) return std::unexpected(failure.error());
  return sources;
}

namespace {

bool is_in_use(const DataSource& source) {
  return source.state != DataSource::State::kDisconnected;
}

/// At most one source of a provider is in use.
bool has_rival(const std::vector<DataSource>& sources, const DataSource& source) {
  return is_in_use(source) && std::ranges::any_of(sources, [&](const DataSource& other) {
           return other.id != source.id && is_in_use(other) &&
                  other.provider_type == source.provider_type &&
                  other.provider_name == source.provider_name;
         });
}

}  // namespace

bool Filter::matches(const DataSource& source) const {
  return (provider_type.empty() || provider_type == source.provider_type) &&
         (provider_name.empty() || provider_name == source.provider_name) &&
         (provider_external_id.empty() || provider_external_id == source.provider_external_id) &&
         (!state || *state == source.state);
}

Step<std::string> DataSources::entry(const std::string& key) {
  const auto directory = store_.read(store::kDirectoryPartition);
  if (!directory) return fail(directory.error());
  auto value = (*directory)->get(key);
  if (!value) return fail(value.error());
  if (!*value) return fail(Kind::kNotFound);
  return std::move(**value);
}

Step<void> DataSources::enter(const std::string& key, std::string_view value) {
  const auto entered =
      store_.update(store::kDirectoryPartition, [&](store::Transaction& directory) {
        directory.put(key, value);
        return Outcome::kCommit;
      });
  if (!entered) return fail(entered.error());
  return {};
}

/// An entry that stays because of a failure points to nothing, which does no harm.
void DataSources::release(const std::vector<std::string>& keys) {
  static_cast<void>(store_.update(store::kDirectoryPartition, [&](store::Transaction& directory) {
    for (const std::string& key : keys) directory.erase(key);
    return Outcome::kCommit;
  }));
}

Step<DataSource> DataSources::create(DataSource source, int64_t now_ms) {
  source.id = random_id();
  source.created_ms = now_ms;
  const auto entered = enter(id_entry(source.id), source.user_id);
  if (!entered) return std::unexpected(entered.error());
  bool too_many = false;
  const auto stored =
      store_.update(source.user_id, [&](store::Transaction& transaction) -> store::Result<Outcome> {
        const auto sources = read_sources(transaction);
        if (!sources) return std::unexpected(sources.error());
        too_many = sources->size() >= kSourcesMax;
        if (too_many) return Outcome::kAbandon;
        transaction.put(key_of(source.id), source.encode());
        return Outcome::kCommit;
      });
  if (!stored) return fail(stored.error());
  if (too_many) {
    release({id_entry(source.id)});
    return fail(Kind::kTooMany);
  }
  return source;
}

Step<DataSource> DataSources::find(std::string_view id) {
  const auto user_id = entry(id_entry(id));
  if (!user_id) return std::unexpected(user_id.error());
  const auto reader = store_.read(*user_id);
  if (!reader) return fail(reader.error());
  const auto bytes = (*reader)->get(key_of(id));
  if (!bytes) return fail(bytes.error());
  if (!*bytes) return fail(Kind::kNotFound);
  auto source = DataSource::decode(**bytes);
  if (!source) return fail(source.error());
  return std::move(*source);
}

Step<DataSource> DataSources::find_by_session(std::string_view provider_session_id) {
  const auto id = entry(session_entry(provider_session_id));
  if (!id) return std::unexpected(id.error());
  auto source = find(*id);
  if (source && source->provider_session_id != provider_session_id) return fail(Kind::kNotFound);
  return source;
}

Step<std::vector<DataSource>> DataSources::list(std::string_view user_id, const Filter& filter) {
  const auto reader = store_.read(user_id);
  if (!reader) return fail(reader.error());
  auto sources = read_sources(**reader);
  if (!sources) return fail(sources.error());
  std::erase_if(*sources, [&](const DataSource& source) { return !filter.matches(source); });
  std::ranges::sort(*sources, std::greater(), [](const DataSource& source) {
    return std::tuple(source.created_ms, std::string_view(source.id));
  });
  return std::move(*sources);
}

/// A session belongs to one source. The caller holds `sessions_`.
Step<void> DataSources::claim_session(const DataSource& source, const std::string& session_id) {
  const auto holder = find_by_session(session_id);
  if (holder && holder->id != source.id) return fail(Kind::kSessionUsed);
  if (!holder && holder.error().kind != Kind::kNotFound) return std::unexpected(holder.error());
  return enter(session_entry(session_id), source.id);
}

Step<DataSource> DataSources::update(std::string_view id, std::optional<uint64_t> revision,
                                     const Changes& changes, int64_t now_ms) {
  const auto found = find(id);
  if (!found) return found;
  std::unique_lock sessions(sessions_, std::defer_lock);
  if (changes.provider_session_id) {
    sessions.lock();
    const auto claimed = claim_session(*found, *changes.provider_session_id);
    if (!claimed) return std::unexpected(claimed.error());
  }
  Step<DataSource> result = fail(Kind::kNotFound);
  const auto updated =
      store_.update(found->user_id, [&](store::Transaction& transaction) -> store::Result<Outcome> {
        auto sources = read_sources(transaction);
        if (!sources) return std::unexpected(sources.error());
        const auto source = std::ranges::find(*sources, id, &DataSource::id);
        if (source == sources->end()) return Outcome::kAbandon;
        if (revision && *revision != source->revision) {
          result = fail(Kind::kWrongRevision);
          return Outcome::kAbandon;
        }
        if (changes == Changes()) {
          result = *source;
          return Outcome::kAbandon;
        }
        apply(changes, *source);
        if (has_rival(*sources, *source)) {
          result = fail(Kind::kConnected);
          return Outcome::kAbandon;
        }
        source->modified_ms = now_ms;
        ++source->revision;
        transaction.put(key_of(id), source->encode());
        result = *source;
        return Outcome::kCommit;
      });
  if (!updated) return fail(updated.error());
  return result;
}

Step<void> DataSources::remove(std::string_view id, std::optional<uint64_t> revision) {
  const auto found = find(id);
  if (!found) return std::unexpected(found.error());
  Step<void> result = fail(Kind::kNotFound);
  const auto updated =
      store_.update(found->user_id, [&](store::Transaction& transaction) -> store::Result<Outcome> {
        const auto bytes = transaction.get(key_of(id));
        if (!bytes) return std::unexpected(bytes.error());
        if (!*bytes) return Outcome::kAbandon;
        const auto source = DataSource::decode(**bytes);
        if (!source) return std::unexpected(source.error());
        if (revision && *revision != source->revision) {
          result = fail(Kind::kWrongRevision);
          return Outcome::kAbandon;
        }
        transaction.erase(key_of(id));
        result = Step<void>();
        return Outcome::kCommit;
      });
  if (!updated) return fail(updated.error());
  if (result) release({id_entry(id), session_entry(found->provider_session_id)});
  return result;
}

Step<void> DataSources::remove_all(std::string_view user_id) {
  std::vector<std::string> entries;
  const auto updated =
      store_.update(user_id, [&](store::Transaction& transaction) -> store::Result<Outcome> {
        entries.clear();
        const auto sources = read_sources(transaction);
        if (!sources) return std::unexpected(sources.error());
        for (const DataSource& source : *sources) {
          transaction.erase(key_of(source.id));
          entries.push_back(id_entry(source.id));
          if (!source.provider_session_id.empty()) {
            entries.push_back(session_entry(source.provider_session_id));
          }
        }
        return sources->empty() ? Outcome::kAbandon : Outcome::kCommit;
      });
  if (!updated) return fail(updated.error());
  if (!entries.empty()) release(entries);
  return {};
}

}  // namespace tideway::source
