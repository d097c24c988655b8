#include "server/listen.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <stdexcept>

#include "server/peer_address.h"
#include "tests/server/client.h"

namespace tideway::server {
namespace {

namespace fs = std::filesystem;

TEST(ListenTcp, TakesAFreePort) {
  asio::io_context context;
  const Acceptor first = listen_tcp(context, "127.0.0.1:0");
  const Acceptor second = listen_tcp(context, "127.0.0.1:0");
  EXPECT_NE(port_of(first), 0);
  EXPECT_NE(port_of(first), port_of(second));
}

TEST(ListenTcp, TheSocketAcceptsAndKnowsItsPeer) {
  asio::io_context context;
  Acceptor acceptor = listen_tcp(context, "127.0.0.1:0");
  const Client client(port_of(acceptor));
  ASSERT_TRUE(client.connected());
  Socket socket = acceptor.accept();
  EXPECT_EQ(peer_address(socket), "127.0.0.1");
}

TEST(ListenTcp, WithoutAHostAnyAddressWillDo) {
  asio::io_context context;
  const Acceptor acceptor = listen_tcp(context, ":0");
  EXPECT_TRUE(Client(port_of(acceptor)).connected());
}

TEST(ListenTcp, SaysWhatIsWrong) {
  asio::io_context context;
  const auto failure = [&](const std::string& address) -> std::string {
    try {
      listen_tcp(context, address);
    } catch (const std::runtime_error& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_EQ(failure("8009"), "listen address \"8009\" is not host:port");
  EXPECT_TRUE(failure("no host:80").starts_with("cannot resolve \"no host:80\": "));
  const std::string used =
      "127.0.0.1:" + std::to_string(port_of(listen_tcp(context, "127.0.0.1:0")));
  const Acceptor acceptor = listen_tcp(context, used);
  EXPECT_EQ(failure(used), "cannot listen on \"" + used + "\": Address already in use");
}

TEST(PeerAddress, IsEmptyWithoutAPeer) {
  asio::io_context context;
  Socket unconnected(context);
  EXPECT_EQ(peer_address(unconnected), "");
}

TEST(ListenUnix, WorksInTheCurrentDirectory) {
  std::string pattern = (fs::temp_directory_path() / "tideway-XXXXXX").string();
  const fs::path directory = ::mkdtemp(pattern.data());
  const fs::path before = fs::current_path();
  fs::current_path(directory);
  {
    asio::io_context context;
    std::unique_ptr<SocketFile> file;
    Acceptor acceptor = listen_unix(context, "plain-name", file);
    EXPECT_TRUE(fs::is_socket(directory / "plain-name"));
    // The file goes even when the process has moved elsewhere meanwhile.
    fs::current_path(before);
    const Client client((directory / "plain-name").string());
    ASSERT_TRUE(client.connected());
    Socket accepted = acceptor.accept();
    EXPECT_EQ(peer_address(accepted), "uid:" + std::to_string(::getuid()));
    file.reset();
    EXPECT_FALSE(fs::exists(directory / "plain-name"));
  }
  fs::remove_all(directory);
}

}  // namespace
}  // namespace tideway::server
