#include "tests/properties/outcome.h"

#include <algorithm>
#include <map>
#include <stdexcept>

#include "record/batch.h"
#include "record/record_types.h"

namespace tideway::properties {
namespace {

using json::Tree;
using record::Dispatch;
using record::Field;
using record::Kind;
using record::Object;

/// A record whose one fault only shows when no record has a fault of the first stage.
constexpr std::string_view kFaultOfSecondStage =
    R"({"type":"water","time":"2024-03-12T13:05:00Z"})";

std::string body_of(const Records& records, std::string_view more = {}) {
  std::string body = Tree(records).compact();
  if (more.empty()) return body;
  body.pop_back();
  if (!records.empty()) body += ',';
  return body + std::string(more) + ']';
}

std::string replaced(std::string text, std::string_view what, std::string_view with) {
  for (size_t at = text.find(what); at != text.npos; at = text.find(what, at + with.size())) {
    text.replace(at, what.size(), with);
  }
  return text;
}

Outcome::Error split(const tideway::Error& error) {
  const size_t end = std::min(error.pointer.find('/', 1), error.pointer.size());
  return {std::stoul(error.pointer.substr(1, end - 1)),
          error.code + ' ' + error.pointer.substr(end) + ' ' + error.detail + ' ' + error.meta};
}

/// A record with the id in its place and without an upload id, in front of which goes a comma.
std::string whole(const record::Record& record) {
  const auto& sizes = record.segment_sizes;
  const size_t rest = sizes[0] + sizes[1] + sizes[2];
  std::string_view middle = record.text.substr(sizes[0], rest - sizes[0]);
  middle.remove_suffix(1);
  std::string out = "{";
  out += record.text.substr(0, sizes[0]);
  out += "\"id\":\"" + std::string(record.id) + "\",";
  out += middle;
  out += record.text.substr(rest);
  return out + '}';
}

bool is_posted(const Tree& record) { return record != Tree(); }

/// Undoes what storing does to a record.
class Input {
 public:
  explicit Input(std::map<std::string, Tree> extracted) : extracted_(std::move(extracted)) {}

  Tree record(Tree stored) {
    const Object& chosen = choose(record::record_types(), stored);
    return object(chosen, std::move(stored));
  }

 private:
  static const Object& choose(const Dispatch& dispatch, Tree& tree) {
    const Tree* const key = tree.find(dispatch.key);
    if (key == nullptr) throw std::runtime_error("a shape without its key: " + tree.compact());
    for (const Dispatch::Case& option : dispatch.cases) {
      if (*key != Tree::text(option.value)) continue;
      return option.object != nullptr ? option.object() : choose(option.dispatch(), tree);
    }
    throw std::runtime_error("a stored object of no known shape: " + tree.compact());
  }

  Tree object(const Object& object, Tree stored) {
    Tree out{Tree::Members()};
    for (auto& [name, value] : *stored.members()) {
      const auto field = std::ranges::find(object.fields(), name, &Field::output_name);
      if (field == object.fields().end()) continue;  // the id of a record that had none
      out.add(std::string(field->name()), this->value(*field, std::move(value)));
    }
    return out;
  }

  Tree value(const Field& field, Tree stored) {
    switch (field.kind()) {
      case Kind::kLocalTime:
        return Tree::literal(replaced(stored.compact(), "Z\"", "\""));
      case Kind::kRecord:
        return record(extracted_.at(stored.compact()));
      case Kind::kObject:
        return object(field.object(), std::move(stored));
      case Kind::kVariant: {
        const Object& chosen = choose(field.dispatch(), stored);
        return object(chosen, std::move(stored));
      }
      case Kind::kObjects:
      case Kind::kObjectMap:
      case Kind::kObjectsMap:
        return each(field, std::move(stored));
      default:
        return stored;
    }
  }

