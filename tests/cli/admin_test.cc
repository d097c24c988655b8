// Adding accounts: the texts of refusals, and the way over a real Unix socket.
#include "cli/admin.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <memory>

#include "base/ids.h"
#include "cli/admin_client.h"
#include "cli/socket_path.h"
#include "tests/store/memory_store.h"

namespace tideway::cli {
namespace {

using testing::HasSubstr;

// The least that libsodium takes, to keep the tests quick.
constexpr account::PasswordCost kCheap{.operations = 1, .memory_bytes = 8192};

account::NewUser rey() {
  return {.email = "rey@example.org",
          .password = "correct-horse",
          .full_name = "Rey \"R\" Ñandú",
          .roles = {"clinician", "patient"},
          .verified = true};
}

// --- forms ---------------------------------------------------------------------------------------

TEST(AdminProblems, NameWhatIsWrong) {
  account::NewUser user = rey();
  EXPECT_EQ(problem_with_names(user), std::nullopt);
  user.roles = {"patient", "doctor"};
  EXPECT_EQ(problem_with_names(user),
            "unknown role 'doctor'; there are brokered, clinic, clinician, custodial_account, "
            "migrated_clinic and patient");
  user.email = "rey@home";
  EXPECT_EQ(problem_with_names(user), "'rey@home' is not an e-mail address");
}

TEST(AdminProblems, KnowThePasswordRule) {
  EXPECT_EQ(problem_with_password("12345678"), std::nullopt);
  const std::string rule = "the password must have 8 to 72 characters and no white space";
  EXPECT_EQ(problem_with_password("1234567"), rule);
  EXPECT_EQ(problem_with_password("two words"), rule);
  EXPECT_EQ(problem_with_password(std::string(73, 'x')), rule);
}

TEST(AdminBody, ComesBackAsItWas) {
  const auto parsed = parse_add_user_body(add_user_body(rey()));
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->email, rey().email);
  EXPECT_EQ(parsed->password, rey().password);
  EXPECT_EQ(parsed->full_name, rey().full_name);
  EXPECT_EQ(parsed->roles, rey().roles);
  EXPECT_TRUE(parsed->verified);
}

TEST(AdminBody, RefusesOtherForms) {
  for (const char* body : {"", "[]", "{}", "null", R"({"email":"a","password":"b","fullName":"c"})",
                           R"({"email":1,"password":"b","fullName":"c","roles":[]})",
                           R"({"email":"a","password":"b","fullName":"c","roles":"patient"})",
                           R"({"email":"a","password":"b","fullName":"c","roles":[1]})"}) {
    EXPECT_EQ(parse_add_user_body(body), std::nullopt) << body;
  }
  EXPECT_TRUE(parse_add_user_body(R"({"email":"","password":"","fullName":"","roles":[]})"));
}

// --- the handler ---------------------------------------------------------------------------------

/// An audit log that can be looked at.
class KeptEvents : public audit::Log {
 public:
  void add(audit::Event event) override { events.push_back(std::move(event)); }
  bool flush() override { return true; }

  std::vector<audit::Event> events;
};

class AdminHandlerTest : public testing::Test {
 protected:
  server::Response post(const std::string& body) {
    server::Request request;
    request.method = "POST";
    request.path = std::string(kAdminUsersPath);
    request.body = body;
    request.peer_address = "uid:1000";
    request.trace_request = "trace";
    return handler_.handle(std::move(request));
  }

