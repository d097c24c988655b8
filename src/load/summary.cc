#include "load/summary.h"

#include <fmt/format.h>

#include <iterator>

#include "base/text.h"

namespace tideway::load {
namespace {

double a_second(double count, const Result& result) {
  return result.seconds > 0 ? count / result.seconds : 0;
}

std::string latencies_text(const Histogram& histogram) {
  return fmt::format("p50 {:.2f}  p90 {:.2f}  p99 {:.2f}  p99.9 {:.2f}  max {:.2f} ms",
                     histogram.quantile_ms(0.5), histogram.quantile_ms(0.9),
                     histogram.quantile_ms(0.99), histogram.quantile_ms(0.999),
                     histogram.quantile_ms(1));
}

std::string latencies_json(const Histogram& histogram) {
  return fmt::format(
      R"({{"count":{},"mean_ms":{:.3f},"p50_ms":{:.3f},"p90_ms":{:.3f},"p99_ms":{:.3f},)"
      R"("p999_ms":{:.3f},"max_ms":{:.3f}}})",
      histogram.count(), histogram.mean_ms(), histogram.quantile_ms(0.5),
      histogram.quantile_ms(0.9), histogram.quantile_ms(0.99), histogram.quantile_ms(0.999),
      histogram.quantile_ms(1));
}

std::string verification_text(const Verification& found) {
  std::string text =
      fmt::format("verified  {} sets, {} records as they were sent", found.sets, found.records);
  if (!found.passed()) {
    fmt::format_to(std::back_inserter(text),
                   "\nFAILED    {} missing, {} different, {} more than once, {} never sent, "
                   "{} sets not readable; first: {}",
                   found.missing, found.different, found.duplicated, found.unexpected,
                   found.unreadable, found.first_problem);
  }
  return text;
}

}  // namespace

std::string summary_text(const Plan& plan, const Result& result) {
  const Tally& tally = *result.tally;
  const auto accepted = static_cast<double>(tally.accepted.count());
  std::string text = fmt::format(
      "load      {} users, {} connections, {}, {:.1f} s\n"
      "accepted  {} chunks, {:.0f}/s, {:.0f} records/s, {:.2f} MB/s\n          {}\n",
      plan.users, plan.connections,
      plan.rate > 0 ? fmt::format("{:g} chunks/s", plan.rate) : "as fast as it goes",
      result.seconds, tally.accepted.count(), a_second(accepted, result),
      a_second(static_cast<double>(tally.records), result),
      a_second(static_cast<double>(tally.bytes), result) / 1e6, latencies_text(tally.accepted));
  if (tally.refused.count() > 0) {
    fmt::format_to(std::back_inserter(text), "refused   {} chunks (503, 429)\n          {}\n",
                   tally.refused.count(), latencies_text(tally.refused));
  }
  if (tally.unsent > 0) {
    fmt::format_to(std::back_inserter(text),
                   "unsent    {} chunks were due while every connection waited for an answer\n",
                   tally.unsent.load());
  }
  if (tally.failed > 0) {
    fmt::format_to(std::back_inserter(text), "FAILED    {} requests; first: {}\n",
                   tally.failed.load(), tally.first_failure());
  }
  return text + verification_text(result.verification) + "\n";
}

std::string summary_json(const Plan& plan, const Result& result) {
  const Tally& tally = *result.tally;
  const Verification& found = result.verification;
  std::string json = fmt::format(
      R"({{"users":{},"connections":{},"rate":{},"seed":{},"seconds":{:.3f},)"
      R"("chunks_per_s":{:.1f},"records_per_s":{:.1f},"bytes_per_s":{:.0f},)"
      R"("accepted":{},"refused":{},"unsent":{},"failed":{},"first_failure":)",
      plan.users, plan.connections, plan.rate, plan.seed, result.seconds,
      a_second(static_cast<double>(tally.accepted.count()), result),
      a_second(static_cast<double>(tally.records), result),
      a_second(static_cast<double>(tally.bytes), result), latencies_json(tally.accepted),
      latencies_json(tally.refused), tally.unsent.load(), tally.failed.load());
  append_json_string(json, tally.first_failure());
  fmt::format_to(
      std::back_inserter(json),
      R"(,"verification":{{"passed":{},"sets":{},"records":{},"missing":{},"different":{},)"
      R"("duplicated":{},"unexpected":{},"unreadable":{},"first_problem":)",
      found.passed(), found.sets, found.records, found.missing, found.different, found.duplicated,
      found.unexpected, found.unreadable);
  append_json_string(json, found.first_problem);
  return json + "}}\n";
}

}  // namespace tideway::load
