// Stage 1: from JSON to the values of the declared fields; wrong types and unreadable times are
// errors (docs/spec/datatypes-common.md 1.3, 1.4).
#pragma once

#include <optional>

#include "json/document.h"
#include "record/member_orders.h"
#include "record/report.h"
#include "record/schema.h"
#include "record/value.h"

namespace tideway::record {

/// An array or map inside a record with more items than this is refused unread:
/// length-out-of-range. No documented record comes near it.
inline constexpr size_t kArrayItemsMax = 100'000;

/// A string of more bytes than this, also as an item of an array or a key of a map, is refused:
/// length-out-of-range. What has a limit of its own is checked against that, too.
inline constexpr size_t kStringBytesMax = size_t{1} << 20;

struct Parsing {
  Arena& arena;
  MemberOrders& orders;
  Report& report;
};

/// Reads the declared fields of `members`. Faulty fields are reported and stay absent.
ObjectValue parse_object(const Object& object, simdjson::dom::object members, const Path& path,
                         Parsing& parsing);

/// What choose() most likely comes to, found much faster by looking at the first member of each
/// name only; null when there is no telling.
const Object* guess(const Dispatch& dispatch, simdjson::dom::object members);

/// parse_object() with a guess; nothing, and nothing reported, when the guess was wrong.
std::optional<ObjectValue> parse_guessed(const Object& object, simdjson::dom::object members,
                                         const Path& path, Parsing& parsing);

/// Follows the discriminators of `members` to an Object; null after an error was reported.
const Object* choose(const Dispatch& dispatch, simdjson::dom::object members, const Path& path,
                     Report& report);

}  // namespace tideway::record
