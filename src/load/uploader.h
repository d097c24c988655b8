// One connection, and the persons whose data it uploads one after the other.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "load/account.h"
#include "load/http_client.h"
#include "load/pacer.h"
#include "load/person.h"
#include "load/plan.h"
#include "load/tally.h"

namespace tideway::load {

/// A data set that was opened, and what became of the chunks sent to it.
struct SentSet {
  enum class Chunk : uint8_t {
    kAccepted,
    kUnknown,  ///< there was no answer, so it may be there or not
  };

  size_t person = 0;
  std::string id;
  bool closed = false;
  size_t first_record = 0;
  std::vector<Chunk> chunks;
};

/// All that the person `number` of a plan is.
Person make_person(const Plan& plan, size_t number);
size_t chunk_records(const Plan& plan, const Person& person);

class Uploader {
 public:
  /// For the persons `first`, `first` + `step` … below `count`.
  Uploader(const Plan& plan, const std::vector<Account>& accounts, std::shared_ptr<TlsContext> tls,
           Tally& tally, size_t first, size_t step, size_t count);

  /// Opens a data set for each. Like finish(), tries again when the server is busy.
  void prepare();
  /// Sends chunks, the persons in turn, until the pacer says that it is over.
  void upload(Pacer& pacer);
  /// Closes what has to be closed to be seen.
  void finish();

  const std::vector<SentSet>& sets() const { return sets_; }

 private:
  /// One person's state.
  struct Turn {
    Person person;
    size_t number;
    const Account& account;
    std::optional<size_t> open_set;  ///< in sets_
    size_t next_record = 0;
    std::string chunk;  ///< the next one; kept until it is accepted
  };
  enum class Outcome { kDone, kBusy, kFailed };

  Outcome open_set(Turn& turn);
  Outcome close_set(const Account& account, SentSet& set);
  void send_chunk(Turn& turn, Pacer::Clock::time_point due, bool has_rate);
  void count(Turn& turn, const std::expected<Answer, std::string>& answer,
             Histogram::Duration latency);
  void rest_after(const std::string& retry_after);

  const Plan& plan_;
  Tally& tally_;
  HttpClient client_;
  std::vector<Turn> turns_;
  std::vector<SentSet> sets_;
  std::string retry_after_;  ///< of the last answer
};

}  // namespace tideway::load
