#include "server/trace.h"

#include <gtest/gtest.h>

#include "base/ids.h"

namespace tideway::server {
namespace {

Headers with(std::string_view name, std::string_view value) {
  Headers headers;
  headers.add(name, value);
  return headers;
}

TEST(Trace, MakesARequestIdButNoSession) {
  const Trace first = trace_of({});
  const Trace second = trace_of({});
  EXPECT_TRUE(is_data_id(first.request)) << first.request;
  EXPECT_NE(first.request, second.request);
  EXPECT_EQ(first.session, "");
}

TEST(Trace, TakesTheFirstValueOfTheClient) {
  Headers headers = with("x-tidepool-trace-request", "mine");
  headers.add("X-Tidepool-Trace-Request", "other");
  headers.add("X-Tidepool-Trace-Session", "ses");
  EXPECT_EQ(trace_of(headers).request, "mine");
  EXPECT_EQ(trace_of(headers).session, "ses");
}

TEST(Trace, CutsTo64Bytes) {
  EXPECT_EQ(trace_of(with(kTraceRequestHeader, std::string(65, 'r'))).request,
            std::string(64, 'r'));
  EXPECT_EQ(trace_of(with(kTraceSessionHeader, std::string(64, 's'))).session,
            std::string(64, 's'));
}

TEST(Trace, EmptyCountsAsNotSent) {
  EXPECT_TRUE(is_data_id(trace_of(with(kTraceRequestHeader, "")).request));
}

TEST(Trace, WhatCannotBeEchoedCountsAsNotSent) {
  EXPECT_TRUE(is_data_id(trace_of(with(kTraceRequestHeader, "a\r\nSet-Cookie: b")).request));
  EXPECT_EQ(trace_of(with(kTraceSessionHeader, "a\x01")).session, "");
}

TEST(Trace, IsAddedToTheResponse) {
  Headers headers = with("X-Tidepool-Trace-Request", "from the handler");
  add_trace({.request = "r", .session = ""}, headers);
  EXPECT_EQ(headers.find(kTraceRequestHeader), "r");
  EXPECT_EQ(headers.count(kTraceRequestHeader), 1U);
  EXPECT_EQ(headers.count(kTraceSessionHeader), 0U);
  add_trace({.request = "r", .session = "s"}, headers);
  EXPECT_EQ(headers.find(kTraceSessionHeader), "s");
}

}  // namespace
}  // namespace tideway::server
