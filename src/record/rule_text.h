// The rules of a declaration in English, for the pages that are made of declarations.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "record/schema.h"

namespace tideway::record {

/// `"a", "b" or "c"`.
std::string alternatives(std::span<const std::string_view> names);

/// What kind of value a field takes: "string", "array of objects" …
std::string kind_text(const Field& field);

/// One rule, such as `only with "trendRate"`.
std::string rule_text(const Rule& rule, const Field& field);

/// What is done to the value before it is stored, such as "stored in mmol/L"; mostly nothing.
std::vector<std::string> storing_texts(const Field& field);

/// What the kind of the field asks for, beside its rules; mostly nothing.
std::vector<std::string> inherent_texts(const Field& field);

/// The rules of an object as a whole: which fields it needs, its check; of a record its identity.
std::vector<std::string> object_texts(const Object& object, bool is_record);

/// The bounds that hold for every record (docs/architecture.md, Limits).
std::vector<std::string> limit_texts();

}  // namespace tideway::record
