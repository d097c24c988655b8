// A client that does what comes to its mind with the data of one user, and knows from a model what
// each answer must be.
//
// When an answer is missing because the server was killed, the request may have been carried out or
// not: what can be read then must be the state before it or the state after it. Where both look the
// same the request is sent once more, which must not do anything twice.
#pragma once

#include <functional>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "tests/e2e/api_client.h"
#include "tests/model/model.h"
#include "tests/model/server.h"

namespace tideway::model {

struct User {
  std::string id;
  std::string token;
};

/// A new user of the server, logged in. Throws when there is none to be had.
User make_user(Server& server, const std::string& email);

class Player {
 public:
  Player(Server& server, User user, uint64_t seed);
  Player(const Player&) = delete;

  /// Goes on until `operations` requests have been answered, or something was not as it must be.
  void play(int operations);

  /// What was not as it must be; empty when all was.
  const std::string& difference() const { return difference_; }
  uint64_t lost_answers() const { return lost_answers_; }

 protected:
  struct Operation {
    std::string method;
    std::string target;
    std::string body = {};
    std::string fields = {};
    bool as_service = false;
    /// What it does to a model, and the status that the answer must have.
    std::function<int(Model&)> apply;
    /// Checks the body of an answer of that status, which a retry may leave out.
    std::function<bool(const std::string&)> check = {};
  };

  // Requests, see player_requests.cc.
  void create();
  Operation choose();
  Operation add(const Set& set);
  Operation add_with_a_bad_record(const Set& set);
  Operation repeat_add(const Set& set);
  Operation close(const Set& set);
  Operation remove(const Set& set);
  Operation remove_set(const Set& set);
  Operation restore(const Set& set);
  Operation remove_sets();
  Operation erase();
  Operation list();
  Operation get(const Set& set);

  /// Sends it, and compares the answer with what the model says.
  void perform(const Operation& operation);
  const Model& model() const { return model_; }

 private:
  Record make_record(const Set& set);
  std::vector<Record> make_records(const Set& set);

  void play_on(int operations);
  void resolve(const Operation& operation, const Model& after, int status);
  std::optional<e2e::Reply> ask(const Operation& operation);
  std::optional<Seen> read();
  void look();
  void note(const Operation& operation);
  void note(std::string_view outcome);
  void differ(const std::string& what);

  int pick(int count) { return std::uniform_int_distribution<int>(0, count - 1)(random_); }
  bool chance(int percent) { return pick(100) < percent; }

  Server& server_;
  const User user_;
  std::mt19937_64 random_;
  Server::Running running_;
  std::vector<e2e::ApiClient> clients_;  ///< of the user, each with a connection of its own
  Model model_;
  int next_number_ = 0;
  int next_key_ = 0;
  struct Sent {
    std::string set;
    std::vector<Record> records;
    Chunk chunk;
  };
  std::vector<Sent> sent_;  ///< the last chunks, to be sent again
  std::string last_;        ///< the operations before and what came of them, for a message
  uint64_t lost_answers_ = 0;
  std::string difference_;
};

}  // namespace tideway::model
