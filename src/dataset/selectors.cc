#include "dataset/selectors.h"

#include <array>
#include <optional>

#include "base/ids.h"
#include "base/text.h"
#include "base/time.h"
#include "json/document.h"

namespace tideway::dataset {
namespace {

using json::Element;
using record::Path;
using record::Refusal;
using record::Report;

constexpr size_t kHashLengthMax = 1000;
constexpr size_t kOriginIdLengthMax = 100;

std::optional<Element> member(Element object, std::string_view name) {
  Element found;
  if (object[name].get(found) != simdjson::SUCCESS || found.is_null()) return std::nullopt;
  return found;
}

std::optional<std::string_view> text(Element element, const Path& path, Report& report) {
  std::string_view value;
  if (element.get(value) == simdjson::SUCCESS) return value;
  report.type_is_not(path, "string", element);
  return std::nullopt;
}

void check_length(std::string_view value, size_t length_max, const Path& path, Report& report) {
  const size_t length = code_point_count(value);
  if (length == 0) {
    report.empty_value(path);
  } else if (length > length_max) {
    report.bad_length(path, length, "less than or equal to " + std::to_string(length_max));
  }
}

/// A time is not used for matching, but must be one.
void check_time(Element element, const Path& path, Report& report) {
  const auto value = text(element, path, report);
  if (!value) return;
  const auto time = parse_instant(*value);
  if (!time) {
    report.not_parsable_time(path, *value, kInstantLayout);
  } else if (time->is_zero()) {
    report.empty_value(path);
  }
}

/// Reads one selector after the other into one selection.
class SelectorReader {
 public:
  explicit SelectorReader(Report& report) : report_(report) {}

  void read(Element selector, const Path& path) {
    if (!selector.is_object()) {
      report_.type_is_not(path, "object", selector);
      return;
    }
    const auto id = member(selector, "id");
    const auto hash = nested(selector, path, "deduplicator");
    const auto origin = nested(selector, path, "origin");
    if (id) {
      read_id(*id, Path(path, "id"));
    } else if (hash) {
      read_text(*hash, "hash", Path(path, "deduplicator"), Selection::Key::kHash, kHashLengthMax);
    } else if (origin) {
      read_text(*origin, "id", Path(path, "origin"), Selection::Key::kOriginId, kOriginIdLengthMax);
    } else {
      report_.none_of_one(path, kKeys);
      return;
    }
    if (id && hash) report_.exists(Path(path, "deduplicator"));
    if ((id || hash) && origin) report_.exists(Path(path, "origin"));
    if (const auto time = member(selector, "time")) {
      id ? check_time(*time, Path(path, "time"), report_) : report_.exists(Path(path, "time"));
    }
    const auto origin_time = origin ? member(*origin, "time") : std::nullopt;
    if (origin_time) check_time(*origin_time, Path(Path(path, "origin"), "time"), report_);
  }

  Selection take() { return std::move(selection_); }

 private:
  static constexpr std::array<std::string_view, 3> kKeys = {"id", "deduplicator", "origin"};

  std::optional<Element> nested(Element selector, const Path& path, std::string_view name) {
    const auto found = member(selector, name);
    if (!found || found->is_object()) return found;
    report_.type_is_not(Path(path, name), "object", *found);
    return std::nullopt;
  }

  void read_id(Element element, const Path& path) {
    const auto id = text(element, path, report_);
    if (!id) return;
    if (id->empty()) {
      report_.empty_value(path);
    } else if (!is_data_id(*id)) {
      report_.not_valid(path, *id, "as data id");
    }
    keep(Selection::Key::kId, *id, path);
  }

  void read_text(Element object, std::string_view name, const Path& parent, Selection::Key key,
                 size_t length_max) {
    const Path path(parent, name);
    const auto element = member(object, name);
    if (!element) {
      report_.not_exists(path);
      return;
    }
    const auto value = text(*element, path, report_);
    if (!value) return;
    check_length(*value, length_max, path, report_);
    keep(key, *value, path);
  }

  /// All selectors of a request must have the same key.
  void keep(Selection::Key key, std::string_view value, const Path& path) {
    if (!selection_.values.empty() && selection_.key != key) report_.exists(path);
    selection_.key = key;
    selection_.values.emplace_back(value);
  }

  Report& report_;
  Selection selection_;
};

}  // namespace

std::expected<Selection, Refusal> read_selectors(const std::string& body) {
  json::Parser parser;
  const auto root = parser.parse(body);
  if (!root || !root->is_array()) return std::unexpected(Refusal{Refusal::Kind::kMalformed, {}});
  Report report;
  const Path path;
  SelectorReader reader(report);
  size_t index = 0;
  const simdjson::dom::array selectors = root->get_array().value_unsafe();
  for (const Element selector : selectors) {
    if (index >= record::kBatchRecordsMax) {
      return std::unexpected(Refusal{Refusal::Kind::kTooLarge, {}});
    }
    reader.read(selector, Path(path, index++));
  }
  if (index == 0) report.empty_value(path);
  if (!report.empty()) {
    return std::unexpected(Refusal{Refusal::Kind::kInvalid, std::move(report.errors())});
  }
  return reader.take();
}

}  // namespace tideway::dataset
