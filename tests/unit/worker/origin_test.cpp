#include "worker/origin.hpp"

#include "support/messages.hpp"
#include "unit/store/journal.hpp"

using namespace nixie;

namespace {

class NoonClock final : public Clock {
  public:
    [[nodiscard]] Time now() const override { return noon; }
};

/// One report, whose original's Message-ID is of sender.example.
struct OneReport {
    std::string bytes = bounce_message("1", "ann@example.org", "5.1.1", "550 5.1.1 User unknown");
    std::vector<std::string> domains = {"ours.example"};
    std::set<std::string> told;

    [[nodiscard]] Report judged() const {
        const MailboxConfig mailbox;
        Config config;
        config.message_id_domains = domains;
        const LazyJudge judge;
        const NoonClock clock;
        CycleContext context{.mailbox = mailbox, .config = config, .judge = judge, .clock = clock};
        context.told_mailings = told;
        return judge_with_origin(context, bytes).report;
    }
    void replace(const std::string& what, const std::string& with) {
        bytes.replace(bytes.find(what), what.size(), with);
    }
};

} // namespace

TEST_CASE("origin: a report about a message with another's Message-ID is suspicious, and says why") {
    const Report report = OneReport{}.judged();
    CHECK(report.kind == Kind::suspicious);
    CHECK(report.ground == "its original's Message-ID is of sender.example: the mail was not sent from here");
}

TEST_CASE("origin: a report about our mail counts") {
    OneReport one;
    SECTION("by its domain") { one.domains = {"ours.example", "sender.example"}; }
    SECTION("by one above it") { one.domains = {"example"}; }
    SECTION("which is nobody's business without a setting") { one.domains.clear(); }
    SECTION("that does not tell") { one.replace("Message-ID: <1@sender.example>", "X-Other: 1"); }
    SECTION("whose id has no domain") { one.replace("<1@sender.example>", "<1>"); }
    SECTION("of a mailing that was told of") {
        one.replace("Subject: News", "Subject: News\r\nX-Campaign-Id: spring");
        one.told = {"spring"};
    }
    CHECK(one.judged().kind == Kind::bounce);
}

TEST_CASE("origin: a domain that only ends like ours is not ours, nor is a mailing that nobody told of") {
    const auto [domain, told] = GENERATE(table<std::string, std::string>({
        {"der.example", "spring"},
        {"ours.example", "autumn"},
    }));
    OneReport one;
    one.domains = {domain};
    one.told = {told};
    if (told == "autumn") one.replace("Subject: News", "Subject: News\r\nX-Campaign-Id: spring");
    CHECK(one.judged().kind == Kind::suspicious);
}

TEST_CASE("origin: other mail is left alone") {
    OneReport one;
    one.bytes = ordinary_message("1");
    CHECK(one.judged().kind == Kind::other);
}

TEST_CASE("told mailings: those that `nixie sent` told of, and only where they are asked for") {
    Journal journal;
    auto bounced = soft_bounce("1", "ann@example.org", noon);
    bounced.campaign = "forged";
    journal.record(bounced);
    SentCounts counts;
    counts.messages = 7;
    must(journal.store.sent("spring", counts, journal.policy, noon));
    Config config;
    CHECK(must(told_mailings(journal.store, config, noon)).empty());
    config.message_id_domains = {"ours.example"};
    CHECK(must(told_mailings(journal.store, config, noon)) == std::set<std::string>{"spring"});
}
