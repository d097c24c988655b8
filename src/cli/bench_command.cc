// `tideway bench`: uploads made-up users to a server, measures, and fetches back what it sent.
#include <cstdlib>
#include <iostream>
#include <memory>

#include "cli/command_line.h"
#include "cli/descriptor_limit.h"
#include "cli/password_input.h"
#include "load/run.h"
#include "load/summary.h"

namespace tideway::cli {

namespace {

constexpr const char* kSecretVariable = "TIDEWAY_SERVICE_SECRET";

/// What CLI11 reads into; lives as long as the action.
struct Bench {
  load::Plan plan;
  std::string url = "http://127.0.0.1:8009";
  std::vector<std::string> mix = {"cgm", "pump", "loop"};
  double duration_s = 10;
  double patience_s = 30;
  bool password_stdin = false;
  bool service = false;
  bool json = false;
};

std::chrono::milliseconds milliseconds(double seconds) {
  return std::chrono::milliseconds(static_cast<int64_t>(seconds * 1000));
}

/// Fills in what needs more than a look at one option; the error is for the user.
std::expected<void, std::string> complete(Bench& bench) {
  load::Plan& plan = bench.plan;
  auto url = load::parse_url(bench.url);
  if (!url) return std::unexpected(url.error());
  plan.url = *std::move(url);
  plan.mix.clear();
  for (const std::string& name : bench.mix) plan.mix.push_back(*load::kind_named(name));
  plan.duration = milliseconds(bench.duration_s);
  plan.patience = milliseconds(bench.patience_s);
  const int ways =
      (plan.who.email.empty() ? 0 : 1) + (plan.who.registers ? 1 : 0) + (bench.service ? 1 : 0);
  if (ways != 1) {
    return std::unexpected("give one of --email, --register and --service: whose data it is");
  }
  if (bench.service) {
    const char* secret = std::getenv(kSecretVariable);
    if (secret == nullptr || *secret == '\0') {
      return std::unexpected(std::string("the secret of the service is missing in ") +
                             kSecretVariable);
    }
    plan.who.service_secret = secret;
    return {};
  }
  auto password = bench.password_stdin ? read_password_line(std::cin) : prompt_for_password();
  if (!password) return std::unexpected(password.error());
  plan.who.password = *std::move(password);
  return {};
}

int run_bench(Bench& bench) {
  if (const auto completed = complete(bench); !completed) {
    complain(completed.error());
    return kUsage;
  }
  const auto connections = static_cast<uint32_t>(bench.plan.connections);
  if (affordable_connections(connections) < connections) {
    complain("the process may not open so many connections (ulimit -n)");
    return kUsage;
  }
  const auto result = load::run(bench.plan);
  if (!result) {
    complain(result.error());
    return kFailure;
  }
  std::cout << (bench.json ? load::summary_json(bench.plan, *result)
                           : load::summary_text(bench.plan, *result));
  return result->passed() ? kSuccess : kFailure;
}

void add_who(CLI::App& command, Bench& bench) {
  load::Who& who = bench.plan.who;
  command.add_option("--email", who.email, "upload everything to this account");
  command.add_flag("--register", who.registers,
                   "make an account for each user; the server has to let anybody register");
  command.add_flag("--service", bench.service,
                   std::string("upload as the service whose secret is in ") + kSecretVariable +
                       ", for user ids that are made up");
  command.add_flag("--password-stdin", bench.password_stdin,
                   "read the password, of new accounts too, from standard input");
}

void add_load(CLI::App& command, Bench& bench) {
  load::Plan& plan = bench.plan;
  command.add_option("--users", plan.users, "how many users")
      ->check(CLI::Range(size_t{1}, load::kUsersMax))
      ->capture_default_str();
  command.add_option("--connections", plan.connections, "how many connections at a time")
      ->check(CLI::Range(size_t{1}, load::kConnectionsMax))
      ->capture_default_str();
  command.add_option("--mix", bench.mix, "what devices the users have, in turn: cgm, pump, loop")
      ->delimiter(',')
      ->check(CLI::IsMember({"cgm", "pump", "loop"}))
      ->capture_default_str();
  command
      .add_option("--rate", plan.rate,
                  "chunks a second, whatever the answers; 0: as fast as they come")
      ->check(CLI::Range(0.0, 1e6))
      ->capture_default_str();
  command.add_option("--duration", bench.duration_s, "seconds of sending")
      ->check(CLI::Range(0.001, 86'400.0))
      ->capture_default_str();
  command.add_option("--chunks", plan.chunks_max, "chunks to send at most")
      ->check(CLI::Range(uint64_t{1}, uint64_t{10'000'000}))
      ->capture_default_str();
  command
      .add_option("--records", plan.chunk_records,
                  "records in a chunk; 0: as the device does: 10, 1000, 150")
      ->check(CLI::Range(size_t{0}, load::kChunkRecordsMax))
      ->capture_default_str();
  command.add_option("--set-chunks", plan.chunks_a_set, "chunks in a data set of a pump")
      ->check(CLI::Range(size_t{1}, size_t{1000}))
      ->capture_default_str();
  command.add_option("--seed", plan.seed, "what the users and their records are made from")
      ->capture_default_str();
}

}  // namespace

void add_bench_command(CLI::App& parent, Action& action) {
  CLI::App* command = parent.add_subcommand(
      "bench",
      "upload made-up users to a server that speaks the API, measure, and fetch back what was "
      "sent; exit status 1 when anything failed or is not there as it was sent");
  const auto bench = std::make_shared<Bench>();
  command->add_option("--url", bench->url, "the server")->capture_default_str();
  command->add_option("--ca-file", bench->plan.ca_file,
                      "PEM file of certificates to believe; else those of the system");
  add_who(*command, *bench);
  add_load(*command, *bench);
  command->add_option("--timeout", bench->patience_s, "seconds to wait for an answer")
      ->check(CLI::Range(0.001, 3600.0))
      ->capture_default_str();
  command
      ->add_option("--verify", bench->plan.verified_sets_max,
                   "data sets to fetch back and compare at most")
      ->check(CLI::Range(size_t{0}, size_t{1'000'000}))
      ->capture_default_str();
  command->add_flag("--json", bench->json, "print one JSON object");
  command->callback([&action, bench] { action = [bench] { return run_bench(*bench); }; });
}

}  // namespace tideway::cli
