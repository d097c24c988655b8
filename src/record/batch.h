// A request body of records, read as a whole: the library's front door.
//
//   Reader reader;
//   auto batch = reader.read(body, {.with_identity = true});
//   if (!batch) … batch.error() says what is wrong, in the spec's form
//   for (const Record& record : batch->records) …
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/ids.h"
#include "base/text_buffer.h"
#include "json/document.h"
#include "record/identity.h"
#include "record/member_orders.h"
#include "record/report.h"
#include "record/schema.h"
#include "record/value.h"
#include "record/write.h"

namespace tideway::record {

/// A body with more records is refused as too large, like one with too many bytes.
inline constexpr size_t kBatchRecordsMax = 200'000;

/// The text of a record, with what is taken out of it, may be this long; longer is an error. No
/// documented record comes near it.
inline constexpr size_t kRecordTextBytesMax = size_t{16} << 20;

/// One checked and normalised record. The views live until the Reader's next call.
struct Record {
  int64_t time_ms = 0;
  std::string_view type;
  std::string_view sub_type;         ///< the member subType, whatever the type; empty when absent
  std::string_view device_id;        ///< empty when absent
  std::string_view id;               ///< 32 characters; empty when the server is to make one
  std::string_view origin_id;        ///< empty when absent
  std::string_view origin_time;      ///< as sent; empty when absent
  bool is_carelink = false;          ///< source is "carelink"
  bool is_medtronic_origin = false;  ///< origin.payload.device.manufacturer is "Medtronic"
  std::string_view identity;         ///< see append_identity; empty unless asked for
  bool identity_is_in_text = false;  ///< see stored_identity.h
  /// The members but id, uploadId, revision and _deduplicator, in byte order of their names; cut
  /// where those go, see store::BlockRecord.
  std::string_view text;
  std::array<uint32_t, 4> segment_sizes{};
};

/// Records in the order of storage: those of the body, then those taken out of others.
struct Batch {
  std::vector<Record> records;
};

struct ReadOptions {
  bool with_identity = false;
  /// A record without a device id is an error, since its identity could not be told.
  bool requires_device_id = false;
};

/// Why a body was refused.
struct Refusal {
  enum class Kind {
    kMalformed,  ///< not JSON, or not an array
    kTooLarge,   ///< more than kBatchRecordsMax elements
    kInvalid,    ///< `errors` says what is wrong with which record
  };
  Kind kind;
  Errors errors;
};

/// Reads bodies one after another, keeping its memory. Not to be shared between threads.
class Reader : private Extractor {
 public:
  /// `body` should have spare capacity, see json::Parser::parse. Either every record of the body is
  /// good or the result is a Refusal.
  std::expected<Batch, Refusal> read(const std::string& body, const ReadOptions& options);

 private:
  /// Records whose text still grows, so that the views of it are made at the end.
  struct Output {
    std::vector<Record> records;
    TextBuffer text;
    TextBuffer identity;

    void clear();
    void make_views();
  };

  std::optional<ObjectValue> parse_record(simdjson::dom::object members, const Path& path,
                                          struct Parsing& parsing);
  void read_element(json::Element element, size_t index);
  void require_device_id(const ObjectValue& record, const Path& path);
  void write(const ObjectValue& record, Output& output);
  std::string_view extract(const ObjectValue& record) override;
  bool has_errors() const { return !parse_report_.empty() || !validate_report_.empty(); }

  json::Parser parser_;
  Arena arena_;
  MemberOrders orders_;
  Report parse_report_;
  Report validate_report_;
  ReadOptions options_;
  Output posted_;
  Output extracted_;
  std::deque<std::string> extracted_ids_;
  RandomIds ids_;
};

}  // namespace tideway::record