  /// The objects of arrays, of maps and of maps of arrays.
  Tree each(const Field& field, Tree stored) {
    if (auto* const items = stored.items()) {
      for (Tree& item : *items) item = object(field.object(), std::move(item));
    } else {
      for (auto& [key, item] : *stored.members()) {
        item = field.kind() == Kind::kObjectMap ? object(field.object(), std::move(item))
                                                : each(field, std::move(item));
      }
    }
    return stored;
  }

  std::map<std::string, Tree> extracted_;
};

Tree parsed(const std::string& text) {
  json::Parser parser;
  const auto root = parser.parse(text);
  if (!root) throw std::runtime_error("not JSON: " + text);
  return Tree::copy(*root);
}

}  // namespace

std::string Outcome::shown() const {
  std::string out = "stage " + std::to_string(static_cast<int>(stage)) + '\n';
  for (const Error& error : errors) out += std::to_string(error.index) + ' ' + error.text + '\n';
  for (const auto* list : {&posted, &extracted}) {
    for (const std::string& text : *list) out += text + '\n';
  }
  return out;
}

Outcome outcome_of(const Records& records) {
  record::Reader reader;
  const std::string body = body_of(records);
  Outcome outcome;
  const auto batch = reader.read(body, {.with_identity = true, .requires_device_id = false});
  if (!batch) {
    for (const tideway::Error& error : batch.error().errors) outcome.errors.push_back(split(error));
    const auto probed = reader.read(body_of(records, kFaultOfSecondStage), {});
    const bool seen = split(probed.error().errors.back()).index == records.size();
    outcome.stage = seen ? Outcome::Stage::kValidate : Outcome::Stage::kParse;
    return outcome;
  }
  std::vector<std::string> texts;
  for (const record::Record& record : batch->records) {
    texts.push_back(whole(record) + ' ' + std::string(record.identity));
  }
  for (const record::Record& record : batch->records) {
    if (record.id.empty() || body.find(record.id) != body.npos) continue;
    for (std::string& text : texts) text = replaced(std::move(text), record.id, "<made>");
  }
  const auto posted = static_cast<std::ptrdiff_t>(std::ranges::count_if(records, is_posted));
  outcome.posted.assign(texts.begin(), texts.begin() + posted);
  outcome.extracted.assign(texts.begin() + posted, texts.end());
  return outcome;
}

Outcome together(const Outcome& left, size_t left_count, const Outcome& right) {
  Outcome out;
  out.stage = std::min(left.stage, right.stage);
  const bool good = out.stage == Outcome::Stage::kGood;
  for (const auto& [part, shift] : {std::pair{&left, size_t{0}}, {&right, left_count}}) {
    if (part->stage != out.stage) continue;
    for (const Outcome::Error& error : part->errors) {
      out.errors.push_back({error.index + shift, error.text});
    }
    if (!good) continue;
    out.posted.insert(out.posted.end(), part->posted.begin(), part->posted.end());
    out.extracted.insert(out.extracted.end(), part->extracted.begin(), part->extracted.end());
  }
  return out;
}

Records as_input(const Records& records) {
  record::Reader reader;
  const std::string body = body_of(records);
  const auto batch = reader.read(body, {});
  if (!batch) throw std::runtime_error("not a good body: " + body);
  std::vector<Tree> stored;
  std::map<std::string, Tree> by_id;
  for (const record::Record& record : batch->records) {
    Tree tree = parsed(whole(record));
    // An id that was made, as that of an embedded record, is made anew.
    if (record.id.empty() || body.find(record.id) == body.npos) {
      std::erase_if(*tree.members(), [](const auto& member) { return member.first == "id"; });
    }
    by_id.emplace(Tree::text(record.id).compact(), tree);
    stored.push_back(std::move(tree));
  }
  stored.resize(static_cast<size_t>(std::ranges::count_if(records, is_posted)));
  Input input(std::move(by_id));
  Records out;
  for (Tree& record : stored) out.push_back(input.record(std::move(record)));
  return out;
}

}  // namespace tideway::properties
