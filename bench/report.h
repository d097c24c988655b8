// What a benchmark found: printed as tables, written as JSON.
//
//   Report report("record");
//   report.section("cbg, one core", {"records/s", "MB/s"});
//   report.row("raw parse and walk", {2.1e6, 700});
//   return report.write(directory) ? 0 : 1;
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace tideway::bench {

/// Nothing where a column does not apply to a row.
using Number = std::optional<double>;

class Report {
 public:
  /// Prints the name, the date, the machine and how busy it is; they go into the JSON too.
  explicit Report(std::string name);

  /// Starts a table; the columns are named with their units.
  void section(std::string title, std::vector<std::string> columns);
  /// Adds a line to the last table and prints it.
  void row(std::string name, std::vector<Number> numbers);
  /// A sentence under the last table.
  void note(std::string text);

  /// Writes `directory`/`name`.json, and how long all of it took. False, with a message, when that
  /// fails.
  bool write(const std::string& directory) const;

 private:
  struct Row {
    std::string name;
    std::vector<Number> numbers;
  };
  struct Section {
    std::string title;
    std::vector<std::string> columns;
    std::vector<Row> rows;
    std::vector<std::string> notes;
  };

  std::string json() const;
  double seconds() const;

  std::string name_;
  std::string date_;
  std::string machine_;
  double load_at_start_ = 0;
  const std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
  std::vector<Section> sections_;
};

/// "1,234,567", "12.30", "0.045", "-" for nothing.
std::string shown(const Number& number);

/// The middle of the values, which must not be empty; `share` 0.99 gives the 99th percentile.
double percentile(std::vector<double> values, double share);

}  // namespace tideway::bench
