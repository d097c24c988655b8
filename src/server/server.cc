#include "server/server.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <mutex>

#include "server/connection.h"
#include "server/connection_count.h"
#include "server/io_thread.h"
#include "server/listen.h"
#include "server/worker_pool.h"

namespace tideway::server {
namespace {

using namespace std::chrono_literals;

constexpr auto kAcceptPause = 50ms;
/// Between two connections, while new requests are refused. Others wait in the kernel.
constexpr auto kBusyAcceptPause = 1ms;

/// How often deadlines are looked at: time-outs may be late by a quarter, but by half a second at
/// most.
std::chrono::milliseconds tick_of(const Options& options) {
  const auto shortest =
      std::min({options.header_timeout, options.body_timeout, options.write_timeout,
                options.idle_timeout, options.stream_stall_time});
  return std::clamp(shortest / 4, std::chrono::milliseconds(5ms), std::chrono::milliseconds(500ms));
}

}  // namespace

// The order of the members is the order of life. The pool goes before the I/O threads: its tasks
// hold suspended connections, which on the pool's end are handed back to their I/O threads to be
// cleared away there. Both go before what a connection's end refers to: budgets, admission
// and count.
class Server::Impl {
 public:
  Impl(Options options, Handler& handler, Handler* unix_handler);
  ~Impl();

  uint16_t port() const { return port_; }
  const std::vector<uint16_t>& more_ports() const { return more_ports_; }
  void start();
  void reload_certificate() {
    if (certificate_) certificate_->reload();
  }
  void stop();

 private:
  struct Listener {
    Acceptor acceptor;
    Handler& handler;
    bool tls;
  };

  Awaitable<void> accept(Listener& listener);
  Awaitable<void> pause(std::chrono::milliseconds time);
  void take(Socket socket, const Listener& listener, IoThread& thread);
  void close_listeners();

