#include "record/json_schema_parts.h"

#include "record/text_forms.h"

namespace tideway::record {
namespace {

using json::Tree;

/// An object whose member at `path` exists and fits `value`.
Tree having(std::string_view path, const Tree& value) {
  if (path.starts_with('/')) path.remove_prefix(1);
  const size_t slash = path.find('/');
  const std::string_view name = path.substr(0, slash);
  const bool is_last = slash == path.npos;
  Tree schema = schema_with("required", strings_tree({name}));
  schema.add("properties",
             schema_with(std::string(name), is_last ? value : having(path.substr(slash), value)));
  return schema;
}

Tree::Members range(double low, double high) {
  return {{"minimum", Tree::number(low)}, {"maximum", Tree::number(high)}};
}

Tree::Members pattern(std::string_view text) { return {{"pattern", Tree::text(text)}}; }

ValueSchema number_schema(const Rule& rule) {
  switch (rule.kind) {
    case RuleKind::kOneOfNumbers:
      return {{{"enum", numbers_tree(rule.numbers)}}};
    case RuleKind::kRange:
      return {range(rule.low, rule.high)};
    case RuleKind::kMin:
      return {{{"minimum", Tree::number(rule.low)}}};
    case RuleKind::kRangeFrom:
    case RuleKind::kRangeUpTo:
      return {range(rule.low, rule.high), false};
    default:
      return {{{"minimum", Tree::number(rule.low)}}, false};
  }
}

ValueSchema length_schema(const Rule& rule, const Field& field) {
  const bool is_text = field.kind() == Kind::kString;
  const bool is_time = field.kind() == Kind::kInstant || field.kind() == Kind::kLocalTime;
  const std::string min = is_text ? "minLength" : "minItems";
  const std::string max = is_text ? "maxLength" : "maxItems";
  switch (rule.kind) {
    case RuleKind::kNotEmpty:
      if (is_time) return {{}, false};
      return {{{min, Tree::number(1)}}};
    case RuleKind::kLengthMin:
      return {{{min, Tree::number(rule.low)}}};
    case RuleKind::kLengthAbove:
      return {{{min, Tree::number(rule.low + 1)}}};
    default:
      return {{{max, Tree::number(rule.high)}}, rule.kind == RuleKind::kLengthMax};
  }
}

ValueSchema items_schema(const Rule& rule) {
  Tree item = schema_with("type", Tree::text("string"));
  switch (rule.kind) {
    case RuleKind::kUnique:
      return {{{"uniqueItems", Tree::literal("true")}}};
    case RuleKind::kEachOneOf:
      item.add("enum", strings_tree(rule.names));
      break;
    case RuleKind::kEachText:
      item.add("maxLength", Tree::number(rule.high));
      [[fallthrough]];
    default:
      item.add("minLength", Tree::number(1));
  }
  return {{{"items", std::move(item)}}};
}

ValueSchema form_schema(const Rule& rule) {
  switch (rule.kind) {
    case RuleKind::kLocalTimeText:
      return {pattern(kLocalTimePattern)};
    case RuleKind::kInstantText:
      return {pattern(kInstantPattern), false};
    case RuleKind::kDataId:
      return {pattern(kDataIdPattern)};
    case RuleKind::kTransmitterId:
      return {{{"anyOf", Tree::Items{schema_with("maxLength", Tree::number(0)),
                                     Tree(pattern(kTransmitterIdPattern))}}}};
    case RuleKind::kReverseDomain:
      return {pattern(kReverseDomainPattern), false};
    case RuleKind::kUrl: {
      ValueSchema schema{pattern(kUrlPattern), false};
      schema.keywords.emplace_back("maxLength", Tree::number(kUrlBytesMax));
      return schema;
    }
    case RuleKind::kTimeZone:
      return {{{"minLength", Tree::number(1)}}, false};
    default:
      return {{}, false};
  }
}

}  // namespace

Tree schema_with(std::string keyword, Tree value) {
  Tree schema{Tree::Members()};
  schema.add(std::move(keyword), std::move(value));
  return schema;
}

Tree schema_not(Tree schema) { return schema_with("not", std::move(schema)); }

Tree schema_all(std::vector<Tree> schemas) {
  if (schemas.size() == 1) return std::move(schemas.front());
  return schema_with("allOf", std::move(schemas));
}

Tree schema_any(std::vector<Tree> schemas) {
  if (schemas.size() == 1) return std::move(schemas.front());
  return schema_with("anyOf", std::move(schemas));
}

Tree schema_if(Tree condition, Tree then) {
  Tree schema = schema_with("if", std::move(condition));
  schema.add("then", std::move(then));
  return schema;
}

Tree schema_present(std::string_view path) {
  return having(path, schema_not(schema_with("type", Tree::text("null"))));
}

Tree schema_absent(std::string_view path) {
  return schema_with("properties",
                     schema_with(std::string(path), schema_with("type", Tree::text("null"))));
}

Tree schema_one_of(std::string_view path, const std::vector<std::string_view>& values) {
  return having(path, schema_with("enum", strings_tree(values)));
}

Tree schema_zero(std::string_view path) {
  return having(path, schema_with("const", Tree::number(0)));
}

Tree strings_tree(const std::vector<std::string_view>& values) {
  Tree::Items items;
  for (const std::string_view value : values) items.push_back(Tree::text(value));
  return items;
}

Tree numbers_tree(const std::vector<double>& values) {
  Tree::Items items;
  for (const double value : values) items.push_back(Tree::number(value));
  return items;
}

ValueSchema value_schema(const Rule& rule, const Field& field) {
  switch (rule.kind) {
    case RuleKind::kNotEmpty:
    case RuleKind::kLengthMin:
    case RuleKind::kLengthMax:
    case RuleKind::kLengthAbove:
    case RuleKind::kBytesMax:
      return length_schema(rule, field);
    case RuleKind::kEqualTo:
    case RuleKind::kOneOf:
      return {{{"enum", strings_tree(rule.names)}}};
    case RuleKind::kOneOfNumbers:
    case RuleKind::kRange:
    case RuleKind::kMin:
    case RuleKind::kRangeFrom:
    case RuleKind::kRangeUpTo:
    case RuleKind::kMinFrom:
      return number_schema(rule);
    case RuleKind::kEachNotEmpty:
    case RuleKind::kEachText:
    case RuleKind::kEachOneOf:
    case RuleKind::kUnique:
      return items_schema(rule);
    default:
      return form_schema(rule);
  }
}

}  // namespace tideway::record
