// The Unix socket: its file, its mode, its own handler.
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "tests/server/server_fixture.h"

namespace tideway::server {
namespace {

namespace fs = std::filesystem;

class ServerUnix : public ServerTest {
 protected:
  ServerUnix() {
    std::string pattern = (fs::temp_directory_path() / "tideway-XXXXXX").string();
    directory_ = ::mkdtemp(pattern.data());
    options_.unix_socket_path = (directory_ / "admin.sock").string();
    unix_handler_.on_request = [](const Request& request) {
      return TestHandler::text("admin " + request.path + " \"" + request.peer_address + "\"");
    };
  }
  ~ServerUnix() override {
    server_.reset();
    fs::remove_all(directory_);
  }

  /// What start() throws; empty when nothing.
  std::string start_failure() {
    try {
      start();
    } catch (const std::runtime_error& error) {
      return error.what();
    }
    return {};
  }

  fs::path directory_;
};

TEST_F(ServerUnix, HasAHandlerOfItsOwn) {
  start();
  Client local(options_.unix_socket_path);
  ASSERT_TRUE(local.connected());
  EXPECT_EQ(local.ask(get("/x"))->body, "admin /x \"uid:" + std::to_string(::getuid()) + "\"");
  EXPECT_EQ(local.ask(get("/y"))->body, "admin /y \"uid:" + std::to_string(::getuid()) + "\"");
  EXPECT_EQ(client().ask(get("/x"))->body, "GET /x  ");
}

TEST_F(ServerUnix, OnlyItsOwnerMayConnect) {
  const mode_t before = ::umask(0);
  start();
  ::umask(before);
  struct stat status{};
  ASSERT_EQ(::stat(options_.unix_socket_path.c_str(), &status), 0);
  EXPECT_TRUE(S_ISSOCK(status.st_mode));
  EXPECT_EQ(status.st_mode & 07777, 0600U);
}

TEST_F(ServerUnix, TheFileGoesWithTheServer) {
  start();
  EXPECT_TRUE(fs::exists(options_.unix_socket_path));
  server_->stop();
  EXPECT_FALSE(fs::exists(options_.unix_socket_path));
}

TEST_F(ServerUnix, PathsMayBeLongerThanASocketAddress) {
  const fs::path deep = directory_ / std::string(150, 'd') / std::string(150, 'e');
  fs::create_directories(deep);
  options_.unix_socket_path = (deep / "admin.sock").string();
  ASSERT_EQ(start_failure(), "");
  ASSERT_TRUE(fs::exists(options_.unix_socket_path));
  // The client has the same difficulty; it goes through a link.
  const fs::path link = directory_ / "l";
  fs::create_directory_symlink(deep, link);
  EXPECT_EQ(Client((link / "admin.sock").string()).ask(get("/x"))->body,
            "admin /x \"uid:" + std::to_string(::getuid()) + "\"");
  server_->stop();
  EXPECT_FALSE(fs::exists(deep / "admin.sock"));
}

TEST_F(ServerUnix, ReplacesWhatADeadServerLeft) {
  {
    const int socket = ::socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    options_.unix_socket_path.copy(address.sun_path, sizeof address.sun_path - 1);
    ASSERT_EQ(::bind(socket, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    ::close(socket);
  }
  ASSERT_TRUE(fs::exists(options_.unix_socket_path));
  ASSERT_EQ(start_failure(), "");
  EXPECT_EQ(Client(options_.unix_socket_path).ask(get("/x"))->status, 200U);
}

TEST_F(ServerUnix, DoesNotReplaceALivingServersSocket) {
  start();
  Options second = options_;
  EXPECT_THROW(Server(second, handler_, &unix_handler_), std::runtime_error);
  EXPECT_EQ(Client(options_.unix_socket_path).ask(get("/x"))->status, 200U);
}

TEST_F(ServerUnix, DoesNotReplaceAnotherKindOfFile) {
  std::ofstream(options_.unix_socket_path) << "precious";
  EXPECT_NE(start_failure().find("another kind of file"), std::string::npos);
  EXPECT_EQ(fs::file_size(options_.unix_socket_path), 8U);
}

TEST_F(ServerUnix, DoesNotRemoveAnotherServersSocket) {
  start();
  fs::remove(options_.unix_socket_path);
  std::ofstream(options_.unix_socket_path) << "somebody else's";
  server_->stop();
  EXPECT_TRUE(fs::exists(options_.unix_socket_path));
}

TEST_F(ServerUnix, SaysWhatIsWrong) {
  options_.unix_socket_path = (directory_ / "none" / "admin.sock").string();
  EXPECT_NE(start_failure().find(options_.unix_socket_path), std::string::npos);
  options_.unix_socket_path = (directory_ / std::string(120, 'n')).string();
  EXPECT_NE(start_failure().find("too long"), std::string::npos);
}

TEST_F(ServerUnix, NeedsAHandler) {
  EXPECT_THROW(Server(options_, handler_, nullptr), std::runtime_error);
}

}  // namespace
}  // namespace tideway::server
