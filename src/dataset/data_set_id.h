// Ids of data sets that tell whose they are: 32 hex digits that look random, but under the store's
// secret key say in which partition to look, so that routes that name only a set need no further
// key per set.
//
// The id is one AES block: magic (3 bytes), the user id's ten hex digits (5 bytes), random (8
// bytes). Ids that clients choose, and sets of users with other ids, are found through the
// directory.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "store/block.h"

namespace tideway::dataset {

/// A new id of a set of `user_id`, or nothing when the user id does not fit into one.
std::optional<std::string> make_hinted_id(const store::IdCipher& cipher, std::string_view user_id);

/// The user whom `upload_id` names, if it is an id of that kind. A foreign id passes for one once
/// in 2^24; the set is then simply not found there.
std::optional<std::string> hinted_user(const store::IdCipher& cipher, std::string_view upload_id);

}  // namespace tideway::dataset
