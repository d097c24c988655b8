// The answer to a fetch, as text, part by part (docs/spec/fetch.md 3, 4).
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "query/catalogue.h"
#include "query/removed.h"
#include "query/walk.h"
#include "store/block.h"
#include "store/opened_blocks.h"
#include "store/store.h"

namespace tideway::query {

enum class Form {
  kArray,  ///< one JSON array
  kLines,  ///< an object a line (application/x-ndjson)
};

/// What a fetch cost.
struct FetchCounters {
  uint32_t blocks_opened = 0;
  uint32_t blocks_skipped = 0;  ///< told by their summaries not to matter
};

/// Walks one snapshot, and holds no more than some hundred kilobytes however much there is, see
/// docs/architecture.md. Not to be shared between threads.
class Fetch {
 public:
  /// `cipher`, and `opened` if not null, must outlive the fetch.
  static store::Result<std::unique_ptr<Fetch>> open(store::Store& store, std::string_view user_id,
                                                    Filter filter, const store::IdCipher& cipher,
                                                    const ReadCloudSources& cloud_sources = {},
                                                    Form form = Form::kArray,
                                                    store::OpenedBlocks* opened = nullptr);

  /// Appends the next part of the answer to `out`, some tens of kilobytes; the first part is
  /// smaller, so that it leaves soon. False when that was the last one.
  store::Result<bool> next(std::string& out);

  /// The place of the last element of this answer, when it ends for the filter's limit and there is
  /// more behind it.
  const std::optional<Position>& page_end() const { return page_end_; }

  FetchCounters counters() const;

  /// What it holds in memory, roughly.
  size_t held_bytes() const { return catalogue_.held_bytes() + walk_.held_bytes(); }

 private:
  Fetch(Catalogue catalogue, const store::IdCipher& cipher, Form form);

  store::Result<void> find_page_end();
  store::Result<bool> append_some(std::string& out, size_t full);
  store::Result<bool> append_removed(std::string& out);
  store::Result<void> append_set(std::string& out, const CatalogueSet& set);
  void begin_element(std::string& out);
  void end_element(std::string& out);

  Catalogue catalogue_;
  const store::IdCipher& cipher_;
  Form form_;
  Walk walk_;
  std::optional<Removed> removed_;  ///< until all of it is out
  uint64_t left_;                   ///< elements that may still come
  std::optional<Position> page_end_;
  bool begun_ = false;  ///< the first part is out
  bool first_ = true;   ///< no element is out yet
};

}  // namespace tideway::query
