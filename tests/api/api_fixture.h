// An application over a store in memory, asked without sockets.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/application.h"
#include "tests/store/memory_store.h"
#include "tests/store/temporary_directory.h"

namespace tideway::api {

using HeaderList = std::vector<std::pair<std::string, std::string>>;

class ApiFixture : public testing::Test {
 protected:
  struct Asked {
    std::string method;
    std::string path;
    std::string body = {};
    std::string query = {};
    HeaderList headers = {};
  };

  server::Response ask_as(const HeaderList& who, Asked asked) {
    server::Request request;
    request.method = std::move(asked.method);
    request.path = std::move(asked.path);
    request.query = std::move(asked.query);
    request.body = std::move(asked.body);
    for (const HeaderList* headers : {&who, &std::as_const(asked.headers)}) {
      for (const auto& [name, value] : *headers) request.headers.add(name, value);
    }
    request.trace_request = "trace";
    return application_->handle(std::move(request));
  }
  server::Response ask(Asked asked) { return ask_as(as_user_, std::move(asked)); }

  /// All of the body, streamed or not.
  static std::string body_of(server::Response& response) {
    if (!response.stream) return response.body;
    std::string body, chunk;
    for (auto next = server::BodyStream::Next::kMore; next == server::BodyStream::Next::kMore;) {
      chunk.clear();
      next = response.stream->next(chunk);
      EXPECT_NE(next, server::BodyStream::Next::kFailed);
      body += chunk;
    }
    return body;
  }

  static std::string header(const server::Response& response, std::string_view name) {
    return std::string(response.headers.find(name).value_or(""));
  }

  /// The 32 or 24 characters behind "id":" in a body.
  static std::string id_in(std::string_view body) {
    const size_t at = body.find("\"id\":\"");
    if (at == std::string_view::npos) return {};
    return std::string(body.substr(at + 6, body.find('"', at + 6) - at - 6));
  }

  HeaderList user_token(const std::string& user_id) {
    return {{"X-Tidepool-Session-Token", tokens_->issue(user_id, false, 3600)}};
  }

  /// Without an `id`, one of its own.
  account::User make_user(const std::string& email, const std::string& full_name,
                          const std::string& id = {}) {
    return accounts_
        .create({.email = email,
                 .password = "correct-horse",
                 .full_name = full_name,
                 .roles = {},
                 .id = id})
        .value();
  }

  /// What the user's partition holds beside the account.
  store::MemoryStore::Entries stored() {
    store::MemoryStore::Entries entries = store_.entries(user_id_);
    entries.erase("U");
    return entries;
  }

  store::MemoryStore store_;
  store::TemporaryDirectory directory_;
  account::Accounts accounts_{store_, {.operations = 1, .memory_bytes = 8192}};
  std::unique_ptr<account::Tokens> tokens_ = account::Tokens::open(store_).value();
  std::unique_ptr<Application> application_ =
      Application::open(store_, accounts_, *tokens_,
                        {.service_secret = "open-sesame",
                         .blob_directory = directory_.store_path(),
                         .export_directory = directory_.store_path() + "-exports"})
          .value();
  const std::string user_id_ = make_user("ada@example.org", "Ada Example", "0a1b2c3d4e").id;
  const HeaderList as_user_ = user_token(user_id_);
  const HeaderList as_stranger_ = user_token("ffffffffff");
  const HeaderList as_service_ = {{"X-Tidepool-Service-Secret", "open-sesame"}};
};

}  // namespace tideway::api
