#include "record/write.h"

#include <gtest/gtest.h>

#include "record/normalise.h"
#include "tests/record/reading.h"

namespace tideway::record {
namespace {

/// The members of an object as they would be stored.
std::string written(const Object& object, const std::string& body) {
  ObjectReader reader;
  const auto value = reader.read(body, object);
  if (!value) return "refused";
  std::string out;
  for (const uint16_t at : object.write_order()) {
    if (!value->fields[at].present) continue;
    out += std::string(object.fields()[at].output_name()) + '=';
    write_field(out, *value, at);
    out += ';';
  }
  return out;
}

const Object& item() {
  static const Object object = {string("b"), number("a"), string("hidden").written_as("A")};
  return object;
}

TEST(WriteField, WritesEveryKind) {
  const Object all = {string("s"),           integer("i"),
                      number("n"),           boolean("t"),
                      instant("time"),       local_time("local"),
                      object("o", item),     objects("l", item),
                      object_map("m", item), objects_map("ml", item),
                      strings("sl"),         metadata("d"),
                      metadatas("dl")};
  EXPECT_EQ(
      written(all, R"({"s":"<","i":6e1,"n":1e-7,"t":false,"time":"2024-03-12T09:05:00.2509-04:00",)"
                   R"("local":"2024-03-12T9:05:00.5","o":{"b":"x","hidden":"y","a":1.0},)"
                   R"("l":[{},{"a":1}],"m":{"y":{},"x":{"a":2}},"ml":{"k":[{"a":3},{}],"e":[]},)"
                   R"("sl":["b","a"],"d":{"z":1,"y":2},"dl":[{"z":1,"y":2}]})"),
      R"(d={"y":2,"z":1};dl=[{"y":2,"z":1}];i=60;l=[{},{"a":1}];local="2024-03-12T09:05:00.5Z";)"
      R"(m={"x":{"a":2},"y":{}};ml={"e":[],"k":[{"a":3},{}]};n=1e-7;o={"A":"y","a":1,"b":"x"};)"
      R"(s="\u003c";sl=["b","a"];t=false;time="2024-03-12T13:05:00.25Z";)");
}

TEST(WriteField, WritesIntegersAsTheyFit) {
  const Object object = {integer("i")};
  EXPECT_EQ(written(object, R"({"i":9007199254740993})"), "i=9007199254740992;");
  EXPECT_EQ(written(object, R"({"i":1e19})"), "i=-9223372036854775808;");
  EXPECT_EQ(written(object, R"({"i":-0})"), "i=0;");
}

TEST(WriteField, Sorts) {
  const Object object = {strings("a").sorted()};
  EXPECT_EQ(written(object, R"({"a":["b","Z","é","a","_",""]})"), R"(a=["","Z","_","a","b","é"];)");
  EXPECT_EQ(written(object, R"({"a":[]})"), "a=[];");
}

TEST(WriteField, ConvertsGlucoseByItsUnits) {
  const Object object = {string("u").glucose_units(), number("v").to_mmol("u"),
                         string("ru").glucose_rate_units(), number("r").rate_to_mmol("ru")};
  const auto glucose = [&](const std::string& units) {
    return written(object, R"({"u":")" + units + R"(","v":120})");
  };
  EXPECT_EQ(glucose("mg/dL"), R"(u="mmol/L";v=6.6609;)");
  EXPECT_EQ(glucose("mg/dl"), R"(u="mmol/L";v=6.6609;)");
  EXPECT_EQ(glucose("mmol/l"), R"(u="mmol/L";v=120;)");
  EXPECT_EQ(glucose("mmol/L"), R"(u="mmol/L";v=120;)");
  EXPECT_EQ(glucose("other"), R"(u="other";v=120;)");
  EXPECT_EQ(written(object, R"({"v":120})"), "v=120;");
  EXPECT_EQ(written(object, R"({"ru":"mg/dL/minute","r":1.5})"),
            R"(r=0.08326;ru="mmol/L/minute";)");
  EXPECT_EQ(written(object, R"({"ru":"mmol/L/minute","r":1.5})"), R"(r=1.5;ru="mmol/L/minute";)");
  EXPECT_EQ(written(object, R"({"r":1.5})"), "r=1.5;");
}

TEST(WriteField, NeverRoundsWhatIsInMmolAlready) {
  const Object object = {string("u"), number("v").to_mmol("u")};
  EXPECT_EQ(written(object, R"({"u":"mmol/L","v":5.550747991045533})"),
            R"(u="mmol/L";v=5.550747991045533;)");
}

TEST(WriteRecord, LeavesOutAbsentFieldsAndDropsEmptyNotes) {
  const Lines plain = texts_of('[' + cbg_with("") + ']');
  EXPECT_EQ(plain,
            (Lines{R"("time":"2024-03-12T13:05:00Z","type":"cbg","units":"mmol/L",,"value":6)"}));
  EXPECT_EQ(texts_of('[' + cbg_with(R"("notes":[],"trend":null)") + ']'), plain);
  EXPECT_EQ(
      texts_of('[' + cbg_with(R"("notes":["x"])") + ']'),
      (Lines{
          R"("notes":["x"],"time":"2024-03-12T13:05:00Z","type":"cbg","units":"mmol/L",,"value":6)"}));
}

TEST(WriteRecord, KeepsFalseZeroAndEmptyObjects) {
  EXPECT_EQ(texts_of('[' + cbg_with(R"("backfilled":false,"sampleInterval":0,"origin":{})") + ']'),
            (Lines{R"("backfilled":false,"origin":{},"sampleInterval":0,)"
                   R"("time":"2024-03-12T13:05:00Z","type":"cbg","units":"mmol/L",,"value":6)"}));
}

}  // namespace
}  // namespace tideway::record
