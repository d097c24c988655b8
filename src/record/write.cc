#include "record/write.h"

#include <algorithm>
#include <vector>

#include "base/number.h"
#include "base/text.h"
#include "record/normalise.h"
#include "record/schema/base.h"

namespace tideway::record {
namespace {

/// Writes inside one record.
class Writer {
 public:
  Writer(std::string& out, const ObjectValue& record, const Extract& extract)
      : out_(out), record_(record), extract_(extract) {}

  void object(const ObjectValue& object) {
    out_ += '{';
    for (const uint16_t field : object.object->write_order()) {
      if (!is_written(object, field)) continue;
      if (out_.back() != '{') out_ += ',';
      member(object, field);
    }
    out_ += '}';
  }

  bool is_written(const ObjectValue& object, size_t at) const {
    const Field& field = object.object->fields()[at];
    if (field.kind() == Kind::kConstant) return true;
    const Value& value = object.fields[at];
    if (!value.present) return false;
    if (field.transform() == Transform::kDropIfEmpty && value.items.empty()) return false;
    return true;
  }

  /// A record inside the record always leaves it; not every kind leaves a link behind.
  bool leaves_no_link(const ObjectValue& object, size_t at) const {
    const Field& field = object.object->fields()[at];
    if (field.kind() != Kind::kRecord || object.fields[at].schema->is_linked()) return false;
    extract_(object.fields[at].object());
    return true;
  }

  void member(const ObjectValue& object, size_t at) {
    out_ += object.object->written_key(at);
    const Field& field = object.object->fields()[at];
    if (field.kind() != Kind::kConstant) value(field, object.fields[at], object);
  }

  void value(const ObjectValue& object, size_t at) {
    const Field& field = object.object->fields()[at];
    if (field.kind() == Kind::kConstant) {
      append_json_string(out_, field.constant());
    } else {
      value(field, object.fields[at], object);
    }
  }

 private:
  void value(const Field& field, const Value& value, const ObjectValue& owner) {
    switch (field.kind()) {
      case Kind::kString:
        return append_json_string(out_, normal_text(field, value));
      case Kind::kInteger:
        return append_integer(out_, to_int64(value.number));
      case Kind::kNumber:
        return append_json_number(out_, number(field, value, owner));
      case Kind::kBoolean:
        out_ += value.boolean ? "true" : "false";
        return;
      case Kind::kInstant:
      case Kind::kLocalTime:
        out_ += '"';
        append_utc_milliseconds(out_, value.time.milliseconds());
        out_ += '"';
        return;
      case Kind::kMetadata:
        out_ += value.text;
        return;
      case Kind::kRecord:
        return append_json_string(out_, extract_(value.object()));
      case Kind::kObjectMap:
      case Kind::kObjectsMap:
        return map(field, value);
      case Kind::kObject:
      case Kind::kVariant:
        return object(value.object());
      default:
        return items(field, value);
    }
  }

  double number(const Field& field, const Value& value, const ObjectValue& owner) const {
    if (field.transform() == Transform::kNone) return value.number;
    Report unused;
    return normal_number(field, value, CheckContext{owner, record_, Path(), unused});
  }

  void items(const Field& field, const Value& value) {
    if (field.transform() == Transform::kSorted) return sorted_strings(value);
    out_ += '[';
    for (const Value& item : value.items) {
      if (&item != value.items.data()) out_ += ',';
      if (field.kind() == Kind::kStrings) {
        append_json_string(out_, item.text);
      } else if (field.kind() == Kind::kMetadatas) {
        out_ += item.text;
      } else {
        object(item.object());
      }
    }
    out_ += ']';
  }

  void sorted_strings(const Value& value) {
    std::vector<std::string_view> texts;
    for (const Value& item : value.items) texts.push_back(item.text);
    std::ranges::sort(texts);
    out_ += '[';
    for (size_t i = 0; i < texts.size(); ++i) {
      if (i > 0) out_ += ',';
      append_json_string(out_, texts[i]);
    }
    out_ += ']';
  }

  void map(const Field& field, const Value& value) {
    out_ += '{';
    for (size_t i = 0; i < value.items.size(); ++i) {
      if (i > 0) out_ += ',';
      append_json_string(out_, value.keys[i]);
      out_ += ':';
      if (field.kind() == Kind::kObjectMap) {
        object(value.items[i].object());
      } else {
        items(field, value.items[i]);
      }
    }
    out_ += '}';
  }

  std::string& out_;
  const ObjectValue& record_;
  const Extract& extract_;
};

}  // namespace

std::array<uint32_t, 4> write_record(std::string& out, const ObjectValue& record,
                                     const Extract& extract) {
  Writer writer(out, record, extract);
  std::array<uint32_t, 4> sizes{};
  size_t segment = 0;
  size_t begin = out.size();
  const auto cut = [&] {
    sizes[segment++] = static_cast<uint32_t>(out.size() - begin);
    begin = out.size();
  };
  const size_t last = sizes.size() - 1;
  for (const uint16_t field : record.object->write_order()) {
    while (segment < record.object->segment(field)) cut();
    if (field == base_field::kId || !writer.is_written(record, field)) continue;
    if (writer.leaves_no_link(record, field)) continue;
    if (segment == last) out += ',';
    writer.member(record, field);
    if (segment < last) out += ',';
  }
  while (segment < sizes.size()) cut();
  return sizes;
}

void write_field(std::string& out, const ObjectValue& object, size_t field) {
  const Extract none = [](const ObjectValue&) { return std::string_view(); };
  Writer(out, object, none).value(object, field);
}

}  // namespace tideway::record
