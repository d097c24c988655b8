#include "tests/fault/journal.h"

#include <fmt/format.h>

#include <algorithm>

#include "tests/contract/vectors.h"
#include "tests/e2e/records.h"

namespace tideway::fault {

namespace {

bool is_visible(const Upload& upload) {
  return upload.kind == Upload::Kind::kContinuous || upload.closing == Fate::kDone;
}

/// The minutes of `upload` that later sets of its device have taken over.
std::set<int> superseded_minutes(const Upload& upload, const std::vector<Upload>& all) {
  std::set<int> minutes;
  if (upload.kind != Upload::Kind::kHash) return minutes;
  for (const Upload& other : all) {
    const bool is_later = other.kind == Upload::Kind::kHash && other.closing == Fate::kDone &&
                          other.closing_order > upload.closing_order &&
                          other.device_id == upload.device_id;
    if (!is_later) continue;
    for (const Chunk& chunk : other.chunks) {
      for (int i = 0; i < chunk.count; ++i) minutes.insert(chunk.first_minute + i);
    }
  }
  return minutes;
}

using Counts = std::map<std::string, int>;

int count_in(const Counts& counts, const std::string& name) {
  const auto found = counts.find(name);
  return found == counts.end() ? 0 : found->second;
}

/// All of a chunk or nothing of it decides; the check that follows finds anything between.
void settle(Chunk& chunk, const Counts& seen) {
  if (chunk.fate != Fate::kUnknown) return;
  int present = 0;
  for (int i = 0; i < chunk.count; ++i) present += count_in(seen, chunk.record_name(i));
  chunk.fate = present > 0 ? Fate::kDone : Fate::kLost;
}

void check_chunk(const Upload& upload, const Chunk& chunk, const std::set<int>& superseded,
                 const Counts& seen, std::vector<std::string>& problems) {
  for (int i = 0; i < chunk.count; ++i) {
    const bool is_hidden = superseded.contains(chunk.first_minute + i);
    const int expected = chunk.fate == Fate::kDone && !is_hidden ? 1 : 0;
    const int present = count_in(seen, chunk.record_name(i));
    if (present == expected) continue;
    problems.push_back(fmt::format("set {}: record {} is there {} times instead of {}{}", upload.id,
                                   chunk.record_name(i), present, expected,
                                   is_hidden ? ", superseded" : ""));
  }
}

/// The records of a visible set, to the last one.
void check_records(Upload& upload, const std::vector<Upload>& all, const Counts& seen,
                   std::vector<std::string>& problems) {
  const std::set<int> superseded = superseded_minutes(upload, all);
  size_t known = 0;
  for (Chunk& chunk : upload.chunks) {
    settle(chunk, seen);
    check_chunk(upload, chunk, superseded, seen, problems);
    for (int i = 0; i < chunk.count; ++i) known += seen.contains(chunk.record_name(i)) ? 1 : 0;
  }
  if (known != seen.size()) {
    problems.push_back(fmt::format("set {}: {} records that were never sent to it", upload.id,
                                   seen.size() - known));
  }
}

}  // namespace

std::string Chunk::record_name(int index) const { return fmt::format("{}.{}", name, index); }

std::string Chunk::body(std::string_view device_id) const {
  std::vector<std::string> records;
  for (int i = 0; i < count; ++i) {
    records.push_back(e2e::smbg(record_name(i), device_id, first_minute + i));
  }
  return e2e::array_of(records);
}

bool Upload::takes_more() const {
  if (closing == Fate::kDone || closing == Fate::kUnknown) return false;
  return kind != Kind::kHash ||
         std::ranges::all_of(chunks, [](const Chunk& chunk) { return chunk.fate == Fate::kDone; });
}

Seen::Seen(const std::string& fetched) {
  json::Parser parser;
  for (const json::Element item : simdjson::dom::array(contract::parsed(parser, fetched))) {
    const std::string upload_id{std::string_view(item["uploadId"])};
    if (std::string_view(item["type"]) == "upload") {
      uploads.insert(upload_id);
    } else {
      const std::string_view name = item.at_pointer("/payload/name");
      ++records[upload_id][std::string(name)];
    }
  }
}

std::vector<std::string> Journal::check(const Seen& seen) {
  std::vector<std::string> problems;
  // Closings first: what they have superseded decides about the records.
  for (Upload& upload : uploads) {
    const bool is_there = seen.uploads.contains(upload.id);
    if (upload.closing == Fate::kUnknown) upload.closing = is_there ? Fate::kDone : Fate::kLost;
    if (is_there == is_visible(upload)) continue;
    problems.push_back(fmt::format("set {} is {}", upload.id, is_there ? "visible" : "missing"));
  }
  static const Counts kNone;
  for (Upload& upload : uploads) {
    const auto found = seen.records.find(upload.id);
    const Counts& records = found == seen.records.end() ? kNone : found->second;
    if (is_visible(upload)) {
      check_records(upload, uploads, records, problems);
    } else if (!records.empty()) {
      problems.push_back(
          fmt::format("set {}: {} records before it is closed", upload.id, records.size()));
    }
  }
  return problems;
}

size_t Journal::acknowledged_records() const {
  size_t total = 0;
  for (const Upload& upload : uploads) {
    for (const Chunk& chunk : upload.chunks) {
      if (chunk.fate == Fate::kDone) total += static_cast<size_t>(chunk.count);
    }
  }
  return total;
}

}  // namespace tideway::fault
