// Records made from the declarations: most of them good, with few members or many.
#pragma once

#include "json/tree.h"
#include "tests/properties/tape.h"

namespace tideway::properties {

/// A record of any type.
json::Tree generate_record(Tape& tape);

/// Changes one place or a few: removed, null, of another kind, at a limit, doubled.
void mutate(json::Tree& tree, Tape& tape);

/// Puts the members of all objects into another order.
void shuffle(json::Tree& tree, Tape& tape);

}  // namespace tideway::properties
