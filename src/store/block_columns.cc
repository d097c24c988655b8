// Columns, before compression:
//
//   columns    := dictionary(type) dictionary(sub_type) dictionary(device_id)
//                 column(time) column(added) column(type) column(sub_type) column(device_id)
//                 column(flags) column(segment size) × 4 column(has id) column(has identity)
//                 column(has identity rest) id*
//   dictionary := varint(n) (varint(length) byte[length]) × n
//   column     := width:u8 plane × width       width 0 … 8; a plane is `count` bytes
//   id         := byte[32]                     one for each record whose "has id" is 1
//
// A column holds one unsigned integer for each record: the first plane has the lowest byte of each,
// the second the next, up to the highest byte that any of them needs. A column of zeros is one
// byte. Planes lie equal bytes next to equal bytes, which zstd likes, and decode in loops without a
// branch a value, three times as fast as varints.
//
//   time             zigzag of the difference to the previous record's (the first: to 0),
//                    both modulo 2^64
//   added            likewise
//   type … device_id index into the dictionary
//   flags            as given
//   segment size     bytes
//   has …            0 or 1

#include "store/block_columns.h"

#include <algorithm>
#include <bit>

#include "base/coding.h"

namespace tideway::store {
namespace {

constexpr size_t kWidthMax = 8;

void put_dictionary(std::string& out, const std::vector<std::string>& entries) {
  put_varint(out, entries.size());
  for (const std::string& entry : entries) put_bytes(out, entry);
}

/// `entry_count_max` bounds the allocation: no dictionary has more entries than the block records.
bool read_dictionary(Decoder& in, size_t entry_count_max, std::vector<std::string_view>& entries) {
  const uint64_t entry_count = in.varint();
  if (!in.ok() || entry_count > entry_count_max) return false;
  entries.reserve(entry_count);
  for (uint64_t i = 0; i < entry_count; ++i) entries.push_back(in.bytes());
  return in.ok();
}

uint64_t zigzag(uint64_t difference) {
  return (difference << 1) ^ (difference >> 63 ? ~uint64_t{0} : 0);
}

uint64_t unzigzag(uint64_t value) { return (value >> 1) ^ (value & 1 ? ~uint64_t{0} : 0); }

class ColumnWriter {
 public:
  ColumnWriter(std::string& out, size_t count) : out_(out), values_(count) {}

  /// `value_of` is called with each row in turn.
  template <class ValueOf>
  void put(const std::vector<BlockRow>& rows, ValueOf value_of) {
    uint64_t any = 0;
    for (size_t i = 0; i < rows.size(); ++i) any |= values_[i] = value_of(rows[i]);
    const size_t width = (static_cast<size_t>(std::bit_width(any)) + 7) / 8;
    out_ += static_cast<char>(width);
    for (size_t plane = 0; plane < width; ++plane) {
      const size_t start = out_.size();
      out_.resize(start + rows.size());
      char* bytes = out_.data() + start;
      for (size_t i = 0; i < rows.size(); ++i) {
        bytes[i] = static_cast<char>(values_[i] >> (8 * plane));
      }
    }
  }

  /// As differences, which wrap: in unsigned arithmetic any two times have one.
  void put_times(const std::vector<BlockRow>& rows, int64_t BlockRow::* field) {
    uint64_t before = 0;
    put(rows, [&before, field](const BlockRow& row) {
      const auto time = static_cast<uint64_t>(row.*field);
      const uint64_t difference = time - before;
      before = time;
      return zigzag(difference);
    });
  }

 private:
  std::string& out_;
  std::vector<uint64_t> values_;
};

class ColumnReader {
 public:
  ColumnReader(Decoder& in, std::vector<BlockRow>& rows)
      : in_(in), rows_(rows), values_(rows.size()) {}

  /// `store` is called with each row and its value and returns false for a value out of range.
  /// False when a value was, or the bytes are too few.
  template <class StoreValue>
  bool read(StoreValue store) {
    if (!load_planes()) return false;
    bool in_range = true;
    for (size_t i = 0; i < rows_.size(); ++i) in_range &= store(rows_[i], values_[i]);
    return in_range;
  }

  bool read_times(int64_t BlockRow::* field) {
    uint64_t time = 0;
    return read([&time, field](BlockRow& row, uint64_t value) {
      time += unzigzag(value);
      row.*field = static_cast<int64_t>(time);
      return true;
    });
  }

  template <class Field>
  bool read_index(Field BlockRow::* field, size_t end) {
    if (skip_zeros()) return end > 0 || rows_.empty();
    return read([field, end](BlockRow& row, uint64_t value) {
      row.*field = static_cast<Field>(value);
      return value < end;
    });
  }

