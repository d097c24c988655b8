// A client that uploads without a pause until its server is gone, and keeps a journal of it.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "tests/e2e/api_client.h"
#include "tests/fault/journal.h"

namespace tideway::fault {

class Writer {
 public:
  /// `number` tells the writers apart. Several may upload for one user.
  Writer(int number, std::string user_id, std::string token, uint64_t seed);

  /// Uploads through the server on `port` until an answer is missing.
  void work(uint16_t port);

  Journal& journal() { return journal_; }
  const std::string& user_id() const { return user_id_; }
  /// Answers that should not have been.
  const std::vector<std::string>& surprises() const { return surprises_; }

 private:
  /// One request, noted before it is sent. False when there was no answer to go on from.
  bool step(e2e::ApiClient& client);
  bool open(e2e::ApiClient& client, Upload::Kind kind);
  bool add_chunk(e2e::ApiClient& client, Upload& upload);
  bool close(e2e::ApiClient& client, Upload& upload);

  /// The set of this kind to go on with, if there is one.
  Upload* open_upload(Upload::Kind kind);
  int random_int(int first, int last);
  bool expect(const e2e::Reply& reply, unsigned status, std::string_view what);

  const int number_;
  const std::string user_id_;
  const std::string token_;
  std::mt19937_64 random_;
  Journal journal_;
  std::vector<std::string> surprises_;
  uint64_t chunk_count_ = 0;
  uint64_t closing_count_ = 0;
  int next_minute_ = 0;
};

}  // namespace tideway::fault