  store::MemoryStore store_;
  account::Accounts accounts_{store_, kCheap};
  KeptEvents audit_;
  AdminHandler handler_{accounts_, audit_};
};

TEST_F(AdminHandlerTest, AddsAnAccountThatCanLogIn) {
  const auto response = post(add_user_body(rey()));
  EXPECT_EQ(response.status, 201);
  const auto user = accounts_.authenticate("rey@example.org", "correct-horse");
  ASSERT_TRUE(user.has_value() && user->has_value());
  EXPECT_EQ(response.body, "{\"userid\":\"" + (*user)->id + "\"}");
  EXPECT_EQ((*user)->full_name, rey().full_name);
  EXPECT_THAT((*user)->roles, testing::UnorderedElementsAre("clinician", "patient"));
  EXPECT_TRUE((*user)->email_verified);
}

TEST_F(AdminHandlerTest, RefusesWithAReason) {
  EXPECT_EQ(post("{").status, 400);
  EXPECT_EQ(post("{").body, R"({"reason":"the request has not the form of a new account"})");
  auto user = rey();
  user.password = "short";
  EXPECT_EQ(post(add_user_body(user)).body,
            R"({"reason":"the password must have 8 to 72 characters and no white space"})");
  EXPECT_EQ(post(add_user_body(rey())).status, 201);
  const auto again = post(add_user_body(rey()));
  EXPECT_EQ(again.status, 400);
  EXPECT_EQ(again.body,
            R"({"reason":"an account with the e-mail address 'rey@example.org' exists already"})");
}

TEST_F(AdminHandlerTest, TheAuditLogNamesTheUserOfTheMachine) {
  post(add_user_body(rey()));
  post(add_user_body(rey()));
  post("{");
  ASSERT_EQ(audit_.events.size(), 3u);
  const audit::Event& added = audit_.events[0];
  EXPECT_EQ(added.who, "admin:uid:1000");
  EXPECT_EQ(added.what, "user add");
  EXPECT_EQ(added.whose, accounts_.find_by_email("rey@example.org").value()->id);
  EXPECT_EQ(added.trace, "trace");
  EXPECT_EQ(added.status, 201);
  for (const size_t refused : {1, 2}) {
    EXPECT_EQ(audit_.events[refused].who, "admin:uid:1000");
    EXPECT_EQ(audit_.events[refused].whose, "");
    EXPECT_EQ(audit_.events[refused].status, 400);
  }
}

TEST_F(AdminHandlerTest, SaysWhenTheStoreFails) {
  store_.fail_updates = true;
  EXPECT_EQ(post(add_user_body(rey())).body, R"({"reason":"the account could not be stored"})");
}

TEST_F(AdminHandlerTest, KnowsOnlyItsOwnPathAndMethod) {
  server::Request request;
  request.method = "POST";
  request.path = "/admin";
  EXPECT_EQ(handler_.handle(std::move(request)).status, 404);
  server::Request get;
  get.method = "GET";
  get.path = std::string(kAdminUsersPath);
  EXPECT_EQ(handler_.handle(std::move(get)).status, 405);
}

// --- the socket ----------------------------------------------------------------------------------

/// A server on the Unix socket of a data directory.
class AdminSocketTest : public AdminHandlerTest {
 protected:
  ~AdminSocketTest() override {
    if (server_) server_->stop();
    std::filesystem::remove_all(root_);
  }

  void serve_on(const std::string& data_dir) {
    std::filesystem::create_directories(data_dir);
    server::Options options;
    options.listen = "127.0.0.1:0";
    options.unix_socket_path = socket_file(data_dir);
    // The TCP side has no use here; the same handler does.
    server_ = std::make_unique<server::Server>(options, handler_, &handler_);
    server_->start();
  }

  const std::string root_ = testing::TempDir() + "tideway-admin-" + random_id();
  std::unique_ptr<server::Server> server_;
};

TEST_F(AdminSocketTest, CarriesAccountsAndReasons) {
  serve_on(root_);
  const auto id = add_user_over_socket(root_, rey());
  ASSERT_TRUE(id) << id.error();
  const auto user = accounts_.find(*id);
  ASSERT_TRUE(user.has_value() && user->has_value());
  EXPECT_EQ((*user)->email, "rey@example.org");
  ASSERT_EQ(audit_.events.size(), 1u);
  EXPECT_EQ(audit_.events[0].who, "admin:" + own_uid()) << "as the kernel says, not the client";

  const auto again = add_user_over_socket(root_, rey());
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error(), "an account with the e-mail address 'rey@example.org' exists already");
}

TEST_F(AdminSocketTest, IsForTheOwnerOnly) {
  serve_on(root_);
  struct stat status{};
  ASSERT_EQ(::stat(socket_file(root_).c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
}

// A socket address holds 107 bytes; data directories may be deeper.
TEST_F(AdminSocketTest, WorksInADeepDirectory) {
  const std::string deep = root_ + "/" + std::string(120, 'd');
  serve_on(deep);
  const auto id = add_user_over_socket(deep, rey());
  EXPECT_TRUE(id) << id.error();
}

TEST_F(AdminSocketTest, SaysThatNobodyAnswers) {
  std::filesystem::create_directories(root_);
  const auto id = add_user_over_socket(root_, rey());
  ASSERT_FALSE(id);
  EXPECT_THAT(id.error(), testing::StartsWith("the server that runs on " + root_ +
                                              " does not answer on its socket tideway.sock: "));
  const auto nowhere = add_user_over_socket(root_ + std::string(120, 'd'), rey());
  ASSERT_FALSE(nowhere);
  EXPECT_THAT(nowhere.error(), HasSubstr("No such file or directory"));
}

/// Answers everything with what no admin handler says.
class StrangeHandler : public server::Handler {
 public:
  uint64_t body_size_bytes_max(std::string_view, std::string_view) const override { return 65536; }
  server::Response handle(server::Request) override {
    server::Response response;
    response.body = "hello";
    return response;
  }
};

TEST_F(AdminSocketTest, DoesNotTrustOtherAnswers) {
  StrangeHandler strange;
  std::filesystem::create_directories(root_);
  server::Options options;
  options.listen = "127.0.0.1:0";
  options.unix_socket_path = socket_file(root_);
  server::Server server(options, strange, &strange);
  server.start();
  const auto id = add_user_over_socket(root_, rey());
  server.stop();
  ASSERT_FALSE(id);
  EXPECT_EQ(id.error(), "the running server gave an answer that is not understood, status 200");
}

}  // namespace
}  // namespace tideway::cli
