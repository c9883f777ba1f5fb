#include "worker/cycle.hpp"

#include "support/messages.hpp"
#include "unit/store/journal.hpp"
#include "unit/worker/fake_mailbox.hpp"

using namespace nixie;
using Uids = std::vector<std::string>;

namespace {

/// Stands still until it is moved.
class HandClock final : public Clock {
  public:
    Time time = noon;
    [[nodiscard]] Time now() const override { return time; }
};

/// Passes over a mailbox in memory, with a journal.
struct Passes {
    FakeMailbox mailbox;
    Journal journal;
    MailboxConfig mailbox_config = named("bounces");
    Config config;
    LazyJudge judge;
    HandClock clock;
    std::uint64_t budget = std::numeric_limits<std::uint64_t>::max();

    static MailboxConfig named(const std::string& name) {
        MailboxConfig out;
        out.name = name;
        return out;
    }
    void deliver(std::size_t messages) {
        for (std::size_t i = 0; i < messages; ++i) {
            const std::string uid = std::to_string(mailbox.inbox.size() + 1);
            mailbox.inbox.emplace_back(
                uid, bounce_message(uid, "reader" + uid + "@example.org", "5.1.1", "550 5.1.1 User unknown"));
        }
    }
    Result<CycleSummary> pass() {
        CycleContext context{.mailbox = mailbox_config, .config = config, .judge = judge, .clock = clock};
        context.budget = budget;
        auto summary = run_cycle(mailbox, &journal.store, context);
        clock.time += std::chrono::minutes(5);
        return summary;
    }
    Uids in(const std::string& folder) { return mailbox.folders["Bounces/" + folder]; }
    std::vector<QuarantinedMessage> quarantine() {
        return must(journal.store.status(journal.policy, noon, 100)).quarantine;
    }
};

const Error lost{ErrorCode::unavailable, "the connection was lost while reading", "imaps://x", "try again later"};

} // namespace

TEST_CASE(
    "cycle: a message on which the connection breaks every time stops no other, and ends in quarantine with the "
    "cause") {
    Passes passes;
    passes.deliver(5);
    passes.mailbox.on_fetch = [](const std::string& uid) { return uid == "3" ? Result<void>(lost) : Result<void>(); };
    for (int i = 0; i < 3; ++i) CHECK_FALSE(passes.pass());
    CHECK(must(passes.pass()).quarantined == 1);
    CHECK(passes.in("bad-mailbox").size() == 4);
    CHECK(passes.in("quarantine") == Uids{"3"});
    REQUIRE(passes.quarantine().size() == 1);
    CHECK(passes.quarantine()[0].uid == "3");
    CHECK_THAT(passes.quarantine()[0].cause, Catch::Contains("3 times") && Catch::Contains("connection was lost"));
    CHECK(passes.mailbox.inbox.empty());
}

TEST_CASE("cycle: what came before the connection broke is recorded, and the next pass goes on from there") {
    Passes passes;
    passes.deliver(5);
    bool broken = true;
    passes.mailbox.on_fetch = [&](const std::string& uid) {
        return uid == "4" && broken ? Result<void>(lost) : Result<void>();
    };
    CHECK_FALSE(passes.pass());
    CHECK(must(passes.journal.store.unfiled("bounces", "7")).size() == 3);
    broken = false;
    CHECK(must(passes.pass()).read == 2);
    CHECK(passes.in("bad-mailbox").size() == 5);
    CHECK(passes.quarantine().empty());
}

TEST_CASE("cycle: a message that the server refuses to give stops neither the pass nor the queue") {
    Passes passes;
    passes.deliver(3);
    const Error refusal{ErrorCode::refused, "no such content"};
    passes.mailbox.on_fetch = [&](const std::string& uid) {
        return uid == "1" ? Result<void>(refusal) : Result<void>();
    };
    CHECK(must(passes.pass()).failures.size() == 1);
    for (int i = 0; i < 3; ++i) must(passes.pass());
    CHECK(passes.in("bad-mailbox").size() == 2);
    CHECK(passes.in("quarantine") == Uids{"1"});
}

