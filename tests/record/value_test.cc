#include "record/value.h"

#include <gtest/gtest.h>

#include <cstring>

namespace tideway::record {
namespace {

TEST(Path, IsEmptyAtTheRoot) { EXPECT_EQ(Path().pointer(), ""); }

TEST(Path, NamesEachStep) {
  const Path root;
  const Path element(root, size_t{12});
  const Path member(element, "tags");
  const Path item(member, size_t{0});
  EXPECT_EQ(element.pointer(), "/12");
  EXPECT_EQ(member.pointer(), "/12/tags");
  EXPECT_EQ(item.pointer(), "/12/tags/0");
}

TEST(Path, EscapesNames) {
  const Path root;
  EXPECT_EQ(Path(root, "a/b").pointer(), "/a~1b");
  EXPECT_EQ(Path(root, "a~b").pointer(), "/a~0b");
  EXPECT_EQ(Path(root, "~1").pointer(), "/~01");
  EXPECT_EQ(Path(root, "").pointer(), "/");
  EXPECT_EQ(Path(root, "7").pointer(), "/7");
}

TEST(Arena, GivesFreshValues) {
  Arena arena;
  const auto numbers = arena.make<uint64_t>(1000);
  for (const uint64_t number : numbers) EXPECT_EQ(number, 0U);
  std::ranges::fill(numbers, 7U);
  arena.clear();
  for (const uint64_t number : arena.make<uint64_t>(1000)) EXPECT_EQ(number, 0U);
}

TEST(Arena, KeepsWhatItGaveUntilItIsCleared) {
  Arena arena;
  std::vector<std::span<uint32_t>> spans;
  // Far more than one chunk, in sizes that do not divide it.
  for (uint32_t i = 0; i < 2000; ++i) {
    spans.push_back(arena.make<uint32_t>(1 + i % 97));
    std::ranges::fill(spans.back(), i);
  }
  for (uint32_t i = 0; i < spans.size(); ++i) {
    EXPECT_EQ(spans[i].size(), 1 + i % 97);
    for (const uint32_t number : spans[i]) ASSERT_EQ(number, i);
  }
}

TEST(Arena, GivesMoreThanAChunkAtOnce) {
  Arena arena;
  const auto before = arena.copy("before");
  const auto large = arena.make<char>(1'000'000);
  std::ranges::fill(large, 'x');
  const auto behind = arena.copy("behind");
  EXPECT_EQ(before, "before");
  EXPECT_EQ(behind, "behind");
  EXPECT_EQ(large.size(), 1'000'000U);
}

TEST(Arena, CopiesTexts) {
  Arena arena;
  std::string text = "some text";
  const std::string_view copy = arena.copy(text);
  text.assign("overwritten");
  EXPECT_EQ(copy, "some text");
  EXPECT_EQ(arena.copy(""), "");
}

TEST(Arena, AlignsEverything) {
  Arena arena;
  for (const size_t size : {1, 2, 3, 7, 15, 16, 17}) {
    arena.make<char>(size);
    const auto values = arena.make<Value>(1);
    EXPECT_EQ(reinterpret_cast<uintptr_t>(values.data()) % alignof(Value), 0U);
  }
}

TEST(ObjectValue, FindsFieldsThatArePresent) {
  const Object object = {string("a"), integer("b"), constant("c", "x")};
  std::vector<Value> values(3);
  values[1].present = true;
  values[1].number = 5;
  const ObjectValue value{&object, values};
  EXPECT_EQ(value.find("b"), &values[1]);
  EXPECT_EQ(value.find("a"), nullptr);
  EXPECT_EQ(value.find("c"), nullptr);
  EXPECT_EQ(value.find("d"), nullptr);
  EXPECT_EQ(ObjectValue().find("a"), nullptr);
}

}  // namespace
}  // namespace tideway::record
