// What the routes of data sets share: how their failures look (docs/spec/datasets.md 4), and who
// may use a set.
#pragma once

#include <expected>
#include <optional>
#include <string_view>

#include "api/platform.h"
#include "dataset/data_sets.h"
#include "record/batch.h"

namespace tideway::api {

/// A body that could not be used.
server::Response refused(const server::Request& request, const record::Refusal& refusal);

/// A step that did not happen, on the set `upload_id`.
server::Response failed(const server::Request& request, const dataset::StepError& error,
                        std::string_view upload_id);

/// 400 for an empty user id in the path.
server::Response no_user_id(const server::Request& request);

/// What to answer instead when the caller may not, or it could not be found out.
std::optional<server::Response> denied(const server::Request& request,
                                       const store::Result<bool>& may);

/// The set that the path names, whoever may use it.
std::expected<dataset::DataSet, server::Response> named_set(dataset::DataSets& data_sets,
                                                            const server::Request& request);

/// "[…]" of sets in the form of the data-set routes.
std::string sets_json(const std::vector<dataset::DataSet>& sets);

}  // namespace tideway::api