TEST_CASE("cycle: one message of a batch that its folder refuses goes to quarantine alone") {
    Passes passes;
    passes.deliver(10);
    passes.mailbox.on_file = [](const Filing& filing) -> Result<void> {
        const bool holds_it = std::find(filing.uids.begin(), filing.uids.end(), "5") != filing.uids.end();
        if (holds_it && filing.folder.back() == "bad-mailbox") return Error{ErrorCode::refused, "cannot copy that"};
        return {};
    };
    for (int i = 0; i < 4; ++i) must(passes.pass());
    CHECK(passes.in("bad-mailbox").size() == 9);
    CHECK(passes.in("quarantine") == Uids{"5"});
    REQUIRE(passes.quarantine().size() == 1);
    CHECK_THAT(passes.quarantine()[0].cause, Catch::Contains("cannot copy that"));
    CHECK(passes.journal.recipient("reader5@example.org").history.hard_bounces == 1);
}

TEST_CASE("cycle: a folder that refuses for a moment does not cost a message all its tries") {
    Passes passes;
    passes.deliver(2);
    passes.mailbox.on_file = [](const Filing&) -> Result<void> { return Error{ErrorCode::refused, "busy"}; };
    must(passes.pass());
    passes.clock.time -= std::chrono::minutes(4);
    for (int i = 0; i < 10; ++i) {
        must(passes.pass());
        passes.clock.time -= std::chrono::minutes(5);
    }
    CHECK(must(passes.journal.store.unfiled("bounces", "7")).at(0).filing_attempts == 2);
    passes.mailbox.on_file = {};
    passes.clock.time += std::chrono::minutes(5);
    CHECK(must(passes.pass()).filed == 2);
    CHECK(passes.in("bad-mailbox").size() == 2);
}

TEST_CASE("cycle: where there is no room messages wait, and none goes to quarantine") {
    Passes passes;
    passes.deliver(2);
    passes.mailbox.on_file = [](const Filing&) -> Result<void> { return Error{ErrorCode::no_room, "over quota"}; };
    for (int i = 0; i < 10; ++i) CHECK(must(passes.pass()).failures.size() == 1);
    passes.mailbox.on_file = {};
    CHECK(must(passes.pass()).filed == 2);
    CHECK(passes.in("bad-mailbox").size() == 2);
}

TEST_CASE("cycle: of a batch that does not fit as a whole is filed what fits") {
    Passes passes;
    constexpr std::size_t room = 5;
    std::size_t tries = 0;
    passes.deliver(11);
    passes.mailbox.on_file = [&](const Filing& filing) -> Result<void> {
        ++tries;
        const auto held = passes.in("bad-mailbox").size();
        return held + filing.uids.size() > room ? Result<void>(Error{ErrorCode::no_room, "over quota"})
                                                : Result<void>{};
    };
    const auto summary = must(passes.pass());
    CHECK(summary.filed == room);
    CHECK(summary.left == 6);
    CHECK(tries == 4); // 11, 5, 2, 1
    REQUIRE(summary.failures.size() == 1);
    CHECK(summary.failures.front().what.find("over quota") != std::string::npos);
    passes.mailbox.on_file = {};
    CHECK(must(passes.pass()).filed == 6);
}

TEST_CASE("cycle: a pass that is broken off because it shall stop blames no message for that") {
    Passes passes;
    passes.deliver(2);
    passes.mailbox.on_fetch = [](const std::string&) -> Result<void> {
        return Error{ErrorCode::interrupted, "asked to stop"};
    };
    for (int i = 0; i < 10; ++i) CHECK(passes.pass().error().code == ErrorCode::interrupted);
    passes.mailbox.on_fetch = {};
    const auto summary = must(passes.pass());
    CHECK(summary.filed == 2);
    CHECK(summary.quarantined == 0);
}

TEST_CASE("cycle: fetches no more bytes than it may, whatever the size of messages") {
    Passes passes;
    passes.deliver(20);
    for (auto& [uid, bytes] : passes.mailbox.inbox) bytes += std::string(9000, '-');
    passes.config.fetch_bytes = 16'384;
    passes.budget = 50'000;
    const auto summary = must(passes.pass());
    CHECK(summary.budget_used);
    CHECK(summary.bytes <= 50'000);
    CHECK(summary.bytes > 50'000 - 16'384 - 1);
    CHECK(summary.filed == summary.read);
    CHECK(summary.left == 20 - summary.read);
}

TEST_CASE("cycle: a report that somebody sends again with other outer headers counts once") {
    Passes passes;
    passes.deliver(1);
    passes.mailbox.inbox.emplace_back(
        "2", "Received: from elsewhere.example\r\nX-Again: 1\r\n" +
                 bounce_message("1", "reader1@example.org", "5.1.1", "550 5.1.1 User unknown"));
    must(passes.pass());
    CHECK(passes.in("bad-mailbox").size() == 2);
    CHECK(passes.journal.recipient("reader1@example.org").events.size() == 1);
}
