#include "record/json_schema.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <functional>

#include "record/json_schema_fields.h"
#include "record/json_schema_parts.h"
#include "record/object_names.h"
#include "record/rule_text.h"

namespace tideway::record {
namespace {

using json::Tree;

/// The definitions of one record type.
class TypeSchema {
 public:
  explicit TypeSchema(const Dispatch::Case& type) : type_(type), names_(type) {}

  Tree document() const {
    Tree schema =
        schema_with("$schema", Tree::text("https://json-schema.org/draft/2020-12/schema"));
    schema.add("title", Tree::text(type_.value));
    schema.add(
        "description",
        Tree::text("A null counts as absent, and unknown members are dropped, where nothing "
                   "else is said. Rules that JSON Schema cannot express stand in $comment."));
    schema.add("$comment", Tree::text(fmt::format("Limits: {}.", fmt::join(limit_texts(), "; "))));
    schema.add("type", Tree::text("object"));
    Tree choice = choose(type_);
    for (auto& [keyword, value] : *choice.members()) schema.add(keyword, std::move(value));
    Tree definitions{Tree::Members()};
    for (const NamedObject& named : names_.objects()) {
      definitions.add(named.name, definition(named));
    }
    schema.add("$defs", std::move(definitions));
    return schema;
  }

 private:
  /// RFC 6901, as a fragment.
  Tree reference(const Object& object) const {
    std::string pointer = "#/$defs/";
    for (const char c : names_.name(object)) {
      if (c == '/') {
        pointer += "~1";
      } else {
        pointer += c;
      }
    }
    return schema_with("$ref", Tree::text(pointer));
  }

  Tree choose(const Dispatch::Case& option) const {
    return option.object != nullptr ? reference(option.object()) : choose(option.dispatch());
  }

  Tree choose(const Dispatch& dispatch) const {
    std::vector<std::string_view> values;
    Tree::Items cases;
    for (const Dispatch::Case& option : dispatch.cases) {
      values.push_back(option.value);
      cases.push_back(schema_if(schema_one_of(dispatch.key, {option.value}), choose(option)));
    }
    Tree schema = schema_one_of(dispatch.key, values);
    schema.add("allOf", std::move(cases));
    return schema;
  }

  Tree definition(const NamedObject& named) const {
    const Object& object = *named.object;
    Tree properties{Tree::Members()};
    std::vector<std::string_view> required;
    std::vector<Tree> further;
    for (const Field& field : object.fields()) {
      add_property(properties, object, field);
      if (is_always_required(field)) required.push_back(field.name());
      for (Conditional& rule : conditionals(field)) {
        if (rule.from_record.empty()) further.push_back(rule.inside());
      }
    }
    for (const auto* const names : {&object.any_of_names(), &object.one_of_absent()}) {
      std::vector<Tree> present;
      for (const std::string_view name : *names) present.push_back(schema_present(name));
      if (!present.empty()) further.push_back(schema_any(std::move(present)));
    }
    if (named.is_record) {
      for (Tree& rule : record_rules(object)) further.push_back(std::move(rule));
    }

    Tree schema{Tree::Members()};
    const auto texts = object_texts(object, named.is_record);
    if (!texts.empty()) {
      schema.add("description", Tree::text(fmt::format("{}", fmt::join(texts, "; "))));
    }
    if (!object.check_description().empty()) {
      schema.add("$comment",
                 Tree::text(fmt::format("Not expressed: {}", object.check_description())));
    }
    schema.add("properties", std::move(properties));
    if (!required.empty()) schema.add("required", strings_tree(required));
    if (!further.empty()) schema.add("allOf", std::move(further));
    if (object.is_strict()) schema.add("additionalProperties", Tree::literal("false"));
    return schema;
  }

