// JSON Schema (draft 2020-12) of a record type, made of its declaration.
//
// The schema refuses no record that the engine accepts. It says what JSON Schema can say: kinds,
// presence, enumerations, lengths, forms, ranges, also those that depend on other fields' units.
// What it cannot say (an order of times, a bound that is another field, named checks) stands in
// $comment, so a record that is valid here may still be refused.
#pragma once

#include "json/tree.h"
#include "record/schema.h"

namespace tideway::record {

/// `type` is one of record_types().
json::Tree json_schema(const Dispatch::Case& type);

}  // namespace tideway::record
