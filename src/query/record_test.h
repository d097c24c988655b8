// Whether a record of a block passes the filter: all that its block's summary cannot tell.
#pragma once

#include <cstdint>
#include <string_view>

#include "dataset/mask.h"
#include "query/catalogue.h"
#include "store/block.h"

namespace tideway::query {

/// For the records of one type in one block. The catalogue and the entry must outlive it.
class RecordTest {
 public:
  RecordTest(const Catalogue& catalogue, const CatalogueBlock& entry);

  /// By the columns alone.
  bool passes_columns(const store::Block& block, uint32_t slot) const;

  /// Whether it became visible lately, or the filter does not ask for that. For a record that
  /// counts.
  bool is_new(const store::Block& block, const dataset::Mask& mask, uint32_t slot) const;

  /// Whether the text has to be looked at as well.
  bool needs_text() const { return reads_interval_ || reads_reason_; }
  bool passes_text(const store::RecordText& record) const;

 private:
  const Filter& filter_;
  const SourceRules& rules_;
  const CatalogueBlock& entry_;
  const CatalogueSet& set_;
  std::string_view type_;
  bool is_hidden_in_cloud_spans_;
  bool reads_interval_;
  bool reads_reason_;
};

}  // namespace tideway::query
