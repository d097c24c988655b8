// `tideway bench` against the program itself.
#include <gmock/gmock.h>

#include "tests/e2e/e2e_test.h"

namespace tideway::e2e {
namespace {

using testing::HasSubstr;

class Bench : public E2eTest {
 protected:
  Bench() : E2eTest({"--registration", "open", "--log-level", "warn"}) {}

  Outcome bench(std::vector<std::string> arguments, const std::string& input = "a-password\n") {
    arguments.insert(arguments.begin(),
                     {"bench", "--url", "http://127.0.0.1:" + std::to_string(daemon().port())});
    Command command = tideway(std::move(arguments));
    command.input = input;
    return run(command);
  }
};

TEST_F(Bench, EverythingThatItUploadsIsThere) {
  // All three devices; sets of two chunks, so that some are closed on the way.
  const Outcome outcome =
      bench({"--register", "--password-stdin", "--users", "4", "--connections", "3", "--chunks",
             "30", "--set-chunks", "2", "--duration", "300", "--json"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.out << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr(R"("accepted":{"count":30,)"));
  EXPECT_THAT(outcome.out, HasSubstr(R"("failed":0,)"));
  EXPECT_THAT(outcome.out, HasSubstr(R"("verification":{"passed":true,)"));
}

TEST_F(Bench, UploadsToAnAccountAtARate) {
  const Outcome outcome =
      bench({"--email", kEmail, "--password-stdin", "--users", "2", "--connections", "2", "--mix",
             "cgm", "--records", "1", "--rate", "50", "--duration", "0.4"},
            std::string(kPassword) + "\n");
  EXPECT_EQ(outcome.exit_code, 0) << outcome.out << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("50 chunks/s"));
  EXPECT_THAT(outcome.out, HasSubstr("as they were sent"));
  EXPECT_THAT(client().fetch(), HasSubstr("tideway-bench-cgm-"));
}

TEST(BenchService, WritesForUsersThatItMakesUp) {
  const std::vector<std::string> secret = {"TIDEWAY_SERVICE_SECRET=a-secret-of-services"};
  const TemporaryDirectory directory;
  Daemon daemon(directory.path() / "data", {"--log-level", "warn"}, secret);
  Command command = tideway({"bench", "--url", "http://127.0.0.1:" + std::to_string(daemon.port()),
                             "--service", "--users", "20", "--connections", "4", "--mix", "cgm",
                             "--records", "1", "--chunks", "60", "--duration", "300", "--json"});
  command.environment = secret;
  const Outcome outcome = run(command);
  EXPECT_EQ(outcome.exit_code, 0) << outcome.out << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr(R"("verification":{"passed":true,"sets":20,"records":60,)"));
  EXPECT_EQ(daemon.stop(), 0);
}

TEST_F(Bench, SaysWhyItCannotBegin) {
  const Outcome refused = bench({"--email", kEmail, "--password-stdin"}, "wrong-password\n");
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.err, HasSubstr("login: status 401"));
  const Outcome nobody = bench({"--password-stdin"});
  EXPECT_EQ(nobody.exit_code, 2);
  EXPECT_THAT(nobody.err, HasSubstr("--email, --register and --service"));
  const Outcome pen = bench({"--register", "--password-stdin", "--mix", "pen"});
  EXPECT_EQ(pen.exit_code, 2);
}

}  // namespace
}  // namespace tideway::e2e
