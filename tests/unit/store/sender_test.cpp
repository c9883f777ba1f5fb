#include <nlohmann/json.hpp>

#include "store/provider.hpp"
#include "unit/store/journal.hpp"

using namespace nixie;

namespace {

/// `count` hard bounces of different people, at `at`.
std::vector<MessageRecord> many(int count, BounceType type, Reason reason, Time at, const std::string& domain,
                                const std::string& campaign, const std::string& prefix) {
    std::vector<MessageRecord> out;
    for (int i = 0; i < count; ++i) {
        const auto id = prefix + std::to_string(i);
        auto message = message_of(id, Kind::bounce, at, {bounce_of(id + "@" + domain, type)});
        message.bounces[0].reason = reason;
        message.bounces[0].remote_mta = "mx1.mail." + domain;
        message.campaign = campaign;
        out.push_back(message);
    }
    return out;
}

void record(Journal& journal, const std::vector<MessageRecord>& messages, Time now) {
    must(journal.store.record(messages, journal.policy, now));
}

/// The sender is on a blocklist, and three people are unknown in the same hour.
struct TroubledJournal : Journal {
    TroubledJournal() {
        auto messages = many(60, BounceType::blocked, Reason::blocked, noon, "example.com", "autumn", "b");
        const auto unknown = many(3, BounceType::hard, Reason::user_unknown, noon, "example.org", "autumn", "h");
        messages.insert(messages.end(), unknown.begin(), unknown.end());
        must(store.record(messages, policy, noon));
    }
};

std::vector<HeldVerdict> held(Journal& journal) {
    std::vector<HeldVerdict> out;
    must(journal.store.held([&](const HeldVerdict& one) { out.push_back(one); }));
    return out;
}
State state_of(Journal& journal, const std::string& address) { return journal.recipient(address).history.state; }
std::size_t count_of(Journal& journal, const std::string& type) {
    const auto types = journal.event_types();
    return static_cast<std::size_t>(std::count(types.begin(), types.end(), type));
}

} // namespace

TEST_CASE("provider: who runs the mailbox, by the host that answered where that is known") {
    CHECK(provider_of("ann@example.co.uk", "mx3.mail.Example.NET.", "out.sender.example") == "example.net");
    CHECK(provider_of("ann@news.example.co.uk", "", "out.sender.example") == "example.co.uk");
    CHECK(provider_of("ann@example.org", "relay.sender.co.uk", "out.sender.co.uk") == "example.org");
    CHECK(provider_of("ann@example.org", "192.0.2.1", "") == "example.org");
    CHECK(provider_of("ann@example.org", "mx", "") == "example.org");
    CHECK(provider_of("ann@[192.0.2.1]", "", "") == "");
    CHECK(domain_of("ann@Example.ORG") == "example.org");
    CHECK(domain_of("ann@exam\x1bple.org") == "");
    CHECK(domain_of("ann") == "");
}

TEST_CASE("sender trouble: verdicts that would suppress are held, one alert goes out, and status can tell") {
    TroubledJournal journal;
    CHECK(held(journal).size() == 3);
    CHECK(state_of(journal, "h0@example.org") == State::clear);
    CHECK(journal.recipient("h0@example.org").events.front().decision == Action::hold);
    CHECK(count_of(journal, "alert") == 1);
    CHECK(count_of(journal, "suppressed") == 0);
    const auto troubles = must(journal.store.troubles());
    REQUIRE(troubles.size() == 1);
    CHECK(troubles[0].held == 3);
    CHECK(troubles[0].lasts);
    CHECK(troubles[0].what == "the sender is refused: 60 of 63 bounces (95 %) are blocked as blocked");

    record(journal, many(5, BounceType::hard, Reason::user_unknown, noon + hour, "example.org", "autumn", "i"),
           noon + hour);
    CHECK(held(journal).size() == 8); // though this batch alone looks harmless
    record(journal, many(5, BounceType::blocked, Reason::blocked, noon + hour, "example.org", "autumn", "c"),
           noon + hour);
    CHECK(count_of(journal, "alert") == 1);
    CHECK(must(journal.store.advance(journal.policy, noon + hour)).alerts.size() == 1);
    CHECK(must(journal.store.advance(journal.policy, noon + hour)).alerts.empty());
}

TEST_CASE("sender trouble: a complaint suppresses all the same") {
    TroubledJournal journal;
    auto messages = many(10, BounceType::blocked, Reason::blocked, noon, "example.com", "autumn", "d");
    messages.push_back(message_of("x", Kind::complaint, noon, {bounce_of("cy@example.org", BounceType::soft)}));
    record(journal, messages, noon);
    CHECK(state_of(journal, "cy@example.org") == State::suppressed);
}

