// What the rules of one field say in JSON Schema.
#pragma once

#include <vector>

#include "json/tree.h"
#include "record/schema.h"

namespace tideway::record {

/// Required whatever the other fields are.
bool is_always_required(const Field& field);

/// Adds keywords; those that the schema has already go into an allOf.
void add_keywords(json::Tree& schema, json::Tree::Members keywords);

/// The property of a field by its kind alone, with descriptions of what no keyword says.
json::Tree property_frame(const Field& field);

/// Adds the rules of `field` that hold whatever other fields are. `first` is the field that reads
/// the value: `field` itself, or the earlier one of the same name.
void add_value_rules(json::Tree& property, const Field& field, const Field& first);

/// The items of a schedule.
json::Tree::Members starts_keywords();

/// A rule that depends on other fields: schemas of the record, and of the object that holds the
/// field, that have to hold for `then`, a schema of that object.
struct Conditional {
  std::vector<json::Tree> from_record;
  std::vector<json::Tree> local;
  json::Tree then;

  /// The part about the object alone.
  json::Tree inside() const;
};

std::vector<Conditional> conditionals(const Field& field);

}  // namespace tideway::record
