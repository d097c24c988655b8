#include "server/router.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

namespace tideway::server {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Route route(std::string method, std::string pattern, bool dataservices = false) {
  return {.method = std::move(method),
          .pattern = std::move(pattern),
          .family = Family::kPlatform,
          .dataservices = dataservices,
          .body_size_bytes_max = 0,
          .handle = {}};
}

std::vector<Route> routes() {
  return {route("GET", "/v1/time", true),
          route("GET", "/v1/users/{userId}/data_sets", true),
          route("POST", "/v1/users/{userId}/data_sets", true),
          route("GET", "/v1/data_sets/{id}", true),
          route("DELETE", "/v1/data_sets/{id}/data", true),
          route("GET", "/v1/users/{userId}/blobs"),
          route("GET", "/data/{userId}"),
          route("POST", "/data/"),
          route("GET", "/access/{sharerId}/{granteeId}"),
          route("GET", "/access/groups/{userId}"),
          route("GET", "/export/{name}.json"),
          route("get", "/lower"),
          route("GET", "/")};
}

struct Case {
  std::string method;
  std::string path;
  std::string pattern = {};  ///< empty when no route is found
  std::vector<std::string> variables = {};
  bool path_known = true;
};

/// The name of each test in a report.
void PrintTo(const Case& given, std::ostream* out) { *out << given.method << ' ' << given.path; }

class RouterTable : public testing::TestWithParam<Case> {};

TEST_P(RouterTable, Finds) {
  const Router router(routes());
  const Case& given = GetParam();
  const Router::Match match = router.find(given.method, given.path);
  EXPECT_EQ(match.route == nullptr ? "" : match.route->pattern, given.pattern) << given.path;
  EXPECT_EQ(match.variables, given.variables) << given.path;
  EXPECT_EQ(match.path_known, given.path_known) << given.path;
}

INSTANTIATE_TEST_SUITE_P(
    Matching, RouterTable,
    testing::Values(
        Case{"GET", "/v1/time", "/v1/time"},
        Case{"GET", "/v1/data_sets/0a1b", "/v1/data_sets/{id}", {"0a1b"}},
        Case{"GET", "/v1/users//data_sets", "/v1/users/{userId}/data_sets", {""}},
        Case{"POST", "/v1/users/u/data_sets", "/v1/users/{userId}/data_sets", {"u"}},
        Case{"DELETE", "/v1/data_sets//data", "/v1/data_sets/{id}/data", {""}},
        // Undecoded, whatever it holds.
        Case{"GET", "/data/%2Fa%20b", "/data/{userId}", {"%2Fa%20b"}},
        Case{"POST", "/data/", "/data/"},
        Case{"GET", "/access/a/b", "/access/{sharerId}/{granteeId}", {"a", "b"}},
        // The first of two.
        Case{"GET", "/access/groups/b", "/access/{sharerId}/{granteeId}", {"groups", "b"}},
        Case{"GET", "/export/all.json", "/export/{name}.json", {"all"}},
        Case{"GET", "/export/.json", "/export/{name}.json", {""}},
        Case{"gEt", "/v1/time", "/v1/time"}, Case{"GET", "/lower", "/lower"},
        Case{"GET", "/", "/"}));

INSTANTIATE_TEST_SUITE_P(
    NotMatching, RouterTable,
    testing::Values(Case{"GET", "/v1/time/", "", {}, false}, Case{"GET", "/v1/tim", "", {}, false},
                    Case{"GET", "/v1/timed", "", {}, false}, Case{"GET", "/V1/time", "", {}, false},
                    Case{"GET", "//v1/time", "", {}, false}, Case{"GET", "", "", {}, false},
                    Case{"GET", "*", "", {}, false}, Case{"GET", "/v1/data_sets/", "", {}, false},
                    Case{"GET", "/v1/data_sets/a.b", "", {}, false},
                    Case{"GET", "/v1/users/a.b/data_sets", "", {}, false},
                    Case{"GET", "/v1/%74ime", "", {}, false},
                    Case{"GET", "/a/b/c/d/e/f/g/h/i", "", {}, false},
                    // The path of another method.
                    Case{"PUT", "/v1/time"}, Case{"HEAD", "/v1/time"},
                    Case{"PUT", "/v1/users//data_sets"}, Case{"GET", "/data/", "", {}, true}));

INSTANTIATE_TEST_SUITE_P(
    Dataservices, RouterTable,
    testing::Values(Case{"GET", "/dataservices/v1/time", "/v1/time"},
                    Case{"GET", "/dataservices/v1/data_sets/x", "/v1/data_sets/{id}", {"x"}},
                    Case{"PUT", "/dataservices/v1/time"},
                    // Routes of the other services have no such alias.
                    Case{"GET", "/dataservices/v1/users/u/blobs", "", {}, false},
                    Case{"POST", "/dataservices/v1/users/u/blobs", "", {}, false},
                    Case{"GET", "/dataservices/data/u", "", {}, false},
                    Case{"GET", "/dataservices", "", {}, false},
                    Case{"GET", "/dataservices/", "", {}, false},
                    Case{"GET", "/dataservicesv1/time", "", {}, false},
                    Case{"GET", "/dataservices/dataservices/v1/time", "", {}, false}));

TEST(Router, VariablesAreThoseOfTheRouteFoundAndNotOfOneTriedBefore) {
  const Router router({route("GET", "/{a}/{b}/x"), route("GET", "/{a}/q/{c}")});
  EXPECT_THAT(router.find("GET", "/1/q/2").variables, ElementsAre("1", "2"));
  EXPECT_THAT(router.find("GET", "/1/r/2").variables, IsEmpty());
}

TEST(Router, DotsEndVariablesInFamilyPOnly) {
  Route token = route("GET", "/auth/token/{token}");
  token.family = Family::kShoreline;
  const Router router({token, route("GET", "/v1/data_sets/{id}")});
  EXPECT_THAT(router.find("GET", "/auth/token/a.b.c").variables, ElementsAre("a.b.c"));
  EXPECT_FALSE(router.find("GET", "/auth/token/a/b").path_known);
  EXPECT_FALSE(router.find("GET", "/v1/data_sets/a.b").path_known);
}

TEST(Router, ShowsItsRoutesInOrder) {
  const Router router(routes());
  ASSERT_EQ(router.routes().size(), routes().size());
  EXPECT_EQ(router.routes()[0].pattern, "/v1/time");
  EXPECT_EQ(router.routes()[11].method, "GET");  // upper case, as compared
}

TEST(Router, RefusesABrokenPattern) {
  EXPECT_THROW(Router({route("GET", "/v1/{id")}), std::invalid_argument);
}

TEST(Router, OfNothingFindsNothing) { EXPECT_FALSE(Router({}).find("GET", "/").path_known); }

TEST(StripDataservices, TakesOffOneWholeSegment) {
  EXPECT_EQ(strip_dataservices("/dataservices/v1/time"), "/v1/time");
  EXPECT_EQ(strip_dataservices("/dataservices/"), "/");
  EXPECT_EQ(strip_dataservices("/dataservices"), "/dataservices");
  EXPECT_EQ(strip_dataservices("/dataservicesx/v1"), "/dataservicesx/v1");
  EXPECT_EQ(strip_dataservices("/v1/dataservices/x"), "/v1/dataservices/x");
  EXPECT_EQ(strip_dataservices("/dataservices/dataservices/x"), "/dataservices/x");
}

}  // namespace
}  // namespace tideway::server