  /// What a property holds by its kind, then by its rules.
  void add_property(Tree& properties, const Object& object, const Field& field) const {
    if (field.kind() == Kind::kAgain) {
      const Field& first = object.fields()[static_cast<size_t>(object.find(field.name()))];
      add_value_rules(*properties.find(field.name()), field, first);
      return;
    }
    Tree schema = property_frame(field);
    switch (field.kind()) {
      case Kind::kObject:
        add_keywords(schema, *reference(field.object()).members());
        break;
      case Kind::kVariant:
      case Kind::kRecord:
        add_keywords(schema, *choose(field.dispatch()).members());
        break;
      case Kind::kObjects:
        add_keywords(schema, *items(field).members());
        break;
      case Kind::kObjectMap:
        schema.add("additionalProperties", nested(field));
        break;
      case Kind::kObjectsMap: {
        Tree list = items(field);
        list.members()->emplace(list.members()->begin(), "type", Tree::text("array"));
        schema.add("additionalProperties", std::move(list));
        break;
      }
      default:
        break;
    }
    add_value_rules(schema, field, field);
    properties.add(std::string(field.name()), std::move(schema));
  }

  /// An object that may not be null.
  Tree nested(const Field& field) const {
    Tree schema = schema_with("type", Tree::text("object"));
    add_keywords(schema, *reference(field.object()).members());
    return schema;
  }

  Tree items(const Field& field) const {
    Tree schema = schema_with("items", nested(field));
    if (field.has_starts()) add_keywords(schema, starts_keywords());
    return schema;
  }

  // Rules that look at the record from the objects inside it: if the record has such units, then
  // there, and there, values have such a range.

  using Wrap = std::function<Tree(Tree)>;
  struct Branch {
    Tree condition;
    std::vector<Tree> then;
  };

  std::vector<Tree> record_rules(const Object& record) const {
    std::vector<Branch> branches;
    std::vector<const Object*> around;
    collect(record, [](Tree schema) { return schema; }, around, branches);
    std::vector<Tree> rules;
    for (Branch& branch : branches) {
      rules.push_back(schema_if(std::move(branch.condition), schema_all(std::move(branch.then))));
    }
    return rules;
  }

  void collect(const Object& object, const Wrap& at, std::vector<const Object*>& around,
               std::vector<Branch>& branches) const {
    if (std::ranges::find(around, &object) != around.end()) return;  // one that holds itself
    around.push_back(&object);
    for (const Field& field : object.fields()) {
      for (Conditional& rule : conditionals(field)) {
        if (rule.from_record.empty()) continue;
        Tree condition = schema_all(rule.from_record);
        auto branch = std::ranges::find(branches, condition, &Branch::condition);
        if (branch == branches.end()) branch = branches.insert(branch, {std::move(condition), {}});
        branch->then.push_back(at(rule.inside()));
      }
      descend(field, at, around, branches);
    }
    around.pop_back();
  }

  void descend(const Field& field, const Wrap& at, std::vector<const Object*>& around,
               std::vector<Branch>& branches) const {
    const auto below = [&](std::vector<std::string> keywords) -> Wrap {
      return [&at, &field, keywords = std::move(keywords)](Tree schema) {
        for (const std::string& keyword : keywords)
          schema = schema_with(keyword, std::move(schema));
        return at(
            schema_with("properties", schema_with(std::string(field.name()), std::move(schema))));
      };
    };
    switch (field.kind()) {
      case Kind::kObject:
        return collect(field.object(), below({}), around, branches);
      case Kind::kObjects:
        return collect(field.object(), below({"items"}), around, branches);
      case Kind::kObjectMap:
        return collect(field.object(), below({"additionalProperties"}), around, branches);
      case Kind::kObjectsMap:
        return collect(field.object(), below({"items", "additionalProperties"}), around, branches);
      case Kind::kVariant:
        return collect_cases(field.dispatch(), below({}), around, branches);
      default:
        return;
    }
  }

  void collect_cases(const Dispatch& dispatch, const Wrap& at, std::vector<const Object*>& around,
                     std::vector<Branch>& branches) const {
    for (const Dispatch::Case& option : dispatch.cases) {
      const Wrap inner = [&](Tree schema) {
        return at(schema_if(schema_one_of(dispatch.key, {option.value}), std::move(schema)));
      };
      if (option.object != nullptr) {
        collect(option.object(), inner, around, branches);
      } else {
        collect_cases(option.dispatch(), inner, around, branches);
      }
    }
  }

  const Dispatch::Case& type_;
  ObjectNames names_;
};

}  // namespace

Tree json_schema(const Dispatch::Case& type) { return TypeSchema(type).document(); }

}  // namespace tideway::record
