// What the benchmarks wrote, as Markdown for docs/performance.md: first the goals with what was
// reached, then every table.
//
//   bench_table [DIRECTORY] [GOALS]
//
// GOALS (bench/goals.tsv) has a line for each goal: what is measured, the floor and the goal as
// texts, then where the number stands: benchmark, beginning of the table's title, beginning of the
// row's name, column. Fields are separated by tabs.
#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "bench/fail.h"
#include "bench/report.h"

namespace tideway::bench {
namespace {

namespace dom = simdjson::dom;

/// By name, each with its own parser: a document lives in it.
struct Written {
  dom::parser parser;
  dom::element document;
};
using Benchmarks = std::map<std::string, Written>;

std::string text(dom::element object, const char* key) {
  return std::string(object[key].get_string().value());
}

Benchmarks read_all(const std::filesystem::path& directory) {
  Benchmarks all;
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    if (entry.path().extension() != ".json") continue;
    Written& written = all[entry.path().stem()];
    if (written.parser.load(entry.path()).get(written.document) != simdjson::SUCCESS) {
      fail(fmt::format("{} is not JSON", entry.path().string()));
    }
  }
  return all;
}

/// The columns of a table, in the order in which they first come; a row leaves out what it lacks.
std::vector<std::string> columns_of(dom::array rows) {
  std::vector<std::string> columns;
  for (const dom::element row : rows) {
    for (const auto member : row.get_object()) {
      const std::string name(member.key);
      if (name != "name" && std::ranges::find(columns, name) == columns.end()) {
        columns.push_back(name);
      }
    }
  }
  return columns;
}

Number number(dom::element row, const std::string& column) {
  double value = 0;
  if (row[column].get(value) != simdjson::SUCCESS) return std::nullopt;
  return value;
}

void print_section(dom::element section) {
  const dom::array rows = section["rows"].get_array();
  const auto columns = columns_of(rows);
  fmt::print("\n| {} |", text(section, "title"));
  for (const std::string& column : columns) fmt::print(" {} |", column);
  fmt::print("\n| --- |");
  for (size_t i = 0; i < columns.size(); ++i) fmt::print(" ---: |");
  fmt::print("\n");
  for (const dom::element row : rows) {
    fmt::print("| {} |", text(row, "name"));
    for (const std::string& column : columns) fmt::print(" {} |", shown(number(row, column)));
    fmt::print("\n");
  }
  for (const dom::element note : section["notes"].get_array()) {
    fmt::print("\n{}\n", note.get_string().value());
  }
}

void print_benchmark(dom::element document) {
  fmt::print("\n### {}\n\n{}, {}, load average {:.1f}, took {:.0f} s\n",
             text(document, "benchmark"), text(document, "date"), text(document, "machine"),
             document["load_average"].get_double().value(),
             document["seconds"].get_double().value());
  for (const dom::element section : document["sections"].get_array()) print_section(section);
}

/// Where a goal's number stands.
struct Place {
  std::string benchmark;
  std::string title;
  std::string row;
  std::string column;
};

Number find(const Benchmarks& all, const Place& place) {
  const auto found = all.find(place.benchmark);
  if (found == all.end()) return std::nullopt;
  for (const dom::element section : found->second.document["sections"].get_array()) {
    if (!text(section, "title").starts_with(place.title)) continue;
    for (const dom::element row : section["rows"].get_array()) {
      if (text(row, "name").starts_with(place.row)) return number(row, place.column);
    }
  }
  return std::nullopt;
}

void print_goals(const Benchmarks& all, const std::string& path) {
  fmt::print("| What | floor | goal | measured | in |\n| --- | --- | --- | ---: | --- |\n");
  std::ifstream file(path);
  if (!file) fail("cannot read " + path);
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line.starts_with('#')) continue;
    std::istringstream stream(line);
    std::array<std::string, 7> fields;
    for (std::string& field : fields) std::getline(stream, field, '\t');
    const auto& [what, floor, goal, benchmark, title, row, column] = fields;
    const Number measured = find(all, {benchmark, title, row, column});
    fmt::print("| {} | {} | {} | {} | `bench_{}` |\n", what, floor, goal,
               measured ? shown(measured) + " " + column : "not measured", benchmark);
  }
}

}  // namespace
}  // namespace tideway::bench

int main(int argc, char** argv) {
  const std::string directory = argc > 1 ? argv[1] : "build/bench";
  const std::string goals = argc > 2 ? argv[2] : "bench/goals.tsv";
  const auto all = tideway::bench::read_all(directory);
  tideway::bench::print_goals(all, goals);
  for (const auto& [name, written] : all) tideway::bench::print_benchmark(written.document);
  return 0;
}
