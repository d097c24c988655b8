#include "tests/properties/generate.h"

#include <algorithm>

#include "record/record_types.h"

namespace tideway::properties {
namespace {

using json::Tree;
using record::Dispatch;
using record::Field;
using record::Kind;
using record::Object;
using record::Rule;
using record::RuleKind;

/// Deeper than this, what may be absent is.
constexpr size_t kDepthMax = 5;

const Rule* find_rule(const Field& field, std::initializer_list<RuleKind> kinds) {
  const auto found = std::ranges::find_if(
      field.rules(), [&](const Rule& rule) { return std::ranges::count(kinds, rule.kind) > 0; });
  return found == field.rules().end() ? nullptr : &*found;
}

/// Values of the declared fields.
class Generator {
 public:
  explicit Generator(Tape& tape) : tape_(tape) {}

  Tree object(const Object& object, size_t depth) {
    Tree tree{Tree::Members()};
    for (const Field& field : object.fields()) {
      if (field.kind() == Kind::kConstant) {
        tree.add(std::string(field.name()), Tree::text(field.constant()));
        continue;
      }
      const bool required = find_rule(field, {RuleKind::kRequired}) != nullptr;
      const bool wanted = required || (depth < kDepthMax && tape_.chance(30));
      if (wanted && field.kind() != Kind::kAgain) add(tree, field, depth);
    }
    if (object.check_function() != nullptr) keep_target_alone(tree);
    // One gate may hang on another.
    for (int round = 0; round < 2; ++round) settle(tree, object, depth);
    for (const auto* names : {&object.any_of_names(), &object.one_of_names()}) {
      if (!names->empty() && std::ranges::none_of(*names, [&](auto n) { return tree.find(n); })) {
        add(tree, object.fields()[static_cast<size_t>(object.find(names->front()))], depth);
      }
    }
    return tree;
  }

  Tree choice(const Dispatch& dispatch, size_t depth) {
    const Dispatch::Case& option = tape_.one_of(dispatch.cases);
    return option.object != nullptr ? object(option.object(), depth)
                                    : choice(option.dispatch(), depth);
  }

 private:
  void add(Tree& tree, const Field& field, size_t depth) {
    if (tree.find(field.name()) == nullptr)
      tree.add(std::string(field.name()), value(field, depth));
  }

  static void remove(Tree& tree, std::string_view name) {
    std::erase_if(*tree.members(),
                  [&](const Tree::Member& member) { return member.first == name; });
  }

  /// The one check there is: a target is good by itself, within any units.
  static void keep_target_alone(Tree& tree) {
    for (const char* const name : {"high", "low", "range", "target"}) remove(tree, name);
    tree.add("target", Tree::number(5));
  }

  /// Removes what may not be there beside the rest, and adds what must be.
  void settle(Tree& tree, const Object& object, size_t depth) {
    for (const Field& field : object.fields()) {
      for (const Rule& rule : field.rules()) {
        if (rule.kind <= RuleKind::kCheckedWhen) {
          if (is_open(tree, rule)) continue;
          if (rule.kind != RuleKind::kCheckedWhen) remove(tree, field.name());
          break;
        }
        if (must_be_there(tree, rule)) add(tree, field, depth);
        if (rule.kind == RuleKind::kTogetherWith && tree.find(rule.path.text) == nullptr) {
          remove(tree, field.name());
        }
      }
    }
  }

  static bool any_there(Tree& tree, const Rule& rule) {
    return std::ranges::any_of(rule.names, [&](auto name) { return tree.find(name) != nullptr; });
  }

  static bool is_named(Tree& tree, const Rule& rule) {
    const Tree* const other = tree.find(rule.path.text);
    return other != nullptr &&
           std::ranges::any_of(rule.names, [&](auto name) { return *other == Tree::text(name); });
  }

  static bool is_open(Tree& tree, const Rule& rule) {
    switch (rule.kind) {
      case RuleKind::kOnlyWith:
        return tree.find(rule.path.text) != nullptr;
      case RuleKind::kNotWithAny:
        return !any_there(tree, rule);
      case RuleKind::kForbiddenWhen:
        return !is_named(tree, rule);
      default:
        return is_named(tree, rule);
    }
  }

