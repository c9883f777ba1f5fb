#include <catch2/catch.hpp>

#include <set>

#include "classify/example.hpp"
#include "classify/reply.hpp"
#include "nixie/verdict.hpp"

using namespace nixie;

namespace {

const Rules& rules() {
    static const Rules built_in = Rules::built_in();
    return built_in;
}

Verdict classified(const std::string& reply) { return classify(example_evidence(reply), rules()); }

} // namespace

TEST_CASE("classify: what the sources ask to be recognised") {
    const auto [reply, reason, category, type] = GENERATE(table<std::string, Reason, Category, BounceType>({
        {"550 MAILBOX NOT FOUND", Reason::user_unknown, Category::bad_mailbox, BounceType::hard},
        {"550 invalid mailbox", Reason::user_unknown, Category::bad_mailbox, BounceType::hard},
        {"550 not our customer", Reason::user_unknown, Category::bad_mailbox, BounceType::hard},
        {"550 mailbox unavailable", Reason::user_unknown, Category::bad_mailbox, BounceType::hard},
        {"552 Quota exceeded", Reason::mailbox_full, Category::quota_issues, BounceType::soft},
        {"550 Mailbox unavailable: mailbox full", Reason::mailbox_full, Category::quota_issues, BounceType::soft},
        {"550 Host unknown", Reason::host_unknown, Category::bad_domain, BounceType::hard},
        {"Host or domain name not found. Name service error for name=example.com type=A: Host not found",
         Reason::host_unknown, Category::bad_domain, BounceType::hard},
        {"Host or domain name not found. Name service error for name=example.com type=MX: Host not found, try again",
         Reason::network_error, Category::bad_domain, BounceType::soft},
        {"550 unable to relay", Reason::no_relaying, Category::relaying_issues, BounceType::blocked},
        {"554 5.7.1 <a@example.com>: Relay access denied", Reason::no_relaying, Category::relaying_issues,
         BounceType::blocked},
        {"No adequate servers", Reason::network_error, Category::no_answer_from_host, BounceType::soft},
        {"connect to example.com[192.0.2.1]:25: Connection timed out", Reason::network_error,
         Category::no_answer_from_host, BounceType::soft},
        {"connect to example.com[192.0.2.1]:25: Connection refused", Reason::network_error, Category::bad_connection,
         BounceType::soft},
        {"554 5.4.6 Too many hops", Reason::network_error, Category::routing_errors, BounceType::blocked},
        {"554 5.4.12 hop count exceeded", Reason::network_error, Category::routing_errors, BounceType::blocked},
        {"451 Resources temporarily unavailable.", Reason::system_error, Category::bad_configuration, BounceType::soft},
        {"Out of memory", Reason::system_error, Category::bad_configuration, BounceType::blocked},
        {"452 4.3.1 Insufficient system storage", Reason::system_full, Category::quota_issues, BounceType::soft},
        {"550 192.0.2.1 is listed in spamhaus", Reason::blocked, Category::policy_related, BounceType::blocked},
        {"554 Message looks like spam", Reason::spam_detected, Category::spam_related, BounceType::blocked},
        {"451 Greylisted, please try again in 300 seconds", Reason::greylisted, Category::policy_related,
         BounceType::soft},
        {"550 IP addresses are not allowed as a From: Address", Reason::rejected, Category::policy_related,
         BounceType::blocked},
        {"550 5.2.4", Reason::system_error, Category::bad_configuration, BounceType::blocked},
        {"554 5.1.0 Sender Denied", Reason::rejected, Category::policy_related, BounceType::blocked},
    }));
    INFO(reply);
    const auto verdict = classified(reply);
    CHECK(name(verdict.reason) == name(reason));
    CHECK(name(verdict.category) == name(category));
    CHECK(name(verdict.type) == name(type));
}

TEST_CASE("classify: a blanket 5.1.1 yields to a telling diagnostic") {
    const auto [reply, reason] = GENERATE(table<std::string, Reason>({
        {"550 5.1.1 Too many connections from your host, slow down", Reason::rate_limited},
        {"550 5.1.1 <a@example.com>: Recipient address rejected: Greylisted", Reason::greylisted},
        {"550 5.1.1 blocked using zen.spamhaus.org", Reason::blocked},
        {"550 5.1.1 Message rejected as spam", Reason::spam_detected},
        {"550 5.2.1 Mailbox unavailable. Your IP address 192.0.2.1 is blacklisted", Reason::blocked},
    }));
    INFO(reply);
    const auto verdict = classified(reply);
    CHECK(name(verdict.reason) == name(reason));
    CHECK(verdict.type != BounceType::hard);
}

TEST_CASE("classify: the reply's class decides between blocked and soft") {
    const auto [code, status, action, type] = GENERATE(table<std::string, std::string, std::string, BounceType>({
        {"554", "5.7.1", "failed", BounceType::blocked},
        {"451", "4.7.1", "failed", BounceType::soft},
        {"554", "4.0.0", "failed", BounceType::blocked}, // the code is the server's own, the status the reporter's
        {"421", "5.0.0", "failed", BounceType::soft},
        {"", "4.7.1", "", BounceType::soft},
        {"", "", "", BounceType::blocked},
        {"554", "5.7.1", "delayed", BounceType::soft},
    }));
    Evidence evidence;
    evidence.smtp_code.text = code;
    evidence.status.text = status;
    evidence.action.text = action;
    evidence.diagnostic.text = "Message rejected as spam";
    CHECK(name(classify(evidence, rules()).type) == name(type));
}

