// `nixie explain`, as people and programs see it.
#include <catch2/catch.hpp>

#include "program/run.hpp"
#include "support/json_lines.hpp"
#include "support/temporary_directory.hpp"

using namespace nixie;

TEST_CASE("explain: a code's class, subject, detail, and what to do") {
    const Finished finished = run_nixie({"explain", "5.7.26"});
    CHECK(finished.err == "");
    CHECK(finished.exit_code == 0);
    CHECK_THAT(finished.out, Catch::StartsWith("5.7.26  Multiple authentication checks failed\n") &&
                                 Catch::Contains("5, permanent failure") &&
                                 Catch::Contains("X.7, security or policy") && Catch::Contains("to do") &&
                                 Catch::Contains("RFC 7372") && Catch::Contains("as of 2024-12-06"));
}

TEST_CASE("explain: reply and status together, with or without quotes") {
    const Finished quoted = run_nixie({"explain", "550 5.7.1"});
    CHECK(quoted.exit_code == 0);
    CHECK_THAT(quoted.out, Catch::Contains("5.7.1  Delivery not authorized") &&
                               Catch::Contains("550  mailbox unavailable") && Catch::Contains("policy-violation"));
    CHECK(run_nixie({"explain", "550", "5.7.1"}).out == quoted.out);
}

TEST_CASE("explain: a line from a log, with the rule, its place and what else holds") {
    const std::string line = "PERM_FAILURE: SMTP Error (state 8): 554 5.1.0 Sender Denied";
    const Finished finished = run_nixie({"explain", line});
    CHECK(finished.err == "");
    CHECK(finished.exit_code == 0);
    CHECK_THAT(finished.out, Catch::StartsWith(line + "\n") &&
                                 Catch::Contains("rejected: the sender's address was refused") &&
                                 Catch::Contains("(conf/rules/") && Catch::Contains("matched     \"Sender Denied\"") &&
                                 Catch::Contains("also holds") && Catch::Contains("5.1.0       Other address status"));
    const auto json = json_lines(run_nixie({"explain", "--json", line}).out);
    REQUIRE(json.size() == 1);
    CHECK(json[0]["is"] == "lines");
    const auto& recipient = json[0]["explanations"].at(0);
    CHECK(recipient["reason"] == "rejected");
    CHECK(recipient["advice"].get<std::string>() != "");
    CHECK(recipient["rules"].at(0)["rule"] == recipient["rule"]);
    CHECK(recipient["rules"].size() > 1);
    CHECK(recipient["codes"].at(0)["code"] == "5.1.0");
}

TEST_CASE("explain: a message, with the part and the line that decided") {
    const Finished finished = run_nixie({"explain", sample("postfix/mailbox-full.eml")});
    CHECK(finished.err == "");
    CHECK(finished.exit_code == 0);
    CHECK_THAT(finished.out, Catch::Contains("bounce: a message was not delivered") &&
                                 Catch::Contains("david@example.com") &&
                                 Catch::Contains("(message/delivery-status), line ") &&
                                 Catch::Contains("quota-issues") && Catch::Contains("Try again later"));
    const auto json = json_lines(run_nixie({"explain", "--json", sample("postfix/mailbox-full.eml")}).out);
    REQUIRE(json.size() == 1);
    const auto& place = json[0]["explanations"].at(0)["rules"].at(0)["matched_in"];
    CHECK(place["content_type"] == "message/delivery-status");
    CHECK(place["line"].get<int>() > 0);
}

TEST_CASE("explain: standard input is a message or a line") {
    CHECK_THAT(pipe_into_nixie("452 4.2.2 Mailbox full", "explain -").out,
               Catch::StartsWith("452 4.2.2 Mailbox full\n") && Catch::Contains("mailbox-full"));
    CHECK_THAT(pipe_into_nixie("From: a@example.org\nSubject: lunch\n\nAt noon\n", "explain -").out,
               Catch::StartsWith("-: other"));
}

TEST_CASE("explain: each line of a log is explained by itself") {
    const auto json =
        json_lines(pipe_into_nixie("ann: 550 5.1.1 no such user\nbob: 452 4.2.2 over quota\n", "explain --json -").out);
    REQUIRE(json.size() == 1);
    const auto& explanations = json[0]["explanations"];
    REQUIRE(explanations.size() == 2);
    CHECK(explanations[0]["reason"] == "user-unknown");
    CHECK(explanations[1]["reason"] == "mailbox-full");
    CHECK(explanations[1]["line"] == "bob: 452 4.2.2 over quota");
}

TEST_CASE("explain: hostile text stays harmless on a terminal") {
    const Finished finished = run_nixie({"explain", "550 5.1.1 no such \x1b[2J\x07user \xC2\x9B 1m"});
    CHECK(finished.exit_code == 0);
    for (const auto* bytes : {"\x1b", "\x07", "\xC2\x9B"}) CHECK(finished.out.find(bytes) == std::string::npos);
    CHECK_THAT(finished.out, Catch::Contains("user-unknown"));
}

TEST_CASE("explain: what cannot be explained is told with what to do") {
    const auto [arguments, code, what] = GENERATE(table<std::vector<std::string>, int, std::string>({
        {{"explain", "9.9.9"}, 64, "the class is 2, 4 or 5"},
        {{"explain", " "}, 64, "give a code, a line in quotes or a file"},
        {{"explain"}, 64, "required"},
        {{"explain", "./nowhere.eml"}, 66, "no such file"},
        {{"explain", sample("postfix/mailbox-full.eml"), "./nowhere.eml"}, 66, "nowhere.eml"},
        {{"explain", "--rules", "/nonexistent/rules", "550"}, 66, "/nonexistent/rules"},
    }));
    const Finished finished = run_nixie(arguments);
    CHECK(finished.exit_code == code);
    CHECK_THAT(finished.err, Catch::Contains(what));
}

TEST_CASE("explain: words that no rule knows lead to the page about rules") {
    const Finished finished = run_nixie({"explain", "Zyzzyx quux frobnicated"});
    CHECK(finished.exit_code == 0);
    CHECK_THAT(finished.out, Catch::Contains("undefined") && Catch::Contains("conf/rules/README.md"));
}
