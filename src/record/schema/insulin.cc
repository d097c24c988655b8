#include "record/schema/insulin.h"

#include "record/schema/base.h"
#include "record/schema/formulation.h"

namespace tideway::record {
namespace {

const Object& dose() {
  static const Object object = {
      number("active").range(0, 250),
      number("correction").range(-250, 250),
      number("food").range(0, 250),
      number("total").required().range(0, 250),
      string("units").required().one_of({"Units"}),
  };
  return object;
}

}  // namespace

const Object& insulin() {
  static const Object type = record_type("insulin", {
      object("dose", dose),
      object("formulation", formulation),
      string("site").text(100),
  });
  return type;
}

}  // namespace tideway::record
