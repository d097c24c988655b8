// How a data source is stored:
//
//   version  byte 1
//   id, user_id, provider_type, provider_name, provider_session_id, provider_external_id,
//   metadata, error, data_set_id             bytes (varint length, then the bytes)
//   state                                    byte
//   earliest_data_ms, latest_data_ms, last_import_ms, modified_ms
//                                            byte 1, then signed varint; byte 0 when absent
//   created_ms                               signed varint
//   revision                                 varint
#include <array>

#include "base/coding.h"
#include "source/data_source.h"

namespace tideway::source {
namespace {

constexpr uint8_t kVersion = 1;

/// The members of one kind, in the order of storage.
template <class Source>
auto texts_of(Source& source) {
  return std::array{&source.id,
                    &source.user_id,
                    &source.provider_type,
                    &source.provider_name,
                    &source.provider_session_id,
                    &source.provider_external_id,
                    &source.metadata,
                    &source.error,
                    &source.data_set_id};
}

template <class Source>
auto times_of(Source& source) {
  return std::array{&source.earliest_data_ms, &source.latest_data_ms, &source.last_import_ms,
                    &source.modified_ms};
}

}  // namespace

std::string DataSource::encode() const {
  std::string out;
  out += static_cast<char>(kVersion);
  for (const auto* text : texts_of(*this)) put_bytes(out, *text);
  out += static_cast<char>(state);
  for (const auto* time : times_of(*this)) {
    out += static_cast<char>(time->has_value());
    if (*time) put_signed_varint(out, **time);
  }
  put_signed_varint(out, created_ms);
  put_varint(out, revision);
  return out;
}

store::Result<DataSource> DataSource::decode(std::string_view bytes) {
  Decoder in(bytes);
  DataSource source;
  const bool known = in.byte() == kVersion;
  for (auto* text : texts_of(source)) *text = in.bytes();
  source.state = static_cast<State>(in.byte());
  for (auto* time : times_of(source)) {
    if (in.byte() != 0) *time = in.signed_varint();
  }
  source.created_ms = in.signed_varint();
  source.revision = in.varint();
  if (!known || !in.at_end() || source.state > State::kError) {
    return std::unexpected(store::Error{store::Error::Kind::kCorruption, "data source: malformed"});
  }
  return source;
}

}  // namespace tideway::source
