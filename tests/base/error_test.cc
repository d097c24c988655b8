#include "base/error.h"

#include <gtest/gtest.h>

#include <array>

namespace tideway {
namespace {

std::string body(const Error& error) { return error_body({&error, 1}); }

TEST(MakeError, RepeatsTheTitle) {
  const Error error = make_error("value-not-exists", "value does not exist");
  EXPECT_EQ(error.code, "value-not-exists");
  EXPECT_EQ(error.title, "value does not exist");
  EXPECT_EQ(error.detail, "value does not exist");
  EXPECT_EQ(error, make_error("value-not-exists", "value does not exist", "value does not exist"));
}

// The examples of docs/spec/http.md 4.2, to the byte.
TEST(ErrorBody, OneErrorStandsAlone) {
  Error error = make_error("value-not-exists", "value does not exist");
  error.pointer = "/0/time";
  error.meta = R"({"type":"food"})";
  EXPECT_EQ(body(error), R"({"code":"value-not-exists","title":"value does not exist",)"
                         R"("detail":"value does not exist","source":{"pointer":"/0/time"},)"
                         R"("meta":{"type":"food"}})"
                         "\n");
}

TEST(ErrorBody, SeveralErrorsStandInAList) {
  std::array errors = {make_error("value-out-of-range", "value is out of range",
                                  "value -1 is not greater than or equal to 0"),
                       make_error("value-out-of-range", "value is out of range",
                                  "value 5000 is not between 1 and 1000")};
  errors[0].parameter = "page";
  errors[1].parameter = "size";
  EXPECT_EQ(
      error_body(errors),
      R"({"errors":[{"code":"value-out-of-range","title":"value is out of range",)"
      R"("detail":"value -1 is not greater than or equal to 0","source":{"parameter":"page"}},)"
      R"({"code":"value-out-of-range","title":"value is out of range",)"
      R"("detail":"value 5000 is not between 1 and 1000","source":{"parameter":"size"}}]})"
      "\n");
}

TEST(ErrorBody, LeavesOutTheSourceOfTheRoot) {
  EXPECT_EQ(body(make_error("internal-server-error", "internal server error")),
            R"({"code":"internal-server-error","title":"internal server error",)"
            R"("detail":"internal server error"})"
            "\n");
}

TEST(ErrorBody, AlwaysHasADetail) {
  EXPECT_EQ(body(make_error("", "", "object is missing")), "{\"detail\":\"object is missing\"}\n");
  EXPECT_EQ(body(Error{}), "{\"detail\":\"\"}\n");
}

TEST(ErrorBody, ShowsTheParameterInsteadOfThePointer) {
  Error error = make_error("c", "t");
  error.pointer = "/x";
  error.parameter = "p";
  EXPECT_EQ(body(error),
            "{\"code\":\"c\",\"title\":\"t\",\"detail\":\"t\",\"source\":{\"parameter\":\"p\"}}\n");
}

TEST(ErrorBody, EscapesTexts) {
  Error error = make_error("c", "t", "value \"a\\\"b<\" is bad");
  error.pointer = "/a&b";
  EXPECT_EQ(body(error), R"({"code":"c","title":"t","detail":"value \"a\\\"b\u003c\" is bad",)"
                         R"("source":{"pointer":"/a\u0026b"}})"
                         "\n");
}

}  // namespace
}  // namespace tideway