  const Options options_;
  const std::shared_ptr<spdlog::logger> log_ = spdlog::default_logger();
  const Cors cors_{options_.cors_origins};
  const TrustedProxies proxies_{options_.trusted_proxies};
  std::unique_ptr<TlsCertificate> certificate_;  ///< null: plain HTTP
  BodyBudget budget_{options_.bodies_in_flight_bytes_max};
  StreamBudget streams_{options_.streams_in_flight_bytes_max};
  Admission admission_{{.running_max = std::max(1U, options_.worker_threads),
                        .waiting_max = options_.queued_requests_max,
                        .patient_max = options_.patient_requests_max,
                        .wait_max = options_.queue_wait_max}};
  ConnectionCount count_{options_.connections_max};
  std::atomic<bool> stopping_{false};
  std::vector<std::unique_ptr<IoThread>> threads_;
  WorkerPool pool_{options_.worker_threads};
  Shared shared_{options_, cors_, admission_, pool_, budget_, streams_, *log_, stopping_, proxies_};
  std::vector<std::unique_ptr<Listener>> listeners_;
  std::unique_ptr<SocketFile> socket_file_;
  uint16_t port_ = 0;
  std::vector<uint16_t> more_ports_;
  std::mutex state_mutex_;
  bool started_ = false;
  size_t next_thread_ = 0;  ///< only the first I/O thread, which accepts, uses it
};

Server::Impl::Impl(Options options, Handler& handler, Handler* unix_handler)
    : options_(std::move(options)) {
  for (unsigned i = 0; i < std::max(1U, options_.io_threads); ++i) {
    threads_.push_back(
        std::make_unique<IoThread>(tick_of(options_), streams_, options_.stream_stall_time));
  }
  if (!options_.tls_certificate.empty()) {
    certificate_ = std::make_unique<TlsCertificate>(options_.tls_certificate, options_.tls_key);
  }
  asio::io_context& context = threads_.front()->context();
  Acceptor tcp = listen_tcp(context, options_.listen);
  port_ = port_of(tcp);
  listeners_.push_back(
      std::make_unique<Listener>(Listener{std::move(tcp), handler, certificate_ != nullptr}));
  for (const Listen& more : options_.more) {
    Acceptor acceptor = listen_tcp(context, more.address);
    more_ports_.push_back(port_of(acceptor));
    listeners_.push_back(
        std::make_unique<Listener>(Listener{std::move(acceptor), *more.handler, false}));
  }
  if (!options_.unix_socket_path.empty()) {
    if (unix_handler == nullptr) throw std::runtime_error("no handler for the Unix socket");
    Acceptor local = listen_unix(context, options_.unix_socket_path, socket_file_);
    listeners_.push_back(
        std::make_unique<Listener>(Listener{std::move(local), *unix_handler, false}));
  }
}

Server::Impl::~Impl() {
  stop();
  pool_.join();
}

void Server::Impl::start() {
  const std::lock_guard lock(state_mutex_);
  if (started_ || stopping_) return;
  started_ = true;
  for (const auto& listener : listeners_) {
    asio::co_spawn(threads_.front()->context(), accept(*listener), asio::detached);
  }
  for (const auto& thread : threads_) thread->start();
}

Awaitable<void> Server::Impl::pause(std::chrono::milliseconds time) {
  Timer timer(threads_.front()->context().get_executor(), time);
  ErrorCode ignored;
  co_await timer.async_wait(into(ignored));
}

Awaitable<void> Server::Impl::accept(Listener& listener) {
  while (!stopping_) {
    IoThread& thread = *threads_[next_thread_++ % threads_.size()];
    ErrorCode error;
    Socket socket = co_await listener.acceptor.async_accept(thread.context(), into(error));
    const bool accepted = !error;
    if (accepted) take(std::move(socket), listener, thread);
    if (stopping_) co_return;
    if (!accepted) {
      // Most likely out of descriptors; trying again at once would only burn the processor.
      co_await pause(kAcceptPause);
    } else if (admission_.is_congested(Clock::now())) {
      // Clients that come anew for each request are slowed down like others: listening_pace.h.
      co_await pause(kBusyAcceptPause);
    }
  }
}

void Server::Impl::take(Socket socket, const Listener& listener, IoThread& thread) {
  auto ticket = count_.try_enter();
  if (count_.is_crowded()) thread.close_longest_waiting();
  if (!ticket) return;  // closes the socket
  ErrorCode ignored;    // a Unix socket has no such option
  socket.set_option(asio::ip::tcp::no_delay(true), ignored);
  asio::co_spawn(thread.context(),
                 serve(std::move(socket), listener.handler, shared_, thread,
                       listener.tls ? certificate_->context() : nullptr, *std::move(ticket)),
                 [log = log_](std::exception_ptr failure) {
                   if (failure) log->error("a connection ended by an exception");
                 });
}

void Server::Impl::close_listeners() {
  asio::post(threads_.front()->context(), [this] {
    for (const auto& listener : listeners_) {
      ErrorCode ignored;
      listener->acceptor.close(ignored);
    }
  });
}

void Server::Impl::stop() {
  const std::lock_guard lock(state_mutex_);
  if (stopping_.exchange(true)) return;
  socket_file_.reset();
  if (started_) {
    const auto deadline = Clock::now() + options_.shutdown_timeout;
    close_listeners();
    for (const auto& thread : threads_) thread->stop_connections();
    if (!count_.wait_for_none(deadline))
      log_->warn("connections cut at the end of the shutdown time");
  }
  pool_.stop();
  for (const auto& thread : threads_) thread->halt();
  listeners_.clear();
}

Server::Server(Options options, Handler& handler, Handler* unix_handler)
    : impl_(std::make_unique<Impl>(std::move(options), handler, unix_handler)) {}

Server::~Server() = default;

uint16_t Server::port() const { return impl_->port(); }
std::vector<uint16_t> Server::more_ports() const { return impl_->more_ports(); }
void Server::start() { impl_->start(); }
void Server::reload_certificate() { impl_->reload_certificate(); }
void Server::stop() { impl_->stop(); }

}  // namespace tideway::server
