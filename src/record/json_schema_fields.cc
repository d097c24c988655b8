#include "record/json_schema_fields.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>
#include <string>

#include "record/json_schema_parts.h"
#include "record/rule_text.h"
#include "record/text_forms.h"
#include "record/validate.h"

namespace tideway::record {
namespace {

using json::Tree;

bool is_gate(const Rule& rule) { return rule.kind <= RuleKind::kCheckedWhen; }
bool is_presence(const Rule& rule) {
  return !is_gate(rule) && rule.kind <= RuleKind::kRequiredWhenZero;
}
bool is_by_units(const Rule& rule) {
  return rule.kind == RuleKind::kRangeByUnits || rule.kind == RuleKind::kOneOfByUnits;
}

std::string type_name(Kind kind) {
  switch (kind) {
    case Kind::kInteger:
      return "integer";
    case Kind::kNumber:
      return "number";
    case Kind::kBoolean:
      return "boolean";
    case Kind::kString:
    case Kind::kInstant:
    case Kind::kLocalTime:
      return "string";
    case Kind::kObjects:
    case Kind::kStrings:
    case Kind::kMetadatas:
      return "array";
    default:
      return "object";
  }
}

Tree type_tree(std::string_view type, bool required) {
  if (required) return Tree::text(type);
  return Tree::Items{Tree::text(type), Tree::text("null")};
}

/// An enumeration does not forbid a null where the value may be absent.
Tree::Members or_null(Tree::Members keywords, const Field& field) {
  if (is_always_required(field)) return keywords;
  for (auto& [keyword, value] : keywords) {
    if (keyword == "enum") value.items()->push_back(Tree());
  }
  return keywords;
}

Tree about(const Field& field, Tree::Members keywords) {
  return schema_with("properties", schema_with(std::string(field.name()), std::move(keywords)));
}

Tree any_present(const Rule& rule) {
  std::vector<Tree> present;
  for (const std::string_view name : rule.names) present.push_back(schema_present(name));
  return schema_any(std::move(present));
}

/// Whether a field's gate is open, or, with `closed`, whether it is not.
Tree gate(const Rule& rule, bool closed) {
  const auto negated = [](Tree schema, bool negate) {
    return negate ? schema_not(std::move(schema)) : schema;
  };
  switch (rule.kind) {
    case RuleKind::kOnlyWith:
      return negated(schema_present(rule.path.text), closed);
    case RuleKind::kNotWithAny:
      return negated(any_present(rule), !closed);
    case RuleKind::kForbiddenWhen:
      return negated(schema_one_of(rule.path.text, rule.names), !closed);
    default:
      return negated(schema_one_of(rule.path.text, rule.names), closed);
  }
}

/// When a presence rule asks for the field; nothing when always.
std::optional<Tree> presence(const Rule& rule) {
  switch (rule.kind) {
    case RuleKind::kRequiredUnlessAny:
      return schema_not(any_present(rule));
    case RuleKind::kRequiredWithAny:
      return any_present(rule);
    case RuleKind::kTogetherWith:
      return schema_present(rule.path.text);
    case RuleKind::kRequiredWhenZero:
      return schema_zero(rule.path.text);
    default:
      return std::nullopt;
  }
}

/// Goes through the rules of a field and gathers what depends on other fields.
class Conditionals {
 public:
  explicit Conditionals(const Field& field) : field_(field) {}

  std::vector<Conditional> gather() {
    for (const Rule& rule : field_.rules()) {
      if (is_gate(rule)) {
        add_gate(rule);
      } else if (is_presence(rule)) {
        add_presence(rule);
      } else if (is_by_units(rule)) {
        add_by_units(rule);
      } else if (in_checked_part_) {
        auto keywords = or_null(value_schema(rule, field_).keywords, field_);
        if (!keywords.empty()) add(gates_, about(field_, std::move(keywords)));
      }
    }
    return std::move(found_);
  }

 private:
  static void put(Conditional& rule, std::string_view path, Tree condition) {
    (path.starts_with('/') ? rule.from_record : rule.local).push_back(std::move(condition));
  }

  void add(Conditional rule, Tree then) {
    rule.then = std::move(then);
    found_.push_back(std::move(rule));
  }

  void add_gate(const Rule& rule) {
    if (rule.kind != RuleKind::kCheckedWhen) {
      Conditional forbidden = gates_;
      put(forbidden, rule.path.text, gate(rule, true));
      add(std::move(forbidden), schema_absent(field_.name()));
    }
    put(gates_, rule.path.text, gate(rule, false));
    in_checked_part_ = in_checked_part_ || rule.kind == RuleKind::kCheckedWhen;
  }

  void add_presence(const Rule& rule) {
    if (is_always_required(field_)) return;
    Conditional required = gates_;
    auto condition = presence(rule);
    if (condition) put(required, rule.path.text, std::move(*condition));
    add(std::move(required), schema_present(field_.name()));
    if (rule.kind != RuleKind::kTogetherWith) return;
    Conditional forbidden = gates_;
    put(forbidden, rule.path.text, schema_not(schema_present(rule.path.text)));
    add(std::move(forbidden), schema_absent(field_.name()));
  }

