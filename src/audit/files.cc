#include "audit/files.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>

namespace tideway::audit {
namespace {

constexpr std::string_view kStart = "audit-";
constexpr std::string_view kEnd = ".jsonl";
constexpr size_t kDigits = 16;

std::optional<uint64_t> sequence_in_name(std::string_view name) {
  if (name.size() != kStart.size() + kDigits + kEnd.size() || !name.starts_with(kStart) ||
      !name.ends_with(kEnd)) {
    return std::nullopt;
  }
  const std::string_view digits = name.substr(kStart.size(), kDigits);
  uint64_t sequence = 0;
  const auto [end, error] = std::from_chars(digits.begin(), digits.end(), sequence);
  if (error != std::errc() || end != digits.end()) return std::nullopt;
  return sequence;
}

/// Goes along the chain.
class Verifier {
 public:
  explicit Verifier(const Hash& anchor) : anchor_(anchor) {}

  /// What is wrong with the line, if anything.
  std::string add(std::string_view line) {
    const auto link = read_link(line);
    if (!link) return "this is no line of an audit log";
    if (result_.lines > 0) {
      if (link->sequence != result_.last_sequence + 1) {
        return fmt::format("line number {} is expected here, not {}: lines are missing or moved",
                           result_.last_sequence + 1, link->sequence);
      }
      if (link->previous != result_.last) return "the line before this one was changed";
    } else if (link->sequence == 1 && link->previous != no_line()) {
      return "the first line names one before it";
    }
    if (result_.lines++ == 0) result_.first_sequence = link->sequence;
    result_.last_sequence = link->sequence;
    result_.last = hash_line(line);
    if (result_.last == anchor_) result_.anchor_found = true;
    return {};
  }

  const Verified& result() const { return result_; }

 private:
  const Hash anchor_;
  Verified result_{.last = no_line()};
};

std::expected<void, std::string> verify_file(const File& file, Verifier& verifier) {
  std::ifstream stream(file.path, std::ios::binary);
  if (!stream) return std::unexpected(fmt::format("{}: cannot be read", file.path));
  std::string line;
  for (uint64_t number = 1; std::getline(stream, line); ++number) {
    std::string problem = verifier.add(line);
    // getline also ends at the end of the file, where a line feed is missing.
    if (problem.empty() && stream.eof()) problem = "the line is cut off";
    if (problem.empty() && number == 1 && verifier.result().last_sequence != file.first_sequence) {
      problem = "the file has another name than its first line asks for";
    }
    if (!problem.empty()) {
      return std::unexpected(fmt::format("{}:{}: {}", file.path, number, problem));
    }
  }
  if (stream.bad()) return std::unexpected(fmt::format("{}: cannot be read", file.path));
  return {};
}

}  // namespace

std::string file_path(const std::string& directory, uint64_t first_sequence) {
  return fmt::format("{}/{}{:0{}}{}", directory, kStart, first_sequence, kDigits, kEnd);
}

std::expected<std::vector<File>, std::string> list_files(const std::string& directory) {
  std::vector<File> files;
  std::error_code error;
  for (std::filesystem::directory_iterator at(directory, error), end; !error && at != end;
       at.increment(error)) {
    const auto sequence = sequence_in_name(at->path().filename().string());
    if (sequence) files.push_back({.path = at->path().string(), .first_sequence = *sequence});
  }
  if (error) return std::unexpected(fmt::format("{}: {}", directory, error.message()));
  std::ranges::sort(files, {}, &File::first_sequence);
  return files;
}

std::expected<Verified, std::string> verify(const std::string& directory, const Hash& anchor) {
  const auto files = list_files(directory);
  if (!files) return std::unexpected(files.error());
  Verifier verifier(anchor);
  for (const File& file : *files) {
    if (auto verified = verify_file(file, verifier); !verified) {
      return std::unexpected(verified.error());
    }
  }
  return verifier.result();
}

}  // namespace tideway::audit
