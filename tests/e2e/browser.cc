#include "tests/e2e/browser.h"

#include <fmt/format.h>

#include <cctype>
#include <stdexcept>

#include "server/query.h"

namespace tideway::e2e {
namespace {

std::string escaped(std::string_view text) {
  std::string out;
  for (const unsigned char c : text) {
    out += std::isalnum(c) != 0 ? std::string(1, static_cast<char>(c)) : fmt::format("%{:02X}", c);
  }
  return out;
}

std::string unescaped_html(std::string text) {
  for (const auto& [entity, plain] :
       {std::pair("&quot;", "\""), std::pair("&#39;", "'"), std::pair("&lt;", "<"),
        std::pair("&gt;", ">"), std::pair("&amp;", "&")}) {
    for (size_t at = 0; (at = text.find(entity, at)) != std::string::npos; ++at) {
      text.replace(at, std::string_view(entity).size(), plain);
    }
  }
  return text;
}

}  // namespace

std::string form_text(const Form& form) {
  std::string out;
  for (const auto& [name, value] : form) {
    if (!out.empty()) out += '&';
    out += escaped(name) + "=" + escaped(value);
  }
  return out;
}

std::map<std::string, std::string> parameters_of(const std::string& address) {
  const size_t at = address.find_first_of("?#");
  std::map<std::string, std::string> out;
  if (at == std::string::npos) return out;
  for (const auto& [name, value] : server::parse_query_lenient(address.substr(at + 1))) {
    out[name] = value;
  }
  return out;
}

std::string input_of(const std::string& page, std::string_view name) {
  const std::string start = fmt::format("name=\"{}\" value=\"", name);
  const size_t at = page.find(start);
  if (at == std::string::npos) return {};
  const size_t begin = at + start.size();
  return unescaped_html(page.substr(begin, page.find('"', begin) - begin));
}

std::string Browser::cookie_field() const {
  std::string all;
  for (const auto& [name, value] : cookies_) {
    if (!all.empty()) all += "; ";
    all += name + "=" + value;
  }
  return all.empty() ? std::string() : field("Cookie", all);
}

Reply Browser::keep_cookies(Reply reply) {
  for (const auto& [name, value] : reply.headers) {
    if (name != "Set-Cookie") continue;
    const std::string pair = value.substr(0, value.find(';'));
    const size_t equals = pair.find('=');
    cookies_[pair.substr(0, equals)] = pair.substr(equals + 1);
    if (value.find("Max-Age=0") != std::string::npos) cookies_.erase(pair.substr(0, equals));
  }
  return reply;
}

Reply Browser::get(const std::string& target) {
  return keep_cookies(client_.ask("GET", target, {}, cookie_field()));
}

Reply Browser::post(const std::string& target, const Form& form, const std::string& fields) {
  return keep_cookies(client_.ask(
      "POST", target, form_text(form),
      field("Content-Type", "application/x-www-form-urlencoded") + cookie_field() + fields));
}

std::string Browser::log_in(const std::string& target, const std::string& email,
                            const std::string& password) {
  const Reply page = get(target);
  if (page.status != 200) throw std::runtime_error("no form: " + value_of(page, "Location"));
  const Reply reply = post(target.substr(0, target.find('?')),
                           {{"request", input_of(page.body, "request")},
                            {"csrf", input_of(page.body, "csrf")},
                            {"email", email},
                            {"password", password}},
                           field("Sec-Fetch-Site", "same-origin"));
  if (reply.status != 303) throw std::runtime_error("not logged in: " + reply.body);
  return value_of(reply, "Location");
}

}  // namespace tideway::e2e