  void add_by_units(const Rule& rule) {
    const auto add_for = [&](std::string_view units, Tree::Members keywords) {
      Conditional by_units = in_checked_part_ ? gates_ : Conditional();
      put(by_units, rule.path.text, schema_one_of(rule.path.text, {units}));
      add(std::move(by_units), about(field_, or_null(std::move(keywords), field_)));
    };
    for (const UnitRange& range : rule.ranges) {
      add_for(range.units,
              {{"minimum", Tree::number(range.low)}, {"maximum", Tree::number(range.high)}});
    }
    for (const UnitNumbers& set : rule.unit_numbers) {
      add_for(set.units, {{"enum", numbers_tree(set.numbers)}});
    }
  }

  const Field& field_;
  Conditional gates_;
  bool in_checked_part_ = false;
  std::vector<Conditional> found_;
};

/// Keywords of the kind itself.
Tree::Members kind_keywords(const Field& field) {
  const auto one = [](const char* keyword, Tree value) {
    return Tree::Members{{keyword, std::move(value)}};
  };
  switch (field.kind()) {
    case Kind::kInstant:
      return one("pattern", Tree::text(kInstantPattern));
    case Kind::kLocalTime:
      return one("pattern", Tree::text(kLocalTimePattern));
    case Kind::kMetadata:
      return one("minProperties", Tree::number(1));
    case Kind::kMetadatas: {
      Tree item = schema_with("type", Tree::text("object"));
      item.add("minProperties", Tree::number(1));
      return one("items", std::move(item));
    }
    case Kind::kStrings:
      // A null in it reads as an empty string; rules about the items know better.
      if (std::ranges::any_of(field.rules(), [](const Rule& rule) {
            return rule.kind >= RuleKind::kEachNotEmpty && rule.kind <= RuleKind::kEachOneOf;
          })) {
        return {};
      }
      return one("items", schema_with("type", type_tree("string", false)));
    default:
      return {};
  }
}

}  // namespace

bool is_always_required(const Field& field) {
  if (field.kind() == Kind::kConstant) return true;
  for (const Rule& rule : field.rules()) {
    if (is_gate(rule)) return false;
    if (rule.kind == RuleKind::kRequired) return true;
  }
  return false;
}

void add_keywords(Tree& schema, Tree::Members keywords) {
  for (auto& [keyword, value] : keywords) {
    if (schema.find(keyword) == nullptr) {
      schema.add(keyword, std::move(value));
      continue;
    }
    if (schema.find("allOf") == nullptr) schema.add("allOf", Tree::Items());
    schema.find("allOf")->items()->push_back(schema_with(keyword, std::move(value)));
  }
}

Tree property_frame(const Field& field) {
  if (field.kind() == Kind::kConstant) return schema_with("const", Tree::text(field.constant()));
  Tree schema = schema_with("type", type_tree(type_name(field.kind()), is_always_required(field)));
  std::vector<std::string> texts = inherent_texts(field);
  for (std::string& text : storing_texts(field)) texts.push_back(std::move(text));
  if (!texts.empty()) {
    schema.add("description", Tree::text(fmt::format("{}", fmt::join(texts, "; "))));
  }
  add_keywords(schema, kind_keywords(field));
  return schema;
}

void add_value_rules(Tree& property, const Field& field, const Field& first) {
  std::vector<std::string> unexpressed;
  bool in_checked_part = false;
  for (const Rule& rule : field.rules()) {
    in_checked_part = in_checked_part || rule.kind == RuleKind::kCheckedWhen;
    if (is_gate(rule) || is_presence(rule) || is_by_units(rule)) continue;
    ValueSchema schema = value_schema(rule, first);
    if (!schema.is_exact) unexpressed.push_back(rule_text(rule, first));
    if (!in_checked_part) add_keywords(property, or_null(std::move(schema.keywords), first));
  }
  if (first.kind() == Kind::kMetadata || first.kind() == Kind::kMetadatas) {
    unexpressed.push_back(fmt::format("at most {} bytes as stored", kMetadataBytesMax));
  }
  if (first.has_starts()) unexpressed.emplace_back("each \"start\" is greater than the one before");
  if (unexpressed.empty()) return;
  property.add("$comment",
               Tree::text(fmt::format("Not expressed: {}", fmt::join(unexpressed, "; "))));
}

Tree::Members starts_keywords() {
  Tree first = schema_with("const", Tree::number(0));
  Tree later = schema_with("type", Tree::text("integer"));
  later.add("minimum", Tree::number(1));
  later.add("maximum", Tree::number(static_cast<double>(kScheduleStartMax)));
  const auto start = [](Tree schema) {
    return schema_with("properties", schema_with("start", std::move(schema)));
  };
  Tree places = schema_with("prefixItems", Tree::Items{start(std::move(first))});
  places.add("items", start(std::move(later)));
  Tree all = schema_with("items", schema_with("required", strings_tree({"start"})));
  return {{"allOf", Tree::Items{std::move(places), std::move(all)}}};
}

Tree Conditional::inside() const {
  return local.empty() ? then : schema_if(schema_all(local), then);
}

std::vector<Conditional> conditionals(const Field& field) { return Conditionals(field).gather(); }

}  // namespace tideway::record
