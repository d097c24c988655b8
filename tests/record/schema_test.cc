#include "record/schema.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <set>

#include "record/record_types.h"
#include "record/schema/base.h"
#include "record/schema/upload.h"

namespace tideway::record {
namespace {

TEST(Object, FindsItsFields) {
  const Object object = {string("a"), integer("bb"), constant("c", "x"), again("a"), string("")};
  EXPECT_EQ(object.find("a"), 0);
  EXPECT_EQ(object.find("bb"), 1);
  EXPECT_EQ(object.find("c"), -1);
  EXPECT_EQ(object.find(""), 4);
  EXPECT_EQ(object.find("A"), -1);
  EXPECT_EQ(object.find("b"), -1);
}

TEST(Object, FindsManyFieldsAmongNamesThatCollide) {
  std::vector<std::string> names;
  for (char c = 'a'; c <= 'z'; ++c) names.push_back(std::string("x") + c + "yz");
  Fields fields;
  for (const std::string& name : names) fields.push_back(string(name));
  const Object object(std::move(fields));
  for (size_t i = 0; i < names.size(); ++i) EXPECT_EQ(object.find(names[i]), static_cast<int>(i));
  EXPECT_EQ(object.find("x?yz"), -1);
}

TEST(Object, WritesInByteOrderOfTheOutputNames) {
  const Object object = {string("b"), string("a").written_as("z"), constant("C", "x"), again("b"),
                         string("_")};
  EXPECT_EQ(object.write_order(), (std::vector<uint16_t>{2, 4, 0, 1}));
  EXPECT_EQ(object.written_key(1), "\"z\":");
  EXPECT_EQ(object.find("a"), 1);
  EXPECT_EQ(object.find("z"), -1);
}

TEST(Object, ParsesInTheOrderOfItsFieldsUnlessSaidOtherwise) {
  const Object plain = {string("a"), constant("b", "x"), string("c"), again("a")};
  EXPECT_EQ(plain.parse_order(), (std::vector<uint16_t>{0, 2}));
  const Object other =
      Object{string("base"), string("a"), string("b"), string("c")}.parsed_as({"c", "a", "b"});
  EXPECT_EQ(other.parse_order(), (std::vector<uint16_t>{0, 3, 1, 2}));
}

TEST(Object, ShowsItsConstants) {
  const Object object = {constant("type", "basal"), string("a"), constant("deliveryType", "temp")};
  EXPECT_EQ(object.constants_json(), R"({"type":"basal","deliveryType":"temp"})");
  EXPECT_EQ(object.constant("deliveryType"), "temp");
  EXPECT_EQ(object.constant("a"), "");
  EXPECT_EQ((Object{string("a")}).constants_json(), "");
}

TEST(Object, RemembersItsIdentity) {
  const Object object = Object{string("a"), string("b"), constant("c", "x")}.identity({"c", "a"});
  EXPECT_EQ(object.identity_fields(), (std::vector<uint16_t>{2, 0}));
}

/// Every record type, with what chooses it.
void visit_types(const Dispatch& dispatch, const std::string& name,
                 const std::function<void(const std::string&, const Object&)>& visit) {
  for (const Dispatch::Case& option : dispatch.cases) {
    const std::string path =
        name.empty() ? std::string(option.value) : name + '/' + std::string(option.value);
    ASSERT_NE(option.object == nullptr, option.dispatch == nullptr) << path;
    if (option.object != nullptr) {
      visit(path, option.object());
    } else {
      visit_types(option.dispatch(), path, visit);
    }
  }
}

/// Every object that a record type reaches, once.
void visit_objects(const Object& object, std::set<const Object*>& seen) {
  if (!seen.insert(&object).second) return;
  for (const Field& field : object.fields()) {
    switch (field.kind()) {
      case Kind::kObject:
      case Kind::kObjects:
      case Kind::kObjectMap:
      case Kind::kObjectsMap:
        visit_objects(field.object(), seen);
        break;
      case Kind::kVariant:
      case Kind::kRecord:
        visit_types(field.dispatch(), "",
                    [&](auto&, const Object& inner) { visit_objects(inner, seen); });
        break;
      default:
        break;
    }
  }
}

std::set<const Object*> all_objects() {
  std::set<const Object*> seen;
  visit_types(record_types(), "", [&](auto&, const Object& type) { visit_objects(type, seen); });
  visit_objects(upload(), seen);
  return seen;
}

// docs/spec/datatypes-common.md 1.3
TEST(RecordTypes, AreThoseOfTheSpecInItsOrder) {
  std::vector<std::string> names;
  visit_types(record_types(), "",
              [&](const std::string& name, const Object&) { names.push_back(name); });
  EXPECT_EQ(names, (std::vector<std::string>{"physicalActivity",
                                             "alert",
                                             "basal/automated",
                                             "basal/scheduled",
                                             "basal/suspend",
                                             "basal/temp",
                                             "cbg",
                                             "smbg",
                                             "bloodKetone",
                                             "bolus/dual/square",
                                             "bolus/square",
                                             "bolus/normal",
                                             "bolus/automated",
                                             "wizard",
                                             "deviceEvent/alarm",
                                             "deviceEvent/calibration",
                                             "deviceEvent/prime",
                                             "deviceEvent/pumpSettingsOverride",
                                             "deviceEvent/reservoirChange",
                                             "deviceEvent/status",
                                             "deviceEvent/timeChange",
                                             "dosingDecision",
                                             "food",
                                             "insulin",
                                             "cgmSettings",
                                             "controllerSettings",
                                             "pumpSettings",
                                             "reportedState",
                                             "controllerStatus",
                                             "pumpStatus",
                                             "water"}));
}

TEST(RecordTypes, HaveTheirBaseFieldsInPlace) {
  visit_types(record_types(), "", [](const std::string& name, const Object& type) {
    const auto name_at = [&](size_t at) { return type.fields().at(at).name(); };
    EXPECT_EQ(name_at(base_field::kType), "type") << name;
    EXPECT_EQ(name_at(base_field::kDeviceId), "deviceId") << name;
    EXPECT_EQ(name_at(base_field::kId), "id") << name;
    EXPECT_EQ(name_at(base_field::kOrigin), "origin") << name;
    EXPECT_EQ(name_at(base_field::kSource), "source") << name;
    EXPECT_EQ(name_at(base_field::kTime), "time") << name;
    EXPECT_EQ(type.constant("type"), name.substr(0, name.find('/')));
  });
}

TEST(RecordTypes, NameTheirKindInTheirConstants) {
  visit_types(record_types(), "", [](const std::string& name, const Object& type) {
    const size_t slash = name.find('/');
    if (slash == name.npos) {
      EXPECT_EQ(type.constants_json(), R"({"type":")" + name + "\"}");
    } else {
      const std::string key = name.starts_with("basal") ? "deliveryType" : "subType";
      EXPECT_EQ(type.constants_json(), R"({"type":")" + name.substr(0, slash) + R"(",")" + key +
                                           R"(":")" + name.substr(slash + 1) + "\"}");
    }
  });
}

