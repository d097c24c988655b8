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
  Writer(TextBuffer& out, const ObjectValue& record, Extractor* extractor)
      : out_(out), record_(record), extractor_(extractor) {}

  void object(const ObjectValue& object) {
    out_.append('{');
    bool first = true;
    const FieldSet candidates = object.present | object.object->constants();
    for (const WriteStep& step : object.object->write_steps()) {
      if (!contains(candidates, step.field) || is_dropped(object, step)) continue;
      if (!first) out_.append(',');
      first = false;
      member(object, step);
    }
    out_.append('}');
  }

  /// Whether a present value is left out all the same.
  static bool is_dropped(const ObjectValue& object, const WriteStep& step) {
    return step.drops_if_empty && object.fields[step.field].items.empty();
  }

  /// A record inside the record always leaves it; not every kind leaves a link behind.
  bool leaves_no_link(const ObjectValue& object, const WriteStep& step) const {
    if (step.kind != Kind::kRecord) return false;
    const Value& value = object.fields[step.field];
    if (value.shape.object->is_linked()) return false;
    extractor_->extract(value.object());
    return true;
  }

  void member(const ObjectValue& object, const WriteStep& step) {
    out_.append_padded(step.key);
    if (step.kind == Kind::kConstant) return;
    value(object.object->fields()[step.field], object.fields[step.field], object);
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
        out_.append(value.boolean ? "true" : "false");
        return;
      case Kind::kInstant:
      case Kind::kLocalTime:
        out_.append('"');
        if (!append_as_read(out_, value.text)) {
          append_utc_milliseconds(out_, value.time.milliseconds());
        }
        out_.append('"');
        return;
      case Kind::kMetadata:
        return out_.append(value.text);
      case Kind::kRecord:
        return append_json_string(out_, extractor_->extract(value.object()));
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
    out_.append('[');
    for (const Value& item : value.items) {
      if (&item != value.items.data()) out_.append(',');
      if (field.kind() == Kind::kStrings) {
        append_json_string(out_, item.text);
      } else if (field.kind() == Kind::kMetadatas) {
        out_.append(item.text);
      } else {
        object(item.object());
      }
    }
    out_.append(']');
  }

  void sorted_strings(const Value& value) {
    std::vector<std::string_view> texts;
    for (const Value& item : value.items) texts.push_back(item.text);
    std::ranges::sort(texts);
    out_.append('[');
    for (size_t i = 0; i < texts.size(); ++i) {
      if (i > 0) out_.append(',');
      append_json_string(out_, texts[i]);
    }
    out_.append(']');
  }

  void map(const Field& field, const Value& value) {
    out_.append('{');
    for (size_t i = 0; i < value.items.size(); ++i) {
      if (i > 0) out_.append(',');
      append_json_string(out_, value.keys[i]);
      out_.append(':');
      if (field.kind() == Kind::kObjectMap) {
        object(value.items[i].object());
      } else {
        items(field, value.items[i]);
      }
    }
    out_.append('}');
  }

  TextBuffer& out_;
  const ObjectValue& record_;
  Extractor* const extractor_;  ///< null where no record can hold another
};

}  // namespace

std::array<uint32_t, 4> write_record(TextBuffer& out, const ObjectValue& record,
                                     Extractor& extractor) {
  Writer writer(out, record, &extractor);
  const Object& declared = *record.object;
  std::array<uint32_t, 4> sizes{};
  size_t segment = 0;
  size_t begin = out.size();
  const auto cut = [&] {
    sizes[segment++] = static_cast<uint32_t>(out.size() - begin);
    begin = out.size();
  };
  const size_t last = sizes.size() - 1;
  const FieldSet candidates = (record.present | declared.constants()) & ~only(base_field::kId);
  for (const WriteStep& step : declared.write_steps()) {
    if (!contains(candidates, step.field) || Writer::is_dropped(record, step)) continue;
    while (segment < step.segment) cut();
    if (writer.leaves_no_link(record, step)) continue;
    if (segment == last) out.append(',');
    writer.member(record, step);
    if (segment < last) out.append(',');
  }
  while (segment < sizes.size()) cut();
  return sizes;
}

void write_field(std::string& out, const ObjectValue& object, size_t field) {
  TextBuffer text;
  Writer(text, object, nullptr).value(object, field);
  out += text.view();
}

}  // namespace tideway::record
