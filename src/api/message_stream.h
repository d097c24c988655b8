// {"messages":[…]} of a walk through notes, in parts.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "note/note_list.h"
#include "server/http.h"

namespace tideway::api {

class MessageStream : public server::BodyStream {
 public:
  /// The name that an account goes by, empty when nobody knows it.
  using NameOf = std::function<std::string(std::string_view user_id)>;

  /// `first` are notes of the list that have been read already.
  MessageStream(std::unique_ptr<note::NoteList> list, std::vector<note::Note> first,
                std::string account_id, NameOf name_of, std::string trace);

  Next next(std::string& chunk) override;

 private:
  const std::string& author_name(const note::Note& note);

  std::unique_ptr<note::NoteList> list_;
  std::vector<note::Note> some_;
  const std::string account_id_;
  const NameOf name_of_;
  const std::string trace_;
  std::map<std::string, std::string, std::less<>> names_;
  bool begun_ = false;
};

}  // namespace tideway::api
