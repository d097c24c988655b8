// JSON as a tree that is made in memory: for texts that are written once, such as schemas, and for
// tests. Bodies of requests are read by document.h instead.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "json/document.h"

namespace tideway::json {

/// A value; members keep their order.
class Tree {
 public:
  using Items = std::vector<Tree>;
  using Member = std::pair<std::string, Tree>;
  using Members = std::vector<Member>;

  Tree() : value_("null") {}
  Tree(Items items) : value_(std::move(items)) {}
  Tree(Members members) : value_(std::move(members)) {}

  /// A literal that is JSON already: a number, true …
  static Tree literal(std::string json);
  static Tree text(std::string_view text);
  static Tree number(double value);
  /// A copy of what was read. Of equal keys the last counts.
  static Tree copy(Element element);

  /// Null unless it is one.
  Items* items() { return std::get_if<Items>(&value_); }
  const Items* items() const { return std::get_if<Items>(&value_); }
  Members* members() { return std::get_if<Members>(&value_); }
  const Members* members() const { return std::get_if<Members>(&value_); }

  /// The member of that name, or null.
  Tree* find(std::string_view name);
  /// Adds a member to an object, behind the others.
  void add(std::string name, Tree value);

  /// On one line.
  std::string compact() const;
  /// On several lines, for people; a line feed at the end.
  std::string pretty() const;

  bool operator==(const Tree&) const = default;

 private:
  void append_compact(std::string& out) const;
  void append_pretty(std::string& out, size_t depth) const;

  std::variant<std::string, Items, Members> value_;
};

}  // namespace tideway::json