  static bool must_be_there(Tree& tree, const Rule& rule) {
    switch (rule.kind) {
      case RuleKind::kRequired:
        return true;
      case RuleKind::kRequiredUnlessAny:
        return !any_there(tree, rule);
      case RuleKind::kRequiredWithAny:
        return any_there(tree, rule);
      case RuleKind::kTogetherWith:
        return tree.find(rule.path.text) != nullptr;
      case RuleKind::kRequiredWhenZero: {
        const Tree* const other = tree.find(rule.path.text);
        return other != nullptr && *other == Tree::number(0);
      }
      default:
        return false;
    }
  }

  Tree value(const Field& field, size_t depth) {
    switch (field.kind()) {
      case Kind::kInteger:
      case Kind::kNumber:
        return number(field);
      case Kind::kBoolean:
        return Tree::literal(tape_.chance(50) ? "true" : "false");
      case Kind::kInstant:
        return Tree::text(instant());
      case Kind::kLocalTime:
        return Tree::text("2024-03-12T13:05:0" + std::to_string(tape_.below(10)));
      case Kind::kObject:
        return object(field.object(), depth + 1);
      case Kind::kVariant:
      case Kind::kRecord:
        return choice(field.dispatch(), depth + 1);
      case Kind::kObjects:
        return objects(field, depth);
      case Kind::kObjectMap:
      case Kind::kObjectsMap:
        return map(field, depth);
      case Kind::kMetadata:
        return metadata();
      case Kind::kMetadatas:
        return Tree::Items(1 + tape_.below(2), metadata());
      case Kind::kStrings:
        return strings(field);
      default:
        return Tree::text(text(field));
    }
  }

  Tree number(const Field& field) {
    if (const Rule* rule = find_rule(field, {RuleKind::kOneOfNumbers})) {
      return Tree::number(tape_.one_of(rule->numbers));
    }
    if (const Rule* rule = find_rule(field, {RuleKind::kOneOfByUnits})) {
      return Tree::number(tape_.one_of(tape_.one_of(rule->unit_numbers).numbers));
    }
    double low = 0;
    double high = 1000;
    if (const Rule* rule = find_rule(field, {RuleKind::kRange})) {
      low = rule->low;
      high = rule->high;
    } else if (const Rule* by_units = find_rule(field, {RuleKind::kRangeByUnits})) {
      const record::UnitRange& range = tape_.one_of(by_units->ranges);
      low = range.low;
      high = range.high;
    } else if (const Rule* from = find_rule(field, {RuleKind::kRangeFrom})) {
      low = high = from->high;
    } else if (const Rule* up_to = find_rule(field, {RuleKind::kRangeUpTo})) {
      low = high = up_to->low;
    }
    const double share = static_cast<double>(tape_.below(1001)) / 1000;
    double value = low + (high - low) * share;
    if (field.kind() == Kind::kInteger) value = static_cast<double>(static_cast<int64_t>(value));
    return Tree::number(value);
  }

  std::string instant() {
    const std::string zone = tape_.one_of<std::string>({"Z", "+02:00", "-07:00", "Z"});
    const std::string fraction = tape_.one_of<std::string>({"", ".25", ".123456789", ".001"});
    return "202" + std::to_string(tape_.below(10)) + "-06-01T10:0" +
           std::to_string(tape_.below(10)) + ":00" + fraction + zone;
  }

  std::string text(const Field& field) {
    if (const Rule* rule = find_rule(field, {RuleKind::kOneOf, RuleKind::kEqualTo})) {
      return std::string(tape_.one_of(rule->names));
    }
    if (find_rule(field, {RuleKind::kDataId}) != nullptr) {
      return std::string(31, 'a') + static_cast<char>('a' + tape_.below(26));
    }
    if (find_rule(field, {RuleKind::kTransmitterId}) != nullptr) return "8G12AB";
    if (find_rule(field, {RuleKind::kTimeZone}) != nullptr) {
      return tape_.one_of<std::string>({"UTC", "Europe/Berlin", "US/Pacific"});
    }
    if (find_rule(field, {RuleKind::kUrl}) != nullptr) return "https://example.org/a?b#c";
    if (find_rule(field, {RuleKind::kLocalTimeText}) != nullptr) return "2024-03-12T13:05:00";
    if (find_rule(field, {RuleKind::kInstantText}) != nullptr) return instant();
    return words();
  }