TEST_CASE("sender trouble: released verdicts suppress, and the same is no trouble again at once") {
    TroubledJournal journal;
    CHECK(must(journal.store.settle_held(HeldFate::release, {}, journal.policy, noon + hour)) == 3);
    CHECK(state_of(journal, "h0@example.org") == State::suppressed);
    CHECK(journal.recipient("h0@example.org").events.front().decision == Action::suppress);
    CHECK(count_of(journal, "suppressed") == 3);
    CHECK(must(journal.store.troubles()).empty());
    auto more = many(60, BounceType::blocked, Reason::blocked, noon + hour, "example.com", "autumn", "e");
    more.push_back(hard_bounce("z", "di@example.org", noon + hour));
    record(journal, more, noon + hour);
    CHECK(state_of(journal, "di@example.org") == State::suppressed);
    CHECK(count_of(journal, "alert") == 1);
}

TEST_CASE("sender trouble: dropped verdicts leave the address as it was, one or all of them") {
    TroubledJournal journal;
    HeldChoice one;
    one.address = "H1@example.org";
    CHECK(must(journal.store.settle_held(HeldFate::drop, one, journal.policy, noon + hour)) == 1);
    CHECK(held(journal).size() == 2);
    CHECK(must(journal.store.troubles()).size() == 1);
    CHECK(must(journal.store.settle_held(HeldFate::drop, {}, journal.policy, noon + hour)) == 2);
    CHECK(state_of(journal, "h1@example.org") == State::clear);
    CHECK(journal.recipient("h1@example.org").history.hard_bounces == 0);
    CHECK(journal.recipient("h1@example.org").events.front().cause == "held and dropped by command");
}

TEST_CASE("sender trouble: a success meanwhile outweighs a verdict that is released") {
    TroubledJournal journal;
    must(journal.store.succeeded(std::vector<Success>{{"h0@example.org", noon + hour}}, journal.policy, noon + hour));
    journal.record(message_of("ok", Kind::delivered, noon + hour, {bounce_of("h1@example.org", BounceType::soft)}));
    must(journal.store.settle_held(HeldFate::release, {}, journal.policy, noon + 2 * hour));
    CHECK(state_of(journal, "h1@example.org") == State::clear);
}

TEST_CASE("sender trouble: an old backlog, or switched off, holds nothing") {
    Journal journal;
    auto messages = many(60, BounceType::blocked, Reason::blocked, noon, "example.com", "autumn", "b");
    messages.push_back(hard_bounce("h", "ann@example.org", noon));
    SECTION("backlog") { record(journal, messages, noon + 100 * hour); }
    SECTION("off") {
        journal.policy.sender.hold = false;
        record(journal, messages, noon);
    }
    CHECK(state_of(journal, "ann@example.org") == State::suppressed);
    CHECK(count_of(journal, "alert") == 0);
}

TEST_CASE("sender trouble: it passes with time, and what is held waits on") {
    TroubledJournal journal;
    must(journal.store.advance(journal.policy, noon + 7 * hour));
    REQUIRE(must(journal.store.troubles()).size() == 1);
    CHECK_FALSE(must(journal.store.troubles())[0].lasts);
    journal.record(hard_bounce("h", "ann@example.org", noon + 7 * hour));
    CHECK(state_of(journal, "ann@example.org") == State::suppressed);
}

TEST_CASE("sender trouble: one provider alone, against the week before, and only its verdicts are held") {
    Journal journal;
    for (int day = 1; day <= 6; ++day) {
        const auto at = noon - day * 24 * hour;
        record(journal,
               many(10, BounceType::hard, Reason::user_unknown, at, "example.com", "", "u" + std::to_string(day)), at);
        record(journal,
               many(10, BounceType::hard, Reason::user_unknown, at, "example.net", "", "v" + std::to_string(day)), at);
    }
    auto today = many(90, BounceType::hard, Reason::user_unknown, noon, "example.com", "", "w");
    const auto others = many(5, BounceType::hard, Reason::user_unknown, noon, "example.net", "", "x");
    today.insert(today.end(), others.begin(), others.end());
    record(journal, today, noon);
    // 94 % today, 50 % before: not twice as much.
    CHECK(held(journal).empty());
    journal.policy.sender.spike = 1;
    record(journal, many(10, BounceType::hard, Reason::user_unknown, noon, "example.com", "", "y"), noon);
    CHECK(held(journal).size() == 100); // those of before, too
    CHECK(state_of(journal, "x0@example.net") == State::suppressed);
    CHECK(must(journal.store.troubles())[0].name == "example.com");
}

