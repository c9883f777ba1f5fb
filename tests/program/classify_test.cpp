// The forms in which `nixie classify` prints.
#include <catch2/catch.hpp>

#include "program/run.hpp"
#include "support/json_lines.hpp"
#include "support/temporary_directory.hpp"

using namespace nixie;

TEST_CASE("classify: --format sisimai is one array with the names of Sisimai") {
    const Finished finished = run_nixie({"classify", "--format", "sisimai", sample("postfix")});
    CHECK(finished.err == "");
    CHECK(finished.exit_code == 0);
    const auto json = nlohmann::json::parse(finished.out);
    REQUIRE(json.is_array());
    REQUIRE(!json.empty());
    for (const auto& object : json)
        for (const auto* key :
             {"action",         "addresser",   "alias",          "catch",          "command",    "decodedby",
              "deliverystatus", "destination", "diagnosticcode", "diagnostictype", "feedbackid", "feedbacktype",
              "hardbounce",     "lhost",       "listid",         "messageid",      "origin",     "reason",
              "recipient",      "replycode",   "rhost",          "senderdomain",   "subject",    "timestamp",
              "timezoneoffset", "token"}) {
            INFO(key);
            CHECK(object.contains(key));
        }
    const auto one =
        nlohmann::json::parse(run_nixie({"classify", "--format", "sisimai", sample("postfix/mailbox-full.eml")}).out);
    REQUIRE(one.size() == 1);
    CHECK(one[0]["reason"] == "mailboxfull");
    CHECK(one[0]["recipient"] == "david@example.com");
    CHECK(one[0]["destination"] == "example.com");
    CHECK(one[0]["deliverystatus"] == "5.2.2");
    CHECK(one[0]["replycode"] == "552");
    CHECK(one[0]["hardbounce"] == false);
    CHECK(one[0]["decodedby"] == "Postfix");
    CHECK(one[0]["timestamp"].is_number_integer());
    CHECK(one[0]["token"].get<std::string>().size() == 40);
}

TEST_CASE("classify: --format sisimai of nothing that bounced is an empty array") {
    const TemporaryDirectory dir;
    const auto mail = dir.write("lunch.eml", "From: a@example.org\nSubject: lunch\n\nAt noon?\n");
    CHECK(nlohmann::json::parse(run_nixie({"classify", "--format", "sisimai", mail}).out) == nlohmann::json::array());
}

TEST_CASE("classify: --json is --format json") {
    const auto file = sample("postfix/mailbox-full.eml");
    const Finished json = run_nixie({"classify", "--json", file});
    CHECK(json.out == run_nixie({"classify", "--format", "json", file}).out);
    CHECK(json_lines(json.out).size() == 1);
    CHECK(run_nixie({"classify", "--json", "--format", "table", file}).exit_code == 64);
    const Finished unknown = run_nixie({"classify", "--format", "yaml", file});
    CHECK(unknown.exit_code == 64);
    CHECK_THAT(unknown.err, Catch::Contains("yaml") && Catch::Contains("sisimai"));
}

TEST_CASE("classify: --format table has a row for each recipient") {
    const Finished finished = run_nixie({"classify", "--format", "table", sample("postfix/mailbox-full.eml")});
    CHECK(finished.exit_code == 0);
    CHECK_THAT(finished.out,
               Catch::StartsWith("FILE") && Catch::Contains("DIAGNOSTIC\n") &&
                   Catch::Contains("david@example.com  soft  quota-issues  mailbox-full  5.2.2   552 5.2.2"));
}