  std::string words() {
    return tape_.one_of<std::string>(
        {"a", "Über \"10\"", "line\nfeed", "\xF0\x9F\x92\x89 <&>", "0"});
  }

  Tree strings(const Field& field) {
    Tree::Items items;
    const Rule* const allowed = find_rule(field, {RuleKind::kEachOneOf});
    const size_t count = 1 + tape_.below(3);
    for (size_t i = 0; i < count; ++i) {
      items.push_back(allowed != nullptr
                          ? Tree::text(allowed->names[(i + count) % allowed->names.size()])
                          : Tree::text(words() + std::to_string(count - i)));
    }
    return items;
  }

  Tree objects(const Field& field, size_t depth) {
    Tree::Items items;
    const size_t count = 1 + tape_.below(3);
    for (size_t i = 0; i < count; ++i) {
      Tree item = object(field.object(), depth + 1);
      if (field.has_starts()) {
        remove(item, "start");
        item.add("start", Tree::number(static_cast<double>(i) * 1000));
      }
      items.push_back(std::move(item));
    }
    return items;
  }

  Tree map(const Field& field, size_t depth) {
    Tree tree{Tree::Members()};
    for (const char* const key : {"weekday", "Ferien ~/\"", "a"}) {
      if (tape_.chance(40)) continue;
      tree.add(key, field.kind() == Kind::kObjectMap ? object(field.object(), depth + 1)
                                                     : objects(field, depth + 1));
    }
    return tree;
  }

  Tree metadata() {
    Tree tree{Tree::Members()};
    tree.add("z", Tree::number(0.1));
    if (tape_.chance(40)) tree.add("null", Tree());
    if (tape_.chance(40)) tree.add("list", Tree::Items{Tree::text(words()), Tree()});
    if (tape_.chance(40)) tree.add("a", tree);
    return tree;
  }

  Tape& tape_;
};

/// Every value of a tree, the tree included.
void collect(Tree& tree, std::vector<Tree*>& out) {
  out.push_back(&tree);
  if (auto* const items = tree.items()) {
    for (Tree& item : *items) collect(item, out);
  } else if (auto* const members = tree.members()) {
    for (auto& [name, value] : *members) collect(value, out);
  }
}

Tree other_value(Tape& tape) {
  switch (tape.below(8)) {
    case 0:
      return {};
    case 1:
      return Tree::text("");
    case 2:
      return Tree::text("other");
    case 3:
      return Tree::number(tape.one_of<double>({-1, 0, 0.5, 1, 55, 1000, 1e21, -604'800'001}));
    case 4:
      return Tree::literal("true");
    case 5:
      return Tree::Items();
    case 6:
      return Tree::Members();
    default:
      return Tree::text("2019-02-29T25:00:00Z");
  }
}

}  // namespace

Tree generate_record(Tape& tape) { return Generator(tape).choice(record::record_types(), 0); }

void mutate(Tree& tree, Tape& tape) {
  const size_t count = 1 + tape.below(3);
  for (size_t i = 0; i < count; ++i) {
    std::vector<Tree*> places;
    collect(tree, places);
    Tree& place = *tape.one_of(places);
    auto* const members = place.members();
    auto* const items = place.items();
    if (members != nullptr && !members->empty() && tape.chance(40)) {
      members->erase(members->begin() + static_cast<std::ptrdiff_t>(tape.below(members->size())));
    } else if (items != nullptr && !items->empty() && tape.chance(40)) {
      items->push_back(items->front());
    } else {
      place = other_value(tape);
    }
  }
}

void shuffle(Tree& tree, Tape& tape) {
  std::vector<Tree*> places;
  collect(tree, places);
  for (auto place = places.rbegin(); place != places.rend(); ++place) {
    auto* const members = (*place)->members();
    if (members == nullptr) continue;
    for (size_t left = members->size(); left > 1; --left) {
      std::swap((*members)[left - 1], (*members)[tape.below(left)]);
    }
  }
}

}  // namespace tideway::properties
