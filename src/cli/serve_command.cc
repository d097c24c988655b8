// `tideway serve`: opens the store, serves until a signal comes, closes.
#include <fmt/format.h>
#include <malloc.h>
#include <spdlog/spdlog.h>

#include <exception>
#include <filesystem>
#include <iostream>
#include <memory>

#include "account/accounts.h"
#include "account/tokens.h"
#include "base/time.h"
#include "cli/admin.h"
#include "cli/application.h"
#include "cli/command_line.h"
#include "cli/demo.h"
#include "cli/descriptor_limit.h"
#include "cli/housekeeping.h"
#include "cli/shutdown_signals.h"
#include "cli/socket_path.h"
#include "cli/token_refresh.h"
#include "cli/uploader_local.h"
#include "cli/version.h"
#include "server/server.h"
#include "store/rocksdb/rocksdb_store.h"

namespace tideway::cli {

namespace {

int fail(std::string_view why) {
  complain(why);
  return kFailure;
}

/// Whether the server listens there anyway. Port 0 is another one each time.
bool is_main_address(const Config& config, std::string_view address) {
  return address == config.listen && !address.ends_with(":0");
}

server::Options server_options(const Config& config, server::Handler& uploader) {
  server::Options options;
  options.listen = config.listen;
  options.unix_socket_path = socket_file(config.data_dir);
  options.io_threads = config.io_threads;
  options.worker_threads = config.worker_threads;
  options.connections_max = affordable_connections(config.connections_max);
  if (options.connections_max < config.connections_max) {
    spdlog::warn("connections_max is {} and not {}: the process may open no more files",
                 options.connections_max, config.connections_max);
  }
  options.queued_requests_max = config.queued_requests_max;
  options.patient_requests_max = config.patient_requests_max;
  options.queue_wait_max = std::chrono::milliseconds(config.queue_wait_ms_max);
  options.header_size_bytes_max = config.header_size_kib_max << 10;
  options.bodies_in_flight_bytes_max = uint64_t{config.bodies_in_flight_mib_max} << 20;
  options.streams_in_flight_bytes_max = uint64_t{config.streams_in_flight_mib_max} << 20;
  options.header_timeout = std::chrono::seconds(config.header_timeout_s);
  options.body_timeout = std::chrono::seconds(config.body_timeout_s);
  options.write_timeout = std::chrono::seconds(config.write_timeout_s);
  options.idle_timeout = std::chrono::seconds(config.idle_timeout_s);
  options.cors_origins = config.cors_origins;
  if (config.uploader_local) {
    for (const std::string& address : config.uploader_local_addresses) {
      if (!is_main_address(config, address)) options.more.push_back({address, &uploader});
    }
    // The origins of its pages; where all origins may call, it may anyway.
    if (!options.cors_origins.empty()) {
      options.cors_origins.insert(options.cors_origins.end(), {"file://", "null"});
    }
  }
  options.tls_certificate = config.tls_certificate;
  options.tls_key = config.tls_key;
  options.trusted_proxies = config.trusted_proxies;
  return options;
}

/// What a request needs (its body, its parse, its records) is freed with it and needed again by the
/// next one. By default malloc gives buffers of that size back to the kernel, which then has to
/// clear new pages. Keeping them saved two fifths of the page faults and a sixth of the processor
/// time of uploads of bench/data/mixed-1000.json, less with the smaller cbg-1000.json; larger
/// bounds saved no more. They hold for each arena of malloc, so they are kept small.
void keep_buffers_of_requests() {
  constexpr int kMiB = 1 << 20;
  mallopt(M_MMAP_THRESHOLD, 4 * kMiB);
  mallopt(M_TRIM_THRESHOLD, 8 * kMiB);
}

void print_uploader_local(const Config& config, const server::Server& server) {
  std::string line = "For the Uploader's choice \"Local\":";
  size_t more = 0;
  for (const std::string& address : config.uploader_local_addresses) {
    const uint16_t port =
        is_main_address(config, address) ? server.port() : server.more_ports().at(more++);
    line += " " + base_url(address, port);
  }
  std::cout << line << "\n" << std::flush;
}

void print_start(const Config& config, const std::string& url) {
  const auto directory = std::filesystem::absolute(config.data_dir).lexically_normal();
  std::cout << fmt::format("tideway {} listens on {}, data in {}\n", version(), url,
                           directory.string())
            << std::flush;
}

void reload_certificate(server::Server& server) {
  try {
    server.reload_certificate();
    spdlog::info("the certificate was read again");
  } catch (const std::exception& error) {
    spdlog::error("the certificate stays as it was: {}", error.what());
  }
}

/// From the open store to the end.
int serve_on(const Config& config, store::Store& store, ShutdownSignals& signals) {
  account::Accounts accounts(store);
  const auto tokens = account::Tokens::open(store);
  if (!tokens) return fail(tokens.error().message);
  const auto audit = audit::Log::open(audit_options(config));
  if (!audit) return fail(audit.error());
  std::expected<DemoAccount, std::string> demo;
  if (config.demo) demo = ensure_demo_account(accounts, config.data_dir);
  if (!demo) return fail(demo.error());
  if (!demo->made_id.empty()) (*audit)->add(user_added(own_uid(), demo->made_id));

  const auto logins = Logins::open(config, store, accounts, **tokens);
  if (!logins) return fail(logins.error().message);
  const auto application = open_application(config, store, accounts, **logins, **audit);
  if (!application) return fail(application.error().message);
  AdminHandler admin(accounts, **audit);
  UploaderLocalHandler uploader(**application);
  std::unique_ptr<server::Server> server;
  try {
    server =
        std::make_unique<server::Server>(server_options(config, uploader), **application, &admin);
  } catch (const std::exception& error) {
    return fail(error.what());
  }
  const Housekeeping housekeeping(store, sweep_limits(config), [&] {
    (*logins)->keep_house();
    const auto forgotten = accounts.forget_deleted(now_milliseconds() - account::kDeletedKeptMs);
    if (!forgotten) spdlog::error("marks of deleted accounts: {}", forgotten.error().message);
  });
  const TokenRefresh token_refresh((*logins)->tokens());
  server->start();
  const std::string url = base_url(config.listen, server->port(), !config.tls_certificate.empty());
  print_start(config, url);
  if (config.uploader_local) print_uploader_local(config, *server);
  if (config.demo) std::cout << demo_text(*demo, url, now_milliseconds()) << std::flush;

  signals.wait([&] { reload_certificate(*server); });
  spdlog::info("stopping");
  server->stop();
  return kSuccess;
}

int serve(const ConfigFlags& flags) {
  const auto config = flags.load();
  if (!config) return config.error();
  // Before the store, whose threads have to inherit the blocked signals.
  ShutdownSignals signals(!config->tls_certificate.empty());
  keep_buffers_of_requests();
  spdlog::set_level(spdlog::level::from_str(config->log_level));
  const auto store = store::RocksDbStore::open(
      config->data_dir, {.write_buffers_bytes_max = size_t{config->write_buffers_mib_max} << 20});
  if (!store) return fail(store.error().message);
  return serve_on(*config, **store, signals);
}

}  // namespace

void add_serve_command(CLI::App& parent, Action& action) {
  CLI::App* command = parent.add_subcommand("serve", "serve the API until a signal comes");
  const auto flags = std::make_shared<ConfigFlags>(*command);
  command->callback([&action, flags] { action = [flags] { return serve(*flags); }; });
}

}  // namespace tideway::cli
