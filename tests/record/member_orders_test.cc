#include "record/member_orders.h"

#include <gtest/gtest.h>

#include <deque>

#include "tests/record/reading.h"

namespace tideway::record {
namespace {

TEST(MemberOrders, KnowNothingAtFirst) {
  const Object object = {string("a"), string("b")};
  MemberOrders orders;
  for (const int16_t field : orders.of(object)) EXPECT_EQ(field, -1);
}

TEST(MemberOrders, RememberEachShape) {
  const Object object = {string("a"), string("b")};
  MemberOrders orders;
  orders.of(object)[1] = 7;
  EXPECT_EQ(orders.of(object)[1], 7);
}

TEST(MemberOrders, ForgetWhatOthersTookThePlaceOf) {
  std::deque<Object> objects;
  for (int i = 0; i < 200; ++i) objects.push_back({string("a")});
  MemberOrders orders;
  for (const Object& object : objects) {
    EXPECT_EQ(orders.of(object)[0], -1);
    orders.of(object)[0] = 3;
    EXPECT_EQ(orders.of(object)[0], 3);
  }
}

TEST(Object, FindsWithAGuessWhatItFindsWithout) {
  const Object object = {string("a"), constant("b", "x"), string("cc"), again("a")};
  for (const std::string_view name : {"a", "b", "cc", "c", ""}) {
    for (int guess = -1; guess < 4; ++guess) {
      EXPECT_EQ(object.find_member(name, guess == 3 ? 2 : guess), object.find_member(name));
    }
  }
}

// One reader reads records whose members come in other orders, are missing, doubled or unknown.
TEST(MemberOrders, DoNotChangeWhatIsRead) {
  const std::vector<std::string> bodies = {
      cbg_with(R"("deviceId":"a","notes":["n"])"),
      R"({"value":6,"units":"mmol/L","time":"2024-03-12T13:05:00Z","deviceId":"a","type":"cbg"})",
      cbg_with(R"("unknown":1,"deviceId":"a","deviceId":"b")"),
      cbg_with(R"("origin":{"name":"n","id":"i"},"location":{"name":"l"})"),
      cbg_with(R"("location":{"name":"l"},"origin":{"id":"i","name":"n"})"),
      R"({"type":"water","time":"2024-03-12T13:05:00Z","amount":{"value":1,"units":"liters"}})",
  };
  std::string all;
  Lines alone;
  for (int round = 0; round < 2; ++round) {
    for (const std::string& body : bodies) {
      all += (all.empty() ? "[" : ",") + body;
      for (const std::string& text : texts_of('[' + body + ']')) alone.push_back(text);
    }
  }
  EXPECT_EQ(alone.size(), 2 * bodies.size());
  EXPECT_EQ(texts_of(all + ']'), alone);
}

}  // namespace
}  // namespace tideway::record
