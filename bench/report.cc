#include "bench/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include "base/number.h"
#include "base/text.h"
#include "base/time.h"

namespace tideway::bench {
namespace {

constexpr int kNameWidth = 44;
constexpr int kNumberWidth = 14;

/// "AMD EPYC, 2 CPUs".
std::string machine() {
  std::ifstream info("/proc/cpuinfo");
  std::string model = "unknown CPU";
  for (std::string line; std::getline(info, line);) {
    if (!line.starts_with("model name")) continue;
    model = line.substr(line.find(':') + 2);
    break;
  }
  return fmt::format("{}, {} CPUs", model, std::thread::hardware_concurrency());
}

/// Runnable threads, averaged over a minute: a busy machine makes a benchmark's numbers worthless.
double load_average() {
  double load = 0;
  return getloadavg(&load, 1) == 1 ? load : -1;
}

void append_texts(std::string& out, const std::vector<std::string>& texts) {
  out += '[';
  for (const std::string& text : texts) {
    if (&text != texts.data()) out += ',';
    append_json_string(out, text);
  }
  out += ']';
}

}  // namespace

Report::Report(std::string name)
    : name_(std::move(name)),
      date_(format_utc_milliseconds(now_milliseconds())),
      machine_(machine()),
      load_at_start_(load_average()) {
  fmt::print("{}, {}, {}, load average {:.1f}\n", name_, date_, machine_, load_at_start_);
}

void Report::section(std::string title, std::vector<std::string> columns) {
  fmt::print("\n{:<{}}", title, kNameWidth);
  for (const std::string& column : columns) fmt::print("{:>{}}", column, kNumberWidth);
  fmt::print("\n");
  sections_.push_back({std::move(title), std::move(columns), {}, {}});
}

void Report::row(std::string name, std::vector<Number> numbers) {
  fmt::print("  {:<{}}", name, kNameWidth - 2);
  for (const Number& number : numbers) fmt::print("{:>{}}", shown(number), kNumberWidth);
  fmt::print("\n");
  std::fflush(stdout);
  sections_.back().rows.push_back({std::move(name), std::move(numbers)});
}

void Report::note(std::string text) {
  fmt::print("  {}\n", text);
  sections_.back().notes.push_back(std::move(text));
}

double Report::seconds() const {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count();
}

std::string Report::json() const {
  std::string out = "{\"benchmark\":";
  append_json_string(out, name_);
  out += ",\"date\":";
  append_json_string(out, date_);
  out += ",\"machine\":";
  append_json_string(out, machine_);
  out += fmt::format(",\"load_average\":{:.2f},\"seconds\":{:.1f},\"sections\":[", load_at_start_,
                     seconds());
  for (const Section& section : sections_) {
    if (&section != sections_.data()) out += ',';
    out += "{\"title\":";
    append_json_string(out, section.title);
    out += ",\"notes\":";
    append_texts(out, section.notes);
    out += ",\"rows\":[";
    for (const Row& row : section.rows) {
      if (&row != section.rows.data()) out += ',';
      out += "{\"name\":";
      append_json_string(out, row.name);
      for (size_t i = 0; i < row.numbers.size(); ++i) {
        if (!row.numbers[i]) continue;
        out += ',';
        append_json_string(out, section.columns[i]);
        out += ':';
        append_json_number(out, *row.numbers[i]);
      }
      out += '}';
    }
    out += "]}";
  }
  return out + "]}\n";
}

bool Report::write(const std::string& directory) const {
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  const std::string path = directory + "/" + name_ + ".json";
  std::ofstream file(path);
  file << json();
  file.close();
  if (!file) {
    fmt::print(stderr, "cannot write {}\n", path);
    return false;
  }
  fmt::print("\nwritten to {} after {:.0f} s\n", path, seconds());
  return true;
}

std::string shown(const Number& number) {
  if (!number) return "-";
  const double magnitude = std::fabs(*number);
  if (magnitude < 1) return fmt::format("{:.3f}", *number);
  if (magnitude < 100) return fmt::format("{:.2f}", *number);
  std::string digits = fmt::format("{:.0f}", *number);
  for (auto at = static_cast<ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3) {
    digits.insert(static_cast<size_t>(at), ",");
  }
  return digits;
}

double percentile(std::vector<double> values, double share) {
  const auto at = static_cast<size_t>(share * static_cast<double>(values.size() - 1) + 0.5);
  std::ranges::nth_element(values, values.begin() + static_cast<ptrdiff_t>(at));
  return values[at];
}

}  // namespace tideway::bench