TEST_CASE("rates: what was sent to a domain counts for the provider whose hosts answered for it") {
    Journal journal;
    SentCounts counts;
    counts.messages = 160;
    counts.by_domain = {{"example.com", 100}, {"example.org", 50}, {"example.net", 10}};
    must(journal.store.sent("", counts, journal.policy, noon));
    auto bounces = many(3, BounceType::hard, Reason::user_unknown, noon, "example.com", "", "a");
    const auto hosted = many(2, BounceType::hard, Reason::user_unknown, noon, "example.org", "", "b");
    bounces.insert(bounces.end(), hosted.begin(), hosted.end());
    for (auto& message : bounces) message.bounces[0].remote_mta = "mx.big-host.example";
    record(journal, bounces, noon);
    record(journal, many(1, BounceType::hard, Reason::user_unknown, noon, "example.net", "", "c"), noon);

    const auto providers = must(journal.store.rates(RateScope::provider, noon));
    REQUIRE(providers.size() == 2);
    CHECK(providers[0].name == "big-host.example");
    CHECK(providers[0].tally == Tally{150, 5, 0, 0});
    CHECK(providers[1].tally == Tally{10, 1, 0, 0});

    // It moved to another one.
    auto moved = many(1, BounceType::hard, Reason::user_unknown, noon + hour, "example.org", "", "d");
    moved[0].bounces[0].remote_mta = "mx.other-host.example";
    record(journal, moved, noon + hour);
    CHECK(must(journal.store.rates(RateScope::provider, noon))[1].tally == Tally{50, 3, 0, 0});

    const Summary summary = must(journal.store.summary(noon - 24 * hour, noon + 2 * hour, 10));
    REQUIRE(!summary.providers.empty());
    CHECK(summary.providers[0].name == "big-host.example");
    CHECK(summary.providers[0].sent == 100);
}

TEST_CASE("rates: of mailings, providers and domains, each recipient of a mailing once") {
    Journal journal;
    record(journal, many(3, BounceType::hard, Reason::user_unknown, noon, "news.example.com", "autumn", "a"), noon);
    record(journal, many(2, BounceType::soft, Reason::mailbox_full, noon, "example.org", "autumn", "b"), noon);
    auto again = many(2, BounceType::soft, Reason::mailbox_full, noon + 2 * hour, "example.org", "autumn", "b");
    for (auto& message : again) message.sha256 += "again", message.key.uid += "again";
    record(journal, again, noon + 2 * hour);

    SentCounts counts;
    counts.messages = 100;
    counts.by_domain["news.example.com"] = 100;
    CHECK(must(journal.store.sent("autumn", counts, journal.policy, noon)) == 100);
    CHECK(must(journal.store.sent("autumn", counts, journal.policy, noon)) == 200);
    const auto mailings = must(journal.store.rates(RateScope::mailing, noon - hour));
    REQUIRE(mailings.size() == 1);
    CHECK(mailings[0].name == "autumn");
    CHECK(mailings[0].tally == Tally{200, 3, 2, 0});
    const auto providers = must(journal.store.rates(RateScope::provider, noon - hour));
    REQUIRE(providers.size() == 2);
    CHECK(providers[0].name == "example.org"); // four bounces, of two people
    CHECK(providers[0].tally == Tally{0, 0, 4, 0});
    CHECK(providers[1].name == "example.com");
    CHECK(providers[1].tally == Tally{200, 3, 0, 0});
    const auto domains = must(journal.store.rates(RateScope::domain, noon - hour));
    REQUIRE(domains.size() == 2);
    CHECK(domains[1].name == "news.example.com");
    CHECK(domains[1].tally == Tally{200, 3, 0, 0});
    CHECK(must(journal.store.rates(RateScope::provider, noon + 24 * hour)).empty());
}

