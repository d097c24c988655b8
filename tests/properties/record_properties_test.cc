// What has to hold for every body of records. Bodies are made from the declarations and from those
// of the golden vectors, as they are or changed at random. RapidCheck prints the seed of a run;
// RC_PARAMS="seed=…" repeats it.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "record/vector_line.h"
#include "tests/contract/vectors.h"
#include "tests/properties/generate.h"
#include "tests/properties/outcome.h"

namespace tideway::properties {
namespace {

using json::Tree;

constexpr size_t kTapeBytes = 400;
constexpr size_t kRecordsMax = 5;
constexpr size_t kTextBytesMax = 8192;

Tape make_tape() {
  return Tape(*rc::gen::container<std::vector<uint8_t>>(kTapeBytes, rc::gen::arbitrary<uint8_t>()));
}

/// The records of the vectors, a file at a time.
class VectorRecords {
 public:
  VectorRecords() {
    for (const auto& entry : std::filesystem::directory_iterator("tests/vectors/records")) {
      files_.push_back(entry.path().filename());
    }
    std::ranges::sort(files_);
  }

  /// A record, or whatever stood in its place; an empty object where the body is none.
  Tree pick(Tape& tape) {
    const std::string& file = tape.one_of(files_);
    const auto& lines = lines_.try_emplace(file, file).first->second.lines;
    const auto vector = record::read_vector_line(parser_, tape.one_of(lines));
    json::Parser parser;
    const auto body = vector ? parser.parse(vector->request) : std::nullopt;
    if (!body) return Tree::Members();
    const Tree tree = Tree::copy(*body);
    return tree.items() == nullptr || tree.items()->empty() ? Tree(Tree::Members())
                                                            : tree.items()->front();
  }

 private:
  struct File {
    explicit File(const std::string& name) : lines(contract::read_lines("records/" + name)) {
      std::erase_if(lines, [](const std::string& line) { return line.size() > kTextBytesMax; });
    }
    std::vector<std::string> lines;
  };

  std::vector<std::string> files_;
  std::map<std::string, File> lines_;
  json::Parser parser_;
};

class RecordProperties : public testing::Test {
 protected:
  Tree any_record(Tape& tape) {
    Tree record = tape.chance(40) ? vectors_.pick(tape) : generate_record(tape);
    if (tape.chance(25)) mutate(record, tape);
    return record;
  }

  Records any_records(Tape& tape) {
    Records records;
    const size_t count = tape.below(kRecordsMax + 1);
    for (size_t i = 0; i < count; ++i) records.push_back(any_record(tape));
    return records;
  }

  VectorRecords vectors_;
};

/// On a failure RapidCheck shows what was logged.
void require_same(const Records& input, const Outcome& expected, const Outcome& actual) {
  if (expected == actual) return;
  RC_LOG() << Tree(input).compact() << "\nshould give\n"
           << expected.shown() << "but gives\n"
           << actual.shown();
  RC_FAIL("the outcomes differ");
}

// Units in mg/dL are left out: converted limits may lie outside of the limits in mmol/L.
RC_GTEST_FIXTURE_PROP(RecordProperties, NormalisingAgainChangesNothing, ()) {
  Tape tape = make_tape();
  const Records records = {any_record(tape)};
  const Outcome first = outcome_of(records);
  RC_CLASSIFY(first.stage == Outcome::Stage::kGood, "good");
  const bool converts = Tree(records).compact().find("mg/d") != std::string::npos;
  if (first.stage != Outcome::Stage::kGood) return;
  const Records stored = as_input(records);
  Outcome second = outcome_of(stored);
  if (converts && second.stage != Outcome::Stage::kGood) return;
  // A record that left no link in the one that held it does not come back.
  if (second.extracted.empty()) second.extracted = first.extracted;
  // The identity tells offsets and nanoseconds apart, the stored text does not.
  Outcome expected = first;
  for (Outcome* outcome : {&expected, &second}) {
    for (auto* texts : {&outcome->posted, &outcome->extracted}) {
      for (std::string& text : *texts) text.resize(text.rfind('}') + 1);
    }
  }
  require_same(stored, expected, second);
}

RC_GTEST_FIXTURE_PROP(RecordProperties, TheOrderOfMembersDoesNotMatter, ()) {
  Tape tape = make_tape();
  const Records records = any_records(tape);
  Tree shuffled{records};
  shuffle(shuffled, tape);
  require_same(*shuffled.items(), outcome_of(records), outcome_of(*shuffled.items()));
}

RC_GTEST_FIXTURE_PROP(RecordProperties, ABatchGivesWhatItsRecordsGive, ()) {
  Tape tape = make_tape();
  const Records records = any_records(tape);
  Outcome expected;
  for (size_t i = 0; i < records.size(); ++i) {
    expected = together(expected, i, outcome_of({records[i]}));
  }
  require_same(records, expected, outcome_of(records));
}

RC_GTEST_FIXTURE_PROP(RecordProperties, SplittingABatchChangesOnlyIndexes, ()) {
  Tape tape = make_tape();
  const Records records = any_records(tape);
  const size_t cut = tape.below(records.size() + 1);
  const auto middle = records.begin() + static_cast<std::ptrdiff_t>(cut);
  const Outcome left = outcome_of({records.begin(), middle});
  const Outcome right = outcome_of({middle, records.end()});
  require_same(records, together(left, cut, right), outcome_of(records));
}

// A generator of nothing but refused records would prove little.
RC_GTEST_FIXTURE_PROP(RecordProperties, MostGeneratedRecordsAreGood, ()) {
  Tape tape = make_tape();
  size_t good = 0;
  constexpr size_t kCount = 20;
  for (size_t i = 0; i < kCount; ++i) {
    Tape one = make_tape();
    const Records records = {generate_record(one)};
    const Outcome outcome = outcome_of(records);
    if (outcome.stage == Outcome::Stage::kGood) {
      ++good;
    } else {
      RC_LOG() << Tree(records).compact() << '\n' << outcome.shown();
    }
  }
  RC_ASSERT(good >= kCount / 2);
}

}  // namespace
}  // namespace tideway::properties
