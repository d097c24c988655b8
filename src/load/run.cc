#include "load/run.h"

#include <algorithm>
#include <csignal>
#include <functional>
#include <thread>

#include "load/account.h"
#include "load/uploader.h"
#include "load/verify.h"

namespace tideway::load {
namespace {

using Clock = Pacer::Clock;
using Uploaders = std::vector<std::unique_ptr<Uploader>>;

/// Each on a thread of its own: blocking ones cost less than they seem to, and are easy to read.
void in_parallel(const Uploaders& uploaders, const std::function<void(Uploader&)>& work) {
  std::vector<std::jthread> threads;
  threads.reserve(uploaders.size());
  for (const auto& uploader : uploaders) threads.emplace_back([&] { work(*uploader); });
}

}  // namespace

struct Load::Shared {
  std::shared_ptr<TlsContext> tls;
  std::vector<Account> accounts;
};

std::expected<Load, std::string> Load::prepare(const Plan& plan) {
  // OpenSSL writes without a way to say that a connection which is gone is no reason to die.
  std::signal(SIGPIPE, SIG_IGN);
  auto shared = std::make_shared<Shared>();
  if (plan.url.tls) {
    auto tls = TlsContext::make(plan.ca_file);
    if (!tls) return std::unexpected(tls.error());
    shared->tls = *std::move(tls);
  }
  HttpClient client(plan.url, shared->tls, plan.patience);
  auto accounts = get_accounts(client, plan);
  if (!accounts) return std::unexpected(accounts.error());
  shared->accounts = *std::move(accounts);
  Load load;
  load.shared_ = std::move(shared);
  return load;
}

std::expected<Result, std::string> Load::run(const Plan& plan) const {
  Result result{.tally = std::make_shared<Tally>(), .verification = {}};
  const size_t persons = std::max(plan.users, plan.connections);
  Uploaders uploaders;
  for (size_t i = 0; i < plan.connections; ++i) {
    uploaders.push_back(std::make_unique<Uploader>(plan, shared_->accounts, shared_->tls,
                                                   *result.tally, i, plan.connections, persons));
  }
  in_parallel(uploaders, [](Uploader& uploader) { uploader.prepare(); });
  if (result.tally->failed > 0) return std::unexpected(result.tally->first_failure());

  if (plan.on_begin) plan.on_begin();
  const auto begin = Clock::now();
  Pacer pacer(plan.rate, begin, plan.duration, plan.chunks_max, plan.late_max);
  in_parallel(uploaders, [&](Uploader& uploader) { uploader.upload(pacer); });
  result.seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  if (plan.on_end) plan.on_end();
  result.tally->unsent = pacer.left_over();

  in_parallel(uploaders, [](Uploader& uploader) { uploader.finish(); });
  std::vector<SentSet> sets;
  for (const auto& uploader : uploaders) {
    sets.insert(sets.end(), uploader->sets().begin(), uploader->sets().end());
  }
  result.verification = verify(plan, shared_->accounts, shared_->tls, sets);
  return result;
}

std::expected<Result, std::string> run(const Plan& plan) {
  const auto load = Load::prepare(plan);
  if (!load) return std::unexpected(load.error());
  return load->run(plan);
}

}  // namespace tideway::load
