// The two forms in which clients see a data set.
#include <fmt/format.h>

#include <algorithm>

#include "base/number.h"
#include "base/text.h"
#include "base/time.h"
#include "dataset/data_set.h"

namespace tideway::dataset {
namespace {

/// Gathers members and writes them in byte order of their names.
class Members {
 public:
  explicit Members(const std::vector<Member>& sent) : members_(sent) {}

  void raw(std::string_view name, std::string json) {
    members_.push_back({std::string(name), std::move(json)});
  }
  void text(std::string_view name, std::string_view value) {
    if (value.empty()) return;
    std::string json;
    append_json_string(json, value);
    raw(name, std::move(json));
  }
  void time(std::string_view name, int64_t milliseconds) {
    raw(name, '"' + format_utc_milliseconds(milliseconds) + '"');
  }

  std::string object() {
    std::ranges::sort(members_, {}, &Member::name);
    std::string out;
    for (const Member& member : members_) {
      out += out.empty() ? '{' : ',';
      append_json_string(out, member.name);
      out += ':';
      out += member.json;
    }
    return out + '}';
  }

 private:
  std::vector<Member> members_;
};

std::string deduplicator_json(Deduplicator deduplicator) {
  const Descriptor& descriptor = describe(deduplicator);
  return fmt::format(R"({{"name":"{}","version":"{}"}})", descriptor.name, descriptor.version);
}

/// What both forms show.
Members common_members(const DataSet& set) {
  Members members(set.members);
  members.text("byUser", set.created_user_id);
  members.text("createdUserId", set.created_user_id);
  members.text("dataSetType", set.type == DataSet::Type::kNormal ? "normal" : "continuous");
  if (set.deleted_ms) members.time("deletedTime", *set.deleted_ms);
  members.text("id", set.id);
  if (set.time_ms) members.time("time", *set.time_ms);
  members.text("type", "upload");
  members.text("uploadId", set.upload_id);
  return members;
}

}  // namespace

std::string DataSet::json() const {
  Members members = common_members(*this);
  members.time("createdTime", created_ms);
  members.raw("deduplicator", deduplicator_json(deduplicator));
  members.time("modifiedTime", modified_ms);
  return members.object();
}

std::string DataSet::fetch_json() const {
  Members members = common_members(*this);
  members.raw("_dataState", "\"open\"");  // a legacy copy that never changes
  members.raw("_deduplicator", deduplicator_json(deduplicator));
  members.text("_state", is_closed() ? "closed" : "open");
  members.raw("revision", std::to_string(revision));
  return members.object();
}

}  // namespace tideway::dataset
