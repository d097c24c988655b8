#include "record/write.h"

#include <algorithm>
#include <cstring>
#include <vector>

#include "base/number.h"
#include "base/put.h"
#include "base/short_text.h"
#include "base/text.h"
#include "record/normalise.h"
#include "record/schema/base.h"

namespace tideway::record {
namespace {

/// Writes inside one record.
class Writer {
 public:
  Writer(TextBuffer& out, const ObjectValue& record, Extractor* extractor)
      : out_(out), root_(record), extractor_(extractor) {}

  void object(const ObjectValue& object) {
    out_.append('{');
    Comma comma = Comma::kNone;
    const FieldSet candidates = object.present | object.object->constants();
    for (const WriteStep& step : object.object->write_steps()) {
      if (!contains(candidates, step.field) || is_dropped(object, step)) continue;
      member(object, step, comma);
      comma = Comma::kBefore;
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

  enum class Comma { kNone, kBefore, kBehind };

  /// A member, nearly always written in one go.
  void member(const ObjectValue& object, const WriteStep& step, Comma comma) {
    const Value& value = object.fields[step.field];
    const std::string_view text = text_of(object, step, value);
    char* at = out_.room(step.key.size() + kScalarBytesMax + text.size());
    if (comma == Comma::kBefore) *at++ = ',';
    at = put_key(at, step.key);
    const auto begin = static_cast<size_t>(at - out_.view().data());
    char* end = put_scalar(at, object, step, text);
    if (end == nullptr) {
      out_.commit(at);
      this->value(object.object->fields()[step.field], value, object);
      end = out_.room(1);
    }
    if (step.is_in_identity && step.kind == Kind::kNumber) {
      identity_number_ = {begin, static_cast<size_t>(end - out_.view().data()) - begin, step.field};
    }
    if (comma == Comma::kBehind) *end++ = ',';
    out_.commit(end);
  }

  /// Tells where the last number of the identity went, unless that has an exponent.
  void set_identity_number(Written& written) const {
    const auto number = out_.view().substr(identity_number_.begin, identity_number_.size);
    if (number.contains('e')) return;
    written.identity_number = number;
    written.identity_field = identity_number_.field;
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
  /// What a value that is no text takes at most, and what a key is copied with, see put_key().
  static constexpr size_t kScalarBytesMax = kPutTimeBytesMax + TextBuffer::kPaddingBytes;

  static char* put(char* at, std::string_view text) {
    copy_short(at, text);
    return at + text.size();
  }

  /// See TextBuffer::append_padded.
  static char* put_key(char* at, std::string_view key) {
    if (key.size() > TextBuffer::kPaddingBytes) return put(at, key);
    std::memcpy(at, key.data(), TextBuffer::kPaddingBytes);
    return at + key.size();
  }

  static std::string_view text_of(const Field& field, const Value& value) {
    return field.transform() == Transform::kNone ? value.text : normal_text(field, value);
  }

  /// The text that makes up a value, empty for those that are none.
  static std::string_view text_of(const ObjectValue& object, const WriteStep& step,
                                  const Value& value) {
    if (step.kind == Kind::kString) return text_of(object.object->fields()[step.field], value);
    return step.kind == Kind::kMetadata ? value.text : std::string_view();
  }

  /// Returns the place behind, or null for a value that needs more than that. The kind is that of
  /// the step, which is at hand, whereas the field is far away.
  char* put_scalar(char* at, const ObjectValue& object, const WriteStep& step,
                   std::string_view text) const {
    const Value& value = object.fields[step.field];
    switch (step.kind) {
      case Kind::kConstant:  // a part of the key
        return at;
      case Kind::kString:
        return put_json_string(at, text);
      case Kind::kInteger:
        return put_integer(at, to_int64(value.number));
      case Kind::kNumber:
        return put_json_number(at, number(object.object->fields()[step.field], value, object));
      case Kind::kBoolean:
        return put(at, value.boolean ? "true" : "false");
      case Kind::kMetadata:
        return put(at, text);
      case Kind::kInstant:
      case Kind::kLocalTime: {
        *at = '"';
        char* const end = put_as_read(at + 1, value.text);
        return end == nullptr ? nullptr : put(end, "\"");
      }
      default:
        return nullptr;
    }
  }

  void value(const Field& field, const Value& value, const ObjectValue& owner) {
    switch (field.kind()) {
      case Kind::kString:
        return append_json_string(out_, text_of(field, value));
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
    return normal_number(field, value, CheckContext{owner, root_, Path(), unused});
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

  struct Number {
    size_t begin = 0;  ///< in out_
    size_t size = 0;
    size_t field = 0;
  };

  TextBuffer& out_;
  const Root root_;
  Extractor* const extractor_;  ///< null where no record can hold another
  Number identity_number_;
};

}  // namespace

Written write_record(TextBuffer& out, const ObjectValue& record, Extractor& extractor) {
  Writer writer(out, record, &extractor);
  const Object& declared = *record.object;
  Written written;
  std::array<uint32_t, 4>& sizes = written.segment_sizes;
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
    writer.member(record, step, segment < last ? Writer::Comma::kBehind : Writer::Comma::kBefore);
  }
  while (segment < sizes.size()) cut();
  writer.set_identity_number(written);
  return written;
}

void write_field(std::string& out, const ObjectValue& object, size_t field) {
  TextBuffer text;
  Writer(text, object, nullptr).value(object, field);
  out += text.view();
}

}  // namespace tideway::record
