// Any bytes as a request body, under AddressSanitizer and UBSan: nothing may crash, hang or grow
// without bound, and what comes out must be what the rest of the program relies on.
//
//   make fuzz                      60 seconds, beginning with tests/fuzz/corpus
//   make fuzz FUZZ_SECONDS=3600    longer
//   build/fuzz/tests/fuzz/tideway_record_fuzz FILE    one body again
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <numeric>
#include <string>

#include "json/document.h"
#include "record/batch.h"
#include "record/object_reader.h"
#include "record/preview.h"
#include "record/schema/upload.h"
#include "record/stored_identity.h"

namespace tideway::record {
namespace {

constexpr PreviewOptions kOptions = {.user_id = "1a2b3c4d5e",
                                     .upload_id = "0123456789abcdef0123456789abcdef"};

void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", what);
  std::abort();
}

void require_json(const std::string& text, const char* what) {
  json::Parser parser;
  require(parser.parse(text).has_value(), what);
}

/// The store cuts the text of a record by its segments and puts members between them.
void check_record(const Record& record) {
  const auto& sizes = record.segment_sizes;
  const uint64_t sum = std::accumulate(sizes.begin(), sizes.end(), uint64_t{0});
  require(sum == record.text.size(), "segments add up to the text");
  require(!record.type.empty(), "a record has a type");
  require(record.id.empty() || record.id.size() == 32, "an id has 32 characters");
  require(!record.identity.empty(), "an identity was asked for");
  if (!record.identity_is_in_text) return;
  TextBuffer read;
  static StoredIdentityReader identities;
  identities.append(read, record.type, record.text, sizes);
  require(read.view() == record.identity, "an identity can be read back");
}

void check_errors(const Refusal& refusal) {
  const bool invalid = refusal.kind == Refusal::Kind::kInvalid;
  require(invalid != refusal.errors.empty(), "invalid bodies, and only they, have errors");
  require(refusal.errors.size() <= 2 * kErrorsMax, "errors are limited");
}

void read_records(Reader& reader, const std::string& body) {
  const auto batch = reader.read(body, {.with_identity = true, .requires_device_id = false});
  if (!batch) return check_errors(batch.error());
  for (const Record& record : batch->records) check_record(record);
}

/// The texts that people and clients see are JSON, and a reader that was used before reads the
/// same.
void preview_records(Reader& used, const std::string& body) {
  Reader fresh;
  const Preview first = preview(fresh, body, kOptions);
  const Preview second = preview(used, body, kOptions);
  require(first.status == second.status, "the status is the same again");
  require(first.body == second.body, "the errors are the same again");
  if (first.status != 200) return require_json(first.body, "an error body is JSON");
  require_json(first.records, "records are JSON");
  require_json(first.identity, "identities are JSON");
}

}  // namespace

void fuzz_body(const std::string& body) {
  static Reader reader;
  static ObjectReader object_reader;
  read_records(reader, body);
  preview_records(reader, body);
  for (const Object* const object : {&upload(), &upload_update()}) {
    const auto value = object_reader.read(body, *object);
    if (!value) check_errors(value.error());
  }
}

}  // namespace tideway::record

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  tideway::record::fuzz_body(std::string(reinterpret_cast<const char*>(data), size));
  return 0;
}
