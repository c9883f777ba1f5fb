#include <catch2/catch.hpp>

#include <nlohmann/json.hpp>

#include "report/status.hpp"

using namespace nixie;

namespace {

constexpr Time noon{std::chrono::seconds{1'795'262'400}}; // 2026-11-21T12:00:00Z
constexpr std::chrono::hours hour{1};

StatusQuestion question_about(std::vector<std::string> names) {
    StatusQuestion out;
    for (auto& name : names) out.mailboxes.push_back({std::move(name), Duration{300}});
    out.stale = hour;
    out.now = noon;
    return out;
}

MailboxHealth well(const std::string& name) {
    MailboxHealth out;
    out.status.name = name;
    out.status.since = noon - Duration{60};
    out.status.last_success = noon - Duration{60};
    out.status.next_try = noon + Duration{240};
    return out;
}

} // namespace

TEST_CASE("status: what a monitor is told of a mailbox") {
    MailboxHealth mailbox = well("bounces");
    MailboxStatus& status = mailbox.status;
    Health expected = Health::ok;
    std::string complaint;
    SECTION("well") {}
    SECTION("a login was refused") {
        status.state = MailboxState::refused;
        status.last_error = "password refused";
        expected = Health::critical;
        complaint = "bounces: password refused";
    }
    SECTION("trouble that may pass") {
        status.state = MailboxState::backing_off;
        status.last_error = "the connection was lost";
        expected = Health::warning;
        complaint = "bounces: the connection was lost";
    }
    SECTION("nobody is at work") {
        status.last_success = noon - 2 * hour;
        expected = Health::critical;
        complaint = "bounces: no whole pass for 2h";
    }
    SECTION("a backlog is worked on for long") {
        status.state = MailboxState::working;
        status.last_success = noon - 2 * hour;
        expected = Health::warning;
        complaint = "bounces: no whole pass for 2h";
    }
    SECTION("a message waits") {
        mailbox.oldest_unfiled = noon - 26 * hour;
        expected = Health::warning;
        complaint = "bounces: a message waits for 1d 2h";
    }
    JournalStatus journal;
    journal.mailboxes.push_back(mailbox);
    const auto assessment = assess(journal, question_about({"bounces"}));
    CHECK(assessment.health == expected);
    CHECK(assessment.complaints == (complaint.empty() ? std::vector<std::string>{} : std::vector{complaint}));
}

TEST_CASE("status: a mailbox that was never read, fresh quarantine and events that nobody takes are warnings") {
    JournalStatus journal;
    journal.mailboxes.push_back(well("a"));
    CHECK(assess(journal, question_about({"a"})).health == Health::ok);
    CHECK(assess(journal, question_about({"a", "b"})).complaints == std::vector<std::string>{"b: never run"});
    journal.quarantine.push_back({"a", "7", "Bounces/quarantine", "unreadable", noon - 2 * 24 * hour});
    CHECK(assess(journal, question_about({"a"})).health == Health::ok);
    journal.quarantine.push_back({"a", "8", "Bounces/quarantine", "unreadable", noon - hour});
    CHECK(assess(journal, question_about({"a"})).health == Health::warning);
    journal.quarantine.clear();
    journal.outbox = {3, 2, noon, "exit code 1"};
    CHECK(assess(journal, question_about({"a"})).complaints ==
          std::vector<std::string>{"2 events not taken: exit code 1"});
    journal.outbox = {0, 0, {}, "", 4};
    CHECK(assess(journal, question_about({"a"})).complaints ==
          std::vector<std::string>{"4 dead letters: see `nixie outbox list --dead`"});
}

TEST_CASE("status: the worst comes first, and the first line is for monitors") {
    JournalStatus journal;
    journal.mailboxes.push_back(well("a"));
    journal.mailboxes[0].status.state = MailboxState::refused;
    journal.mailboxes[0].status.last_error = "password\x1b[2J refused";
    const auto text = status_text(journal, question_about({"b", "a"}));
    CHECK_THAT(text, Catch::StartsWith("CRITICAL: a: password?[2J refused; b: never run\n"));
    CHECK_THAT(text, Catch::Contains("never-run"));
}

TEST_CASE("status: as JSON each mailbox has its state, and times are UTC") {
    JournalStatus journal;
    journal.mailboxes.push_back(well("a"));
    journal.mailboxes[0].status.waiting = 4;
    journal.mailboxes[0].status.waiting_since = noon - Duration{30};
    const auto out = nlohmann::json::parse(status_json(journal, question_about({"a", "b"})));
    CHECK(out["health"] == "warning");
    CHECK(out["mailboxes"][0]["state"] == "idle");
    CHECK(out["mailboxes"][0]["last_success"] == "2026-11-21T11:59:00Z");
    CHECK(out["mailboxes"][0]["lag_seconds"] == 30);
    CHECK(out["mailboxes"][0]["waiting"] == 4);
    CHECK(out["mailboxes"][1]["state"] == "never-run");
}

TEST_CASE("status: what waits has a line each: the oldest message, the next try, verdicts that are held") {
    JournalStatus journal;
    journal.mailboxes = {well("a"), well("b")};
    const auto question = question_about({"a", "b"});
    CHECK_THAT(status_text(journal, question), Catch::Contains("\nunprocessed: 0 messages\n") &&
                                                   Catch::Contains("\ndue: 0 recipients for another try\n") &&
                                                   Catch::Contains("\nheld: 0 verdicts\n"));
    journal.mailboxes[0].status.waiting = 4;
    journal.mailboxes[0].status.waiting_since = noon - Duration{30};
    journal.mailboxes[1].unfiled = 1;
    journal.mailboxes[1].oldest_unfiled = noon - Duration{150};
    journal.held = 1;
    journal.recipients_due = 7;
    journal.next_due = noon + 3 * hour;
    CHECK_THAT(status_text(journal, question),
               Catch::Contains("\nunprocessed: 5 messages, the oldest for 2m, in b\n") &&
                   Catch::Contains("\ndue: 7 recipients for another try, the next in 3h\n") &&
                   Catch::Contains("\nheld: 1 verdict, until a person decides: see `nixie held list`\n"));
    const auto json = nlohmann::json::parse(status_json(journal, question));
    CHECK(json["held"] == 1);
    CHECK(json["unprocessed"]["messages"] == 5);
    CHECK(json["unprocessed"]["oldest"]["mailbox"] == "b");
    CHECK(json["unprocessed"]["oldest"]["since"] == "2026-11-21T11:57:30Z");
}