TEST_CASE("rates: a mailing is warned of once and paused once, whichever comes last, bounce or count") {
    Journal journal;
    SentCounts counts;
    counts.messages = 1000;
    SECTION("counts first") {
        must(journal.store.sent("autumn", counts, journal.policy, noon));
        record(journal, many(19, BounceType::hard, Reason::user_unknown, noon, "example.com", "autumn", "a"), noon);
        CHECK(count_of(journal, "alert") == 0);
        record(journal, many(1, BounceType::hard, Reason::user_unknown, noon, "example.com", "autumn", "b"), noon);
        CHECK(count_of(journal, "alert") == 1);
        record(journal, many(30, BounceType::hard, Reason::user_unknown, noon, "example.com", "autumn", "c"), noon);
        CHECK(count_of(journal, "pause") == 1);
        record(journal, many(30, BounceType::hard, Reason::user_unknown, noon, "example.com", "autumn", "d"), noon);
        CHECK(count_of(journal, "alert") == 1);
    }
    SECTION("bounces first") {
        record(journal, many(60, BounceType::hard, Reason::user_unknown, noon, "example.com", "autumn", "a"), noon);
        must(journal.store.sent("autumn", counts, journal.policy, noon));
    }
    CHECK(count_of(journal, "pause") == 1);
}

TEST_CASE("sender trouble: what suppressed shortly before it was noticed is held too") {
    Journal journal;
    const auto before = [&](const char* uid, const std::string& address, Time at) {
        journal.record(hard_bounce(uid, address, at));
    };
    before("1", "old@example.org", noon - 20 * hour);
    before("2", "ann@example.org", noon - 2 * hour);
    before("3", "ann@example.org", noon - hour);
    journal.record(soft_bounce("4", "bob@example.org", noon - 3 * hour));
    before("5", "bob@example.org", noon - hour);
    journal.record(message_of("6", Kind::complaint, noon - hour, {bounce_of("cy@example.org", BounceType::soft)}));
    REQUIRE(state_of(journal, "ann@example.org") == State::suppressed);

    auto messages = many(60, BounceType::blocked, Reason::blocked, noon, "example.com", "autumn", "b");
    messages.push_back(hard_bounce("7", "ann@example.org", noon));
    record(journal, messages, noon);
    CHECK(state_of(journal, "ann@example.org") == State::clear);
    CHECK(state_of(journal, "bob@example.org") == State::waiting);
    CHECK(state_of(journal, "old@example.org") == State::suppressed);
    CHECK(state_of(journal, "cy@example.org") == State::suppressed);
    CHECK(held(journal).size() == 4);
    CHECK(count_of(journal, "recovered") == 2);
    CHECK(must(journal.store.check()).empty());

    CHECK(must(journal.store.settle_held(HeldFate::release, {}, journal.policy, noon + hour)) == 4);
    CHECK(state_of(journal, "ann@example.org") == State::suppressed);
    CHECK(state_of(journal, "bob@example.org") == State::suppressed);
    CHECK(must(journal.store.check()).empty());
}

TEST_CASE("sender trouble: of one provider, what others suppressed before stays") {
    Journal journal;
    record(journal, many(60, BounceType::soft, Reason::mailbox_full, noon - 50 * hour, "example.org", "x", "w"),
           noon - 50 * hour);
    record(journal, many(2, BounceType::hard, Reason::user_unknown, noon - hour, "example.com", "autumn", "h"),
           noon - hour);
    record(journal, many(2, BounceType::hard, Reason::user_unknown, noon - hour, "example.org", "autumn", "i"),
           noon - hour);
    record(journal, many(60, BounceType::soft, Reason::mailbox_full, noon, "example.com", "autumn", "s"), noon);
    REQUIRE(must(journal.store.troubles()).size() == 1);
    CHECK(state_of(journal, "h0@example.com") == State::clear);
    CHECK(state_of(journal, "i0@example.org") == State::suppressed);
}

TEST_CASE("rates: a recipient counts once for each mailing, also with another mailing in between") {
    Journal journal;
    const auto bounce = [&](const std::string& uid, const std::string& campaign, Time at) {
        auto message = soft_bounce(uid, "ann@example.org", at);
        message.campaign = campaign;
        return message;
    };
    const auto bounced = [&](const std::string& campaign) {
        for (const auto& rate : must(journal.store.rates(RateScope::mailing, noon - 100 * hour)))
            if (rate.name == campaign) return rate.tally.bounced();
        return std::int64_t{0};
    };
    SECTION("in passes of their own") {
        for (const char* uid : {"1", "2", "3", "4", "5"})
            journal.record(bounce(uid, *uid % 2 == 0 ? "autumn" : "winter", noon + (*uid - '0') * hour));
    }
    SECTION("in one") {
        std::vector<MessageRecord> all;
        for (const char* uid : {"1", "2", "3", "4", "5"})
            all.push_back(bounce(uid, *uid % 2 == 0 ? "autumn" : "winter", noon + (*uid - '0') * hour));
        record(journal, all, noon + 5 * hour);
    }
    CHECK(bounced("autumn") == 1);
    CHECK(bounced("winter") == 1);
}