TEST_CASE("classify: a verdict names rule, text, source and place") {
    Evidence evidence;
    evidence.diagnostic = {"550 5.1.1 User unknown", Source::dsn_field, {2, 7}};
    evidence.status = {"5.1.1", Source::format, {1, 3}};
    auto verdict = classify(evidence, rules());
    CHECK(verdict.rule == "user-unknown.agreed");
    CHECK(verdict.matched == "550 5.1.1 User unknown");
    CHECK(verdict.source == Source::dsn_field);
    CHECK(verdict.place.part == 2);
    CHECK(verdict.place.line == 7);

    evidence.diagnostic = {};
    verdict = classify(evidence, rules());
    CHECK(verdict.rule == "status.bad-mailbox");
    CHECK(verdict.matched == "5.1.1");
    CHECK(verdict.source == Source::format);
    CHECK(verdict.place.line == 3);
}

TEST_CASE("classify: no evidence is undefined and soft") {
    const auto verdict = classify({}, rules());
    CHECK(verdict.rule == "undefined");
    CHECK(verdict.reason == Reason::undefined);
    CHECK(verdict.type == BounceType::soft);
    CHECK(verdict.source == Source::none);
}

TEST_CASE("classify_all: every rule that holds, each once, and first the one that decides") {
    const auto evidence = example_evidence("550 5.1.1 <a@example.com>: User unknown, no such user, mailbox is full");
    const auto all = classify_all(evidence, rules());
    REQUIRE(all.size() > 2);
    const auto first = classify(evidence, rules());
    CHECK(all.front().rule == first.rule);
    CHECK(all.front().matched == first.matched);
    std::set<std::string> ids;
    for (const auto& verdict : all) {
        INFO(verdict.rule);
        CHECK(ids.insert(verdict.rule).second);
        CHECK_FALSE(verdict.matched.empty());
    }
    CHECK(ids.count("user-unknown.wording") == 1);
    CHECK(ids.count("status.bad-mailbox") == 1);
}

TEST_CASE("classify_all: where no rule holds, the one verdict is that of classify()") {
    const auto all = classify_all({}, rules());
    REQUIRE(all.size() == 1);
    CHECK(all.front().rule == "undefined");
}

TEST_CASE("rules: an id leads to file and line") {
    const auto origin = rules().find("status.bad-mailbox");
    REQUIRE(origin);
    CHECK_THAT(std::string(origin->where), Catch::StartsWith("conf/rules/90-status.toml:"));
    CHECK_FALSE(origin->source.empty());
    CHECK_FALSE(rules().find("status.nowhere"));
}

TEST_CASE("classify: names chosen by people decide nothing") {
    const auto reply = GENERATE(as<std::string>{}, "550 5.1.1 <spam.virus@blacklist.example>: User unknown",
                                "host spamfilter.quota.example[192.0.2.1] said: 550 5.1.1 User unknown");
    CHECK(classified(reply).rule == "user-unknown.agreed");
}

TEST_CASE("classify: which command was refused tells an unknown user from a refused message") {
    const auto [status, command, reason] = GENERATE(table<std::string, std::string, Reason>({
        {"", "", Reason::user_unknown},
        {"", "RCPT", Reason::user_unknown},
        {"5.2.1", "RCPT", Reason::user_unknown},
        {"5.2.1", "", Reason::filtered},
        {"", "DATA", Reason::filtered},
        {"5.0.0", "DATA", Reason::filtered},
        {"5.1.1", "DATA", Reason::user_unknown}, // LMTP names each recipient after DATA
        {"5.0.0", "MAIL", Reason::rejected},
    }));
    INFO(status << " " << command);
    Evidence evidence;
    evidence.diagnostic.text = "550 User unknown";
    evidence.smtp_code.text = "550";
    evidence.status.text = status;
    evidence.command.text = command;
    CHECK(name(classify(evidence, rules()).reason) == name(reason));
}

TEST_CASE("words_of: lines of a reply are joined to one sentence") {
    const auto [diagnostic, words] = GENERATE(table<std::string, std::string>({
        {"550-5.7.1 one 550-5.7.1 two 550 5.7.1 three", "550-5.7.1 one two three"},
        {"550-one 550 two", "550-one two"},
        {"550 5.1.1 outer -> 554 5.7.1 inner", "550 5.1.1 outer -> 554 5.7.1 inner"},
        {"host mx.example.com[192.0.2.1] said: 550 no <a@example.com>", "550 no <@>"},
        {"5.1.0 - Unknown address error 550-'5.7.1 denied'", "550-'5.7.1 denied'"},
        {"nothing", "nothing"},
        {"", ""},
    }));
    CHECK(words_of(diagnostic) == words);
}

TEST_CASE("words_of: the recipient's domain and hosts in it say nothing") {
    const auto [diagnostic, words] = GENERATE(table<std::string, std::string>({
        {"Name service error for name=mailbox.example type=MX: Host not found",
         "Name service error for name=x.y type=MX: Host not found"},
        {"550 mx1.Mailbox.example. refuses", "550 x.y. refuses"},
        {"see https://mailbox.example/spam and mailbox.example/spam",
         "see https://mailbox.example/spam and mailbox.example/spam"},
        {"550 mymailbox.example and mailbox.example.org", "550 mymailbox.example and mailbox.example.org"},
        {"550 mailbox.example", "550 x.y"},
    }));
    CHECK(words_of(diagnostic, "mailbox.example") == words);
}

TEST_CASE("classify: a domain that is called like a mailbox is no missing mailbox") {
    Evidence evidence;
    evidence.address.text = "anna@mailbox.example";
    evidence.diagnostic.text = "Name service error for name=mailbox.example type=MX: Host not found";
    CHECK(name(classify(evidence, rules()).reason) == "host-unknown");
}
