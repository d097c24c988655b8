#include "query/record_test.h"

#include <algorithm>
#include <charconv>

#include "dataset/record_flags.h"
#include "json/member.h"

namespace tideway::query {
namespace {

/// The members between those that the server adds; see store::BlockRecord.
std::string_view segment(const store::RecordText& record, size_t at) {
  size_t begin = 0;
  for (size_t i = 0; i < at; ++i) begin += record.segment_sizes[i];
  return record.text.substr(begin, record.segment_sizes[at]);
}

constexpr size_t kBetweenIdAndRevision = 1;
constexpr size_t kBetweenRevisionAndUploadId = 2;

}  // namespace

RecordTest::RecordTest(const Catalogue& catalogue, const CatalogueBlock& entry)
    : filter_(catalogue.filter()),
      rules_(catalogue.rules()),
      entry_(entry),
      set_(catalogue.set_of(entry)),
      type_(catalogue.types()[entry.type]),
      is_hidden_in_cloud_spans_(type_ == "cbg" && !rules_.cloud_spans.empty() &&
                                !rules_.is_cloud(catalogue.set_of(entry).upload_id)),
      reads_interval_(type_ == "cbg" && filter_.sample_interval_min_ms > 0),
      reads_reason_(type_ == "dosingDecision" && !filter_.dosing_decision_reasons.empty()) {}

bool RecordTest::passes_columns(const store::Block& block, uint32_t slot) const {
  const int64_t time_ms = block.time_ms(slot);
  if (!entry_.span.contains(time_ms) || block.type(slot) != type_) return false;
  if (!filter_.device_id.empty() && block.device_id(slot) != filter_.device_id) return false;
  if (!filter_.sub_types.empty() &&
      std::ranges::count(filter_.sub_types, block.sub_type(slot)) == 0) {
    return false;
  }
  if (rules_.hides_carelink && (block.flags(slot) & dataset::kFlagCarelink) != 0) return false;
  return !is_hidden_in_cloud_spans_ ||
         std::ranges::none_of(rules_.cloud_spans,
                              [&](const TimeRange& span) { return span.contains(time_ms); });
}

bool RecordTest::is_new(const store::Block& block, const dataset::Mask& mask, uint32_t slot) const {
  if (!filter_.modified_since_ms || set_.is_new) return true;
  const int64_t since_ms = *filter_.modified_since_ms;
  // A record of a continuous set counts from its addition on; any may have come back.
  return (!set_.is_normal && block.added_ms(slot) >= since_ms) || mask.changed_ms(slot) >= since_ms;
}

bool RecordTest::passes_text(const store::RecordText& record) const {
  if (reads_interval_) {
    const auto text =
        json::find_member(segment(record, kBetweenRevisionAndUploadId), "sampleInterval");
    if (!text) return true;
    int64_t interval_ms = 0;
    std::from_chars(text->data(), text->data() + text->size(), interval_ms);
    return interval_ms >= filter_.sample_interval_min_ms;
  }
  if (reads_reason_) {
    const auto text = json::find_member(segment(record, kBetweenIdAndRevision), "reason");
    return text && std::ranges::any_of(filter_.dosing_decision_reasons, [&](const auto& reason) {
             return json::is_string(*text, reason);
           });
  }
  return true;
}

}  // namespace tideway::query
