#include "record/schema/food.h"

#include "record/schema/base.h"
#include "record/schema/nutrition.h"

namespace tideway::record {
namespace {

const Object& amount() {
  static const Object object = {
      string("units").required().text(100),
      number("value").required().min(0),
  };
  return object;
}

const Object& ingredient() {
  static const Object ingredient_object = {
      object("amount", amount),
      string("brand").text(100),
      string("code").text(100),
      objects("ingredients", ingredient).not_empty().length_max(100),
      string("name").text(100),
      object("nutrition", nutrition),
  };
  return ingredient_object;
}

}  // namespace

const Object& food() {
  static const Object type = record_type("food", {
      object("amount", amount),
      string("brand").text(100),
      string("code").text(100),
      objects("ingredients", ingredient).not_empty().length_max(100),
      string("meal").one_of({"breakfast", "dinner", "lunch", "other", "snack"}),
      string("mealOther").only_when("meal", {"other"}).required().text(100),
      string("name").text(100),
      object("nutrition", nutrition),
  });
  return type;
}

}  // namespace tideway::record
