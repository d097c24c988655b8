// Spreadsheets, read back by LibreOffice.
#include "exports/workbook.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

#include "exports/spreadsheet.h"
#include "tests/exports/samples.h"
#include "tests/store/temporary_directory.h"

namespace tideway::exports {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

using testing::StartsWith;

namespace fs = std::filesystem;

std::string content_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

/// Runs a program without its output; the exit code.
int run(std::vector<std::string> arguments) {
  const pid_t child = fork();
  if (child == 0) {
    const int nowhere = open("/dev/null", O_RDWR);
    for (const int fd : {0, 1, 2}) dup2(nowhere, fd);
    std::vector<char*> pointers;
    for (std::string& argument : arguments) pointers.push_back(argument.data());
    pointers.push_back(nullptr);
    execvp(pointers[0], pointers.data());
    _exit(127);
  }
  int status = -1;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

class SpreadsheetTest : public testing::Test {
 protected:
  SpreadsheetTest() { fs::create_directory(home()); }

  fs::path home() const { return home_.store_path(); }

  /// Makes a spreadsheet of the records.
  void make(const std::string& name, std::vector<std::string> records, Unit unit) {
    auto file = spreadsheets_.make(source_of(std::move(records)), unit);
    ASSERT_TRUE(file.has_value()) << file.error().message;
    std::ofstream copy(home() / (name + ".xlsx"), std::ios::binary);
    std::vector<char> buffer(64 * 1024);
    while (const size_t got = std::fread(buffer.data(), 1, buffer.size(), file->get())) {
      copy.write(buffer.data(), static_cast<std::streamsize>(got));
    }
  }

  /// Has LibreOffice write each sheet as CSV, values as they are shown. One start for all files: it
  /// takes seconds.
  void convert(const std::vector<std::string>& names) {
    const std::string filter =
        "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,true,"
        "false,false,-1";
    std::vector<std::string> command = {
        "soffice",      "-env:UserInstallation=file://" + (home() / "profile").string(),
        "--headless",   "--convert-to",
        filter,         "--outdir",
        home().string()};
    for (const std::string& name : names) command.push_back((home() / (name + ".xlsx")).string());
    ASSERT_EQ(run(std::move(command)), 0)
        << "LibreOffice (package libreoffice-calc-nogui) could not read it";
  }

  /// The lines of a sheet.
  std::vector<std::string> sheet(const std::string& name, const std::string& file = "all") const {
    std::istringstream text(content_of(home() / (file + "-" + name + ".csv")));
    std::vector<std::string> lines;
    for (std::string line; std::getline(text, line);) lines.push_back(line);
    return lines;
  }

  store::TemporaryDirectory home_;
  Spreadsheets spreadsheets_{(home() / "exports").string()};
};

TEST_F(SpreadsheetTest, LibreOfficeReadsWhatWasWritten) {
  make("all",
       {std::string(kBasal), std::string(kCbg), std::string(kPumpSettings),
        R"({"name":"a \"b\" <c> & \u0001 = é","nutrition":{"carbohydrate":{"net":30}},)"
        R"("time":"2024-03-01T12:30:00.5Z","type":"food"})",
        R"({"reason":"loop","type":"dosingDecision"})"},
       Unit::kMgDl);
  make("empty", {}, Unit::kMmolL);
  make("long", {R"({"name":")" + std::string(40'000, 'x') + R"(","type":"food"})"}, Unit::kMmolL);
  convert({"all", "empty", "long"});
  EXPECT_THAT(sheet("Basal"),
              ElementsAre(StartsWith("Zulu Time,Local Time,Device Time,Tidepool Data Type,"
                                     "Delivery Type,Duration (mins),Expected Duration (mins),"
                                     "Rate,Percent,Schedule Name,Suppressed Schedule Name,"),
                          StartsWith("2024-03-01 16:05:00,2024-03-01 16:05:00,,basal,temp,30.00,"
                                     ",0.8,0.5,,std,scheduled,basal,1.6,")));
  EXPECT_THAT(sheet("CGM"),
              ElementsAre(StartsWith("Zulu Time,Local Time,Device Time,Tidepool Data Type,Value,"
                                     "Units,Timezone Offset,"),
                          "2024-03-01 16:10:00,2024-03-01 08:10:00,2024-03-01 08:10:00,cbg,100,"
                          "mg/dL,-480,,,,1,,\"{\"\"a\"\":1}\",\"[{\"\"code\"\":\"\"x/y\"\"}]\""));
  const auto schedules = sheet("Basal Schedules");
  ASSERT_EQ(schedules.size(), 4u);
  // Noon: LibreOffice does not know Excel's format for the system's time of day.
  EXPECT_THAT(schedules[3], HasSubstr(",std,std,25569.5,0.75,"));
  EXPECT_THAT(sheet("BG Targets"), Contains(HasSubstr(",90,126,")));
  EXPECT_THAT(sheet("Insulin Sensitivities"), Contains(HasSubstr(",45,mg/dL,grams,")));
  EXPECT_THAT(sheet("Food"), Contains(HasSubstr("food,\"a \"\"b\"\" <c> & \uFFFD = é\","
                                                "\"{\"\"carbohydrate\"\":{\"\"net\"\":30}}\"")));
  EXPECT_THAT(sheet("EXPORT ERROR"), ElementsAre("This export is complete."));
  EXPECT_THAT(sheet("NO DATA", "empty"), ElementsAre("There is no data in this time range."));
  // As much as fits in a cell.
  EXPECT_THAT(sheet("Food", "long")[1], HasSubstr(std::string(32'766, 'x') + "…"));
  // Each file that the making needed is gone, too.
  EXPECT_TRUE(fs::is_empty(home() / "exports"));
}

TEST_F(SpreadsheetTest, TellsASourceThatFails) {
  const auto file = spreadsheets_.make(
      RecordSource([](std::string&) -> store::Result<bool> {
        return std::unexpected(store::Error{store::Error::Kind::kCorruption, "damaged"});
      }),
      Unit::kMmolL);
  ASSERT_FALSE(file.has_value());
  EXPECT_EQ(file.error().kind, SpreadsheetError::Kind::kFailed);
  EXPECT_EQ(file.error().message, "damaged");
  EXPECT_TRUE(fs::is_empty(home() / "exports"));
}

TEST_F(SpreadsheetTest, OnlySoManyAreMadeAtOnce) {
  // Each is made while the one before waits for its records.
  uint32_t depth = 0;
  std::optional<SpreadsheetError::Kind> refused;
  std::function<store::Result<bool>(std::string&)> next = [&](std::string& out) {
    if (++depth < 10 && !refused) {
      const auto inner = spreadsheets_.make(RecordSource(next), Unit::kMmolL);
      if (!inner && !refused) refused = inner.error().kind;
    }
    out += "[]";
    return store::Result<bool>(false);
  };
  EXPECT_TRUE(spreadsheets_.make(RecordSource(next), Unit::kMmolL).has_value());
  EXPECT_EQ(refused, SpreadsheetError::Kind::kBusy);
  EXPECT_EQ(depth, kSpreadsheetsMax);
  EXPECT_TRUE(spreadsheets_.make(source_of({}), Unit::kMmolL).has_value());
}

TEST_F(SpreadsheetTest, AStartRemovesWhatWasLeft) {
  fs::create_directory(home() / "exports");
  std::ofstream(home() / "exports" / "left") << "health data";
  spreadsheets_.clear();
  EXPECT_FALSE(fs::exists(home() / "exports"));
}

TEST_F(SpreadsheetTest, WithoutADirectoryThereAreNone) {
  Spreadsheets nowhere((home() / "not" / "there").string());
  EXPECT_FALSE(nowhere.make(source_of({}), Unit::kMmolL).has_value());
}

}  // namespace
}  // namespace tideway::exports