TEST(RecordTypes, HaveIdentityFieldsThatMustBeThere) {
  visit_types(record_types(), "", [](const std::string& name, const Object& type) {
    for (const uint16_t at : type.identity_fields()) {
      ASSERT_LT(at, type.fields().size()) << name;
      const Field& field = type.fields()[at];
      const bool required = std::ranges::any_of(
          field.rules(), [](const Rule& rule) { return rule.kind == RuleKind::kRequired; });
      EXPECT_TRUE(required || field.kind() == Kind::kConstant) << name << ' ' << field.name();
    }
  });
}

TEST(Declarations, NameEachFieldOnce) {
  for (const Object* object : all_objects()) {
    std::set<std::string_view> names;
    std::set<std::string_view> output_names;
    for (const Field& field : object->fields()) {
      if (field.kind() == Kind::kAgain) continue;
      EXPECT_TRUE(names.insert(field.name()).second) << field.name();
      EXPECT_TRUE(output_names.insert(field.output_name()).second) << field.output_name();
    }
  }
}

TEST(Declarations, WriteInByteOrder) {
  for (const Object* object : all_objects()) {
    const auto& order = object->write_order();
    const auto name = [&](uint16_t at) { return object->fields()[at].output_name(); };
    EXPECT_TRUE(std::ranges::is_sorted(order, std::less(), name));
    const auto count = std::ranges::count_if(
        object->fields(), [](const Field& field) { return field.kind() != Kind::kAgain; });
    EXPECT_EQ(static_cast<ptrdiff_t>(order.size()), count);
  }
}

TEST(Declarations, ParseEveryFieldOnce) {
  for (const Object* object : all_objects()) {
    std::set<uint16_t> parsed(object->parse_order().begin(), object->parse_order().end());
    EXPECT_EQ(parsed.size(), object->parse_order().size());
    for (uint16_t at = 0; at < object->fields().size(); ++at) {
      const Kind kind = object->fields()[at].kind();
      EXPECT_EQ(parsed.contains(at), kind != Kind::kAgain && kind != Kind::kConstant);
      if (!parsed.contains(at)) continue;
      EXPECT_EQ(object->find(object->fields()[at].name()), at);
    }
  }
}

TEST(Declarations, ReferToFieldsThatExist) {
  for (const Object* object : all_objects()) {
    for (const Field& field : object->fields()) {
      if (field.kind() == Kind::kAgain) {
        EXPECT_GE(object->find(field.name()), 0) << field.name();
      }
      std::vector<std::string_view> paths = {field.transform_units().text};
      for (const Rule& rule : field.rules()) {
        paths.push_back(rule.path.text);
        const bool names_fields = rule.kind == RuleKind::kNotWithAny ||
                                  rule.kind == RuleKind::kRequiredUnlessAny ||
                                  rule.kind == RuleKind::kRequiredWithAny;
        if (names_fields) paths.insert(paths.end(), rule.names.begin(), rule.names.end());
      }
      for (const auto path : paths) {
        // Those that begin with a slash start at whatever record is around.
        if (path.empty() || path.starts_with('/')) continue;
        const bool known = object->find(path) >= 0 || !object->constant(path).empty();
        EXPECT_TRUE(known) << field.name() << " refers to " << path;
      }
    }
    for (const auto* names : {&object->any_of_names(), &object->one_of_absent()}) {
      for (const auto name : *names) EXPECT_GE(object->find(name), 0) << name;
    }
  }
}

TEST(Declarations, CallAnObjectTheSameEachTime) {
  for (const Dispatch::Case& option : record_types().cases) {
    if (option.object == nullptr) continue;
    EXPECT_EQ(&option.object(), &option.object());
  }
  EXPECT_EQ(&origin(), &origin());
  EXPECT_EQ(&record_types(), &record_types());
}

}  // namespace
}  // namespace tideway::record
