// Notes on accounts: /message/… (docs/spec/fetch.md 9).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "account/profiles.h"
#include "account/tokens.h"
#include "api/access.h"
#include "api/credentials.h"
#include "note/notes.h"
#include "server/router.h"

namespace tideway::api {

/// Safe to call from any thread. What it is given must outlive it, and it its routes.
class MessagesApi {
 public:
  MessagesApi(note::Notes& notes, const account::Profiles& profiles, const account::Tokens& tokens,
              const Access& access);

  std::vector<server::Route> routes();

 private:
  using Request = server::Request;
  using Response = server::Response;

  /// The route's first variable names an account, or a note, that the caller may see.
  using OnAccount = Response (MessagesApi::*)(const Request&, const Identity&);
  using OnNote = Response (MessagesApi::*)(const Request&, const Identity&, const note::NoteOn&);
  server::Route on_account(std::string method, std::string pattern, OnAccount handle);
  server::Route on_note(std::string method, std::string pattern, OnNote handle);

  Response list_top_level(const Request& request, const Identity& caller);
  Response list_all(const Request& request, const Identity& caller);
  Response list(const Request& request, bool replies);
  Response thread(const Request& request, const Identity& caller, const note::NoteOn& on);
  Response read(const Request& request, const Identity& caller, const note::NoteOn& on);
  Response send(const Request& request, const Identity& caller);
  Response reply(const Request& request, const Identity& caller, const note::NoteOn& on);
  Response edit(const Request& request, const Identity& caller, const note::NoteOn& on);
  Response remove(const Request& request, const Identity& caller, const note::NoteOn& on);

  Response add(const Request& request, const Identity& caller, std::string_view account_id,
               std::string parent_id);
  Response answer_list(const Request& request, std::string account_id, note::ListOptions options);
  std::optional<Response> refusal(const Request& request, const Identity& caller,
                                  std::string_view account_id) const;
  std::string name_of(std::string_view user_id);

  note::Notes& notes_;
  const account::Profiles& profiles_;
  const account::Tokens& tokens_;
  const Access& access_;
};

}  // namespace tideway::api
