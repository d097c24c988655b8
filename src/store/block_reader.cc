// Reading of what block.cc writes. The bytes are not trusted: a checksum says that they are what
// was written, not that a sane program wrote them.

#include <cstring>

#include "base/coding.h"
#include "store/block.h"
#include "store/block_format.h"
#include "store/crc32c.h"

namespace tideway::store {
namespace {

std::unexpected<Error> corrupt(const char* message) {
  return std::unexpected(Error{Error::Kind::kCorruption, message});
}

struct Header {
  Coding coding = Coding::kZstd;
  Bytes16 nonce{};
  uint32_t first_slot = 0;
  size_t count = 0;
  size_t columns_plain = 0;
  size_t columns_stored = 0;
  size_t text_plain = 0;
  size_t text_stored = 0;
};

/// `body` is the block without its checksum.
Result<Header> read_header(std::string_view body) {
  Decoder in(body);
  const uint8_t version = in.byte();
  if (version != kBlockVersion) {
    return std::unexpected(Error{Error::Kind::kVersion, "block: format " + std::to_string(version) +
                                                            ", this program reads " +
                                                            std::to_string(kBlockVersion)});
  }
  Header header;
  header.coding = static_cast<Coding>(in.byte());
  std::memcpy(header.nonce.data(), in.raw(header.nonce.size()).data(), header.nonce.size());
  header.first_slot = in.fixed32();
  header.count = in.fixed32();
  header.columns_plain = in.fixed32();
  header.columns_stored = in.fixed32();
  header.text_plain = in.fixed32();
  header.text_stored = in.fixed32();
  if (header.coding > Coding::kZstd || (header.first_slot > 0 && header.nonce != Bytes16{})) {
    return corrupt("block: malformed header");
  }
  if (header.coding == Coding::kPlain &&
      (header.columns_stored != header.columns_plain || header.text_stored != header.text_plain)) {
    return corrupt("block: plain sections of another size");
  }
  const size_t bytes_max = section_bytes_max(header.count);
  if (header.count > kBlockRecordsMax || header.first_slot > kBlockRecordsMax - header.count ||
      header.columns_plain > bytes_max || header.text_plain > bytes_max) {
    return corrupt("block: header out of bounds");
  }
  if (in.rest().size() < header.columns_stored + header.text_stored) {
    return corrupt("block: sections out of bounds");
  }
  return header;
}

Result<std::string_view> checked_body(std::string_view bytes) {
  if (bytes.size() < kBlockHeaderBytes + kBlockChecksumBytes) return corrupt("block: too short");
  const std::string_view body = bytes.substr(0, bytes.size() - kBlockChecksumBytes);
  if (Decoder(bytes.substr(body.size())).fixed32() != crc32c(body)) {
    return corrupt("block: checksum mismatch");
  }
  return body;
}

/// Identities, or their rests: as many as `parts` has room for.
template <class Part>
void read_parts(Decoder& in, std::vector<Part>& parts) {
  const std::string_view bytes = in.raw(parts.size() * sizeof(Part));
  if (!bytes.empty()) std::memcpy(parts.data(), bytes.data(), bytes.size());
}

template <class Part>
std::optional<Part> copy_of(const Part* part) {
  return part == nullptr ? std::nullopt : std::optional(*part);
}

}  // namespace

Result<Block> Block::open(std::string bytes) {
  Block block;
  block.bytes_ = std::move(bytes);
  const Result<std::string_view> body = checked_body(block.bytes_);
  if (!body) return std::unexpected(body.error());
  const Result<Header> header = read_header(*body);
  if (!header) return std::unexpected(header.error());

  block.coding_ = header->coding;
  const std::string_view stored_columns = body->substr(kBlockHeaderBytes, header->columns_stored);
  if (const Result<void> loaded =
          block.load_columns(stored_columns, header->columns_plain, header->count);
      !loaded) {
    return std::unexpected(loaded.error());
  }

  const auto& rows = block.columns_.rows;
  const uint64_t text_size = rows.empty() ? 0 : rows.back().text_offset + rows.back().text_size();
  if (text_size != header->text_plain) return corrupt("block: text of another size");
  block.nonce_ = header->nonce;
  block.first_slot_ = header->first_slot;
  block.text_size_bytes_ = header->text_plain;
  block.stored_text_start_ = kBlockHeaderBytes + header->columns_stored;
  block.stored_text_size_bytes_ = header->text_stored;

  Decoder identities(body->substr(block.stored_text_start_ + header->text_stored));
  block.identities_.resize(block.columns_.identity_count);
  block.identity_rests_.resize(block.columns_.identity_rest_count);
  read_parts(identities, block.identities_);
  read_parts(identities, block.identity_rests_);
  if (!identities.at_end()) return corrupt("block: identities of another size");
  return block;
}

Result<void> Block::load_columns(std::string_view stored, size_t plain_size_bytes, size_t count) {
  // A view into bytes_ stays good when the block moves: no block is short enough for a string to
  // keep it inside itself.
  static_assert(kBlockHeaderBytes > sizeof(std::string));
  std::string_view plain = stored;
  if (coding_ == Coding::kZstd) {
    Result<Buffer> bytes = decompress(stored, plain_size_bytes);
    if (!bytes) return std::unexpected(bytes.error());
    column_bytes_ = *std::move(bytes);
    plain = column_bytes_.view();
  }
  Result<DecodedColumns> columns = decode_columns(plain, count);
  if (!columns) return std::unexpected(columns.error());
  columns_ = *std::move(columns);
  return {};
}

std::string_view Block::type(size_t slot) const {
  return columns_.dictionaries.types[columns_.rows[slot].type];
}

std::string_view Block::sub_type(size_t slot) const {
  return columns_.dictionaries.sub_types[columns_.rows[slot].sub_type];
}

std::string_view Block::device_id(size_t slot) const {
  return columns_.dictionaries.device_ids[columns_.rows[slot].device_id];
}

std::string_view Block::id(size_t slot) const {
  const size_t ordinal = columns_.rows[slot].id;
  if (ordinal == 0) return {};
  return columns_.ids.substr((ordinal - 1) * kExplicitIdBytes, kExplicitIdBytes);
}

size_t Block::held_bytes() const {
  return bytes_.capacity() + column_bytes_.size_bytes + text_size_bytes_ +
         columns_.rows.capacity() * sizeof(BlockRow) + identities_.capacity() * sizeof(Identity) +
         identity_rests_.capacity() * sizeof(IdentityRest);
}

Result<void> Block::load_text() {
  if (text_) return {};
  const std::string_view stored =
      std::string_view(bytes_).substr(stored_text_start_, stored_text_size_bytes_);
  if (coding_ == Coding::kPlain) {
    text_ = stored;
    return {};
  }
  Result<Buffer> text = decompress(stored, text_size_bytes_);
  if (!text) return std::unexpected(text.error());
  text_bytes_ = *std::move(text);
  text_ = text_bytes_.view();
  return {};
}

Result<BlockRecord> Block::record(size_t slot) {
  if (Result<void> loaded = load_text(); !loaded) return std::unexpected(loaded.error());
  const BlockRow& row = columns_.rows[slot];
  const RecordText shown = text(slot);
  return BlockRecord{.time_ms = row.time_ms,
                     .added_ms = row.added_ms,
                     .type = type(slot),
                     .sub_type = sub_type(slot),
                     .device_id = device_id(slot),
                     .id = id(slot),
                     .flags = row.flags,
                     .identity = copy_of(identity(slot)),
                     .identity_rest = copy_of(identity_rest(slot)),
                     .segment_sizes = shown.segment_sizes,
                     .text = shown.text};
}

Result<Block> joined_block(std::vector<Block> pieces) {
  if (pieces.size() == 1 && pieces.front().first_slot() == 0) return std::move(pieces.front());
  const Result<BlockBuilder> builder = BlockBuilder::extend(pieces);
  if (!builder) return std::unexpected(builder.error());
  return Block::open(builder->finish(Coding::kPlain));
}

}  // namespace tideway::store