  /// Turns a column of 0 and 1 into the numbers 1, 2, … of the ones.
  bool read_ordinals(uint16_t BlockRow::* field, size_t& count) {
    if (skip_zeros()) return true;
    return read([field, &count](BlockRow& row, uint64_t value) {
      count += value & 1;
      row.*field = value == 0 ? 0 : static_cast<uint16_t>(count);
      return value <= 1;
    });
  }

 private:
  /// Skips a column of zeros, which the rows hold to begin with.
  bool skip_zeros() {
    if (!in_.rest().starts_with('\0')) return false;
    in_.byte();
    return true;
  }

  bool load_planes() {
    const size_t width = in_.byte();
    std::ranges::fill(values_, 0);
    for (size_t plane = 0; plane < std::min(width, kWidthMax); ++plane) {
      const std::string_view bytes = in_.raw(values_.size());
      if (!in_.ok()) return false;
      for (size_t i = 0; i < values_.size(); ++i) {
        values_[i] |= static_cast<uint64_t>(static_cast<uint8_t>(bytes[i])) << (8 * plane);
      }
    }
    return in_.ok() && width <= kWidthMax;
  }

  Decoder& in_;
  std::vector<BlockRow>& rows_;
  std::vector<uint64_t> values_;
};

bool read_rows(Decoder& in, DecodedColumns& out) {
  ColumnReader columns(in, out.rows);
  bool ok = columns.read_times(&BlockRow::time_ms) && columns.read_times(&BlockRow::added_ms);
  const auto& dictionaries = out.dictionaries;
  ok = ok && columns.read_index(&BlockRow::type, dictionaries.types.size()) &&
       columns.read_index(&BlockRow::sub_type, dictionaries.sub_types.size()) &&
       columns.read_index(&BlockRow::device_id, dictionaries.device_ids.size()) &&
       columns.read_index(&BlockRow::flags, 256);
  for (size_t segment = 0; ok && segment < 4; ++segment) {
    ok = columns.read([segment](BlockRow& row, uint64_t value) {
      row.segment_sizes[segment] = static_cast<uint32_t>(value);
      return value <= UINT32_MAX;
    });
  }
  size_t id_count = 0;
  ok = ok && columns.read_ordinals(&BlockRow::id, id_count) &&
       columns.read_ordinals(&BlockRow::identity, out.identity_count) &&
       columns.read_ordinals(&BlockRow::identity_rest, out.identity_rest_count);
  out.ids = in.raw(id_count * kExplicitIdBytes);
  return ok && in.at_end();
}

}  // namespace

std::string encode_columns(const BlockDictionaries<std::string>& dictionaries,
                           const std::vector<BlockRow>& rows, std::string_view ids) {
  std::string out;
  out.reserve(256 + rows.size() * 16 + ids.size());
  put_dictionary(out, dictionaries.types);
  put_dictionary(out, dictionaries.sub_types);
  put_dictionary(out, dictionaries.device_ids);
  ColumnWriter columns(out, rows.size());
  columns.put_times(rows, &BlockRow::time_ms);
  columns.put_times(rows, &BlockRow::added_ms);
  columns.put(rows, [](const BlockRow& row) { return row.type; });
  columns.put(rows, [](const BlockRow& row) { return row.sub_type; });
  columns.put(rows, [](const BlockRow& row) { return row.device_id; });
  columns.put(rows, [](const BlockRow& row) { return row.flags; });
  for (size_t segment = 0; segment < 4; ++segment) {
    columns.put(rows, [segment](const BlockRow& row) { return row.segment_sizes[segment]; });
  }
  columns.put(rows, [](const BlockRow& row) { return row.id != 0; });
  columns.put(rows, [](const BlockRow& row) { return row.identity != 0; });
  columns.put(rows, [](const BlockRow& row) { return row.identity_rest != 0; });
  out += ids;
  return out;
}

Result<DecodedColumns> decode_columns(std::string_view bytes, size_t count) {
  DecodedColumns out;
  out.rows.resize(count);
  Decoder in(bytes);
  const bool ok = read_dictionary(in, count, out.dictionaries.types) &&
                  read_dictionary(in, count, out.dictionaries.sub_types) &&
                  read_dictionary(in, count, out.dictionaries.device_ids) && read_rows(in, out);
  if (!ok) return std::unexpected(Error{Error::Kind::kCorruption, "block: malformed columns"});
  uint64_t offset = 0;
  for (BlockRow& row : out.rows) {
    row.text_offset = offset;
    offset += row.text_size();
  }
  return out;
}

}  // namespace tideway::store
