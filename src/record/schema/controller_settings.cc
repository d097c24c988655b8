#include "record/schema/controller_settings.h"

#include "record/schema/base.h"

namespace tideway::record {
namespace {

const Object& device() {
  static const Object object = Object{
      string("firmwareVersion").text(100),
      string("hardwareVersion").text(100),
      strings("manufacturers").not_empty().length_max(10).each_text(100).unique().sorted(),
      string("model").text(100),
      string("name").text(100),
      string("serialNumber").text(100),
      string("softwareVersion").text(100),
  }.any_of({"firmwareVersion", "hardwareVersion", "manufacturers", "model", "name", "serialNumber",
            "softwareVersion"});
  return object;
}

const Object& notifications() {
  static const Object object = Object{
      string("authorization")
          .one_of({"authorized", "denied", "ephemeral", "notDetermined", "provisional"}),
      boolean("alert"),
      boolean("criticalAlert"),
      boolean("badge"),
      boolean("sound"),
      boolean("announcement"),
      boolean("notificationCenter"),
      boolean("lockScreen"),
      string("alertStyle").one_of({"alert", "banner", "none"}),
  }.any_of({"authorization", "alert", "criticalAlert", "badge", "sound", "announcement",
            "notificationCenter", "lockScreen", "alertStyle"});
  return object;
}

}  // namespace

const Object& controller_settings() {
  static const Object type = record_type("controllerSettings", {
      object("device", device),
      object("notifications", notifications),
  }).any_of({"device", "notifications"});
  return type;
}

}  // namespace tideway::record
