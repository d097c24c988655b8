#include "server/accept_encoding.h"

#include <gtest/gtest.h>

namespace tideway::server {
namespace {

bool accepts(std::string_view value) {
  Headers headers;
  headers.add("Accept-Encoding", value);
  return best_coding(headers) == Coding::kGzip;
}

TEST(AcceptEncoding, Accepting) {
  for (const char* value :
       {"gzip", "GZip", "x-gzip", "deflate, gzip;q=1.0, *;q=0.5", "br;q=1.0, gzip;q=0.001", "*",
        "gzip ; q=0.5", "gzip;Q=0.5", "gzip;level=1;q=0.3", "*;q=0.1, br",
        "gzip;q=0.5, identity;q=0.5", "gzip;q=nonsense", "gzip;q=1", "identity;q=0, gzip;q=0.1",
        ",,gzip", "gzip;q=0.1, gzip"}) {
    EXPECT_TRUE(accepts(value)) << value;
  }
}

TEST(AcceptEncoding, Refusing) {
  for (const char* value : {"", "identity", "br, deflate", "gzip;q=0", "gzip;q=0.0", "gzip;q=0.000",
                            "gzip; q=0", "*;q=0", "*, gzip;q=0", "gzip;q=0.2, identity",
                            "gzip;q=0.4, identity;q=0.5", "gzipped", "notgzip", "gzip;q=0."}) {
    EXPECT_FALSE(accepts(value)) << value;
  }
}

TEST(AcceptEncoding, ChoosesBetweenGzipAndZstd) {
  const struct {
    const char* value;
    Coding coding;
  } rows[] = {
      {"zstd", Coding::kZstd},
      {"ZSTD;q=0.1", Coding::kZstd},
      {"gzip, deflate, br, zstd", Coding::kZstd},
      {"zstd, gzip", Coding::kZstd},
      {"gzip;q=0.5, zstd;q=0.5", Coding::kZstd},
      {"gzip;q=0.9, zstd;q=0.8", Coding::kGzip},
      {"gzip;q=0.8, zstd;q=0.9", Coding::kZstd},
      {"zstd;q=0, gzip", Coding::kGzip},
      {"zstd;q=0", Coding::kIdentity},
      {"*;q=0.4, zstd;q=0.3", Coding::kGzip},
      {"zstd;q=0.4, identity;q=0.5", Coding::kIdentity},
      {"gzip;q=0.1, zstd;q=0.5, identity;q=0.4", Coding::kZstd},
      {"zstandard", Coding::kIdentity},
  };
  for (const auto& row : rows) {
    Headers headers;
    headers.add("Accept-Encoding", row.value);
    EXPECT_EQ(best_coding(headers), row.coding) << row.value;
  }
}

TEST(AcceptEncoding, NoHeaderMeansPlain) { EXPECT_EQ(best_coding({}), Coding::kIdentity); }

TEST(AcceptEncoding, SeveralHeadersAreOneList) {
  Headers headers;
  headers.add("accept-encoding", "br");
  headers.add("Accept-Encoding", "gzip");
  EXPECT_EQ(best_coding(headers), Coding::kGzip);
}

TEST(AcceptEncoding, OtherHeadersDoNotCount) {
  Headers headers;
  headers.add("Accept", "gzip");
  EXPECT_EQ(best_coding(headers), Coding::kIdentity);
}

}  // namespace
}  // namespace tideway::server
