#include "record/describe.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "record/object_names.h"
#include "record/rule_text.h"

namespace tideway::record {
namespace {

constexpr size_t kLineWidth = 100;

/// Appends words, broken into lines that begin at `indent`; the first one is begun already.
void append_wrapped(std::string& out, std::string_view text, size_t indent) {
  size_t column = indent;
  while (!text.empty()) {
    const size_t blank = text.find(' ');
    const std::string_view word = text.substr(0, blank);
    if (column > indent && column + 1 + word.size() > kLineWidth) {
      out += '\n' + std::string(indent, ' ');
      column = indent;
    } else if (column > indent) {
      out += ' ';
      ++column;
    }
    out += word;
    column += word.size();
    text = blank == text.npos ? std::string_view() : text.substr(blank + 1);
  }
  out += '\n';
}

struct Row {
  std::string field;
  std::string kind;
  std::string rules;
};

class Page {
 public:
  explicit Page(const Dispatch::Case& type) : type_(type), names_(type) {}

  std::string text() {
    out_ = fmt::format("Records of type \"{}\"\n", type_.value);
    if (type_.object == nullptr) {
      out_ += "\nThe fields follow from ";
      out_ += choice(type_.dispatch());
      out_ += ".\n";
    }
    for (const NamedObject& named : names_.objects()) append_object(named);
    out_ += "\nLimits\n\n";
    for (const std::string& limit : limit_texts()) out_ += "  " + limit + '\n';
    return std::move(out_);
  }

 private:
  /// `"subType": "square", "normal"`; where another object is meant than the value says, its name.
  std::string choice(const Dispatch& dispatch) const {
    std::string text = quoted(dispatch.key) + ": ";
    for (const Dispatch::Case& option : dispatch.cases) {
      if (&option != dispatch.cases.data()) text += ", ";
      text += quoted(option.value);
      if (option.object != nullptr) {
        const std::string& name = names_.name(option.object());
        if (name != option.value) text += " → " + name;
      } else {
        text += " and " + choice(option.dispatch());
      }
    }
    return text;
  }

  std::string kind(const Field& field) const {
    switch (field.kind()) {
      case Kind::kObject:
      case Kind::kObjects:
      case Kind::kObjectMap:
      case Kind::kObjectsMap:
        return kind_text(field) + " → " + names_.name(field.object());
      default:
        return kind_text(field);
    }
  }

  Row row(const Object& object, const Field& field) const {
    std::vector<std::string> rules;
    const Field& first = field.kind() == Kind::kAgain
                             ? object.fields()[static_cast<size_t>(object.find(field.name()))]
                             : field;
    if (field.kind() == Kind::kConstant) rules.push_back("always " + quoted(field.constant()));
    if (field.kind() == Kind::kVariant || field.kind() == Kind::kRecord) {
      rules.push_back(choice(field.dispatch()));
    }
    for (const Rule& rule : field.rules()) rules.push_back(rule_text(rule, first));
    for (auto* texts : {inherent_texts, storing_texts}) {
      for (std::string& text : texts(field)) rules.push_back(std::move(text));
    }
    std::string text;
    for (const std::string& rule : rules) {
      if (!text.empty()) text += text.ends_with(':') ? " " : "; ";
      text += rule;
    }
    return {std::string(field.name()), field.kind() == Kind::kAgain ? "  then" : kind(field), text};
  }

  void append_object(const NamedObject& named) {
    out_ += '\n' + named.name + "\n\n";
    std::vector<Row> rows;
    for (const Field& field : named.object->fields()) rows.push_back(row(*named.object, field));
    size_t field_width = 0;
    size_t kind_width = 0;
    for (const Row& row : rows) {
      field_width = std::max(field_width, code_point_count(row.field));
      kind_width = std::max(kind_width, code_point_count(row.kind));
    }
    for (const Row& row : rows) {
      out_ += fmt::format("  {:<{}}  {:<{}}  ", row.field, field_width, row.kind, kind_width);
      append_wrapped(out_, row.rules, field_width + kind_width + 6);
      while (out_.ends_with(" \n")) out_.erase(out_.size() - 2, 1);
    }
    for (const std::string& text : object_texts(*named.object, named.is_record)) {
      out_ += "  * ";
      append_wrapped(out_, text, 4);
    }
  }

  const Dispatch::Case& type_;
  ObjectNames names_;
  std::string out_;
};

}  // namespace

std::string describe(const Dispatch::Case& type) { return Page(type).text(); }

}  // namespace tideway::record
