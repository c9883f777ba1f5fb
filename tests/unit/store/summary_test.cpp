#include "unit/store/journal.hpp"

using namespace nixie;

namespace {

constexpr std::chrono::hours day{24}, week{24 * 7};

Summary of(Journal& journal, std::size_t most = 10) { return must(journal.store.summary(noon - week, noon, most)); }

const GroupCount& row(const std::vector<GroupCount>& groups, const std::string& name) {
    for (const auto& group : groups)
        if (group.name == name) return group;
    FAIL("no row " << name);
    throw std::logic_error("unreachable");
}

} // namespace

TEST_CASE("summary: an empty journal has no figures") {
    Journal journal;
    const Summary summary = of(journal);
    CHECK(summary.now.messages == 0);
    CHECK(summary.now.bounces.total() == 0);
    CHECK(summary.days.empty());
    CHECK(summary.removals.empty());
}

TEST_CASE("summary: a span holds what arrived from its beginning on and before its end, beside the span before it") {
    Journal journal;
    journal.record(soft_bounce("before that", "a@example.org", noon - 2 * week - Duration{1}));
    journal.record(soft_bounce("before", "a@example.org", noon - 2 * week));
    journal.record(soft_bounce("last of before", "b@example.org", noon - week - Duration{1}));
    journal.record(hard_bounce("first", "c@example.org", noon - week));
    journal.record(soft_bounce("last", "d@example.org", noon - Duration{1}));
    journal.record(hard_bounce("too late", "e@example.org", noon));

    const Summary summary = of(journal);
    CHECK(summary.now.bounces.hard == 1);
    CHECK(summary.now.bounces.soft == 1);
    CHECK(summary.before.bounces.total() == 2);
    CHECK(summary.now.messages == 2);
    CHECK(summary.now.recipients == 2);
    CHECK(row(summary.reasons, "mailbox-full").before == 2);
    CHECK(row(summary.reasons, "user-unknown").bounces.hard == 1);
}

TEST_CASE("summary: groups by day, category, domain, host and mailing, the most frequent first") {
    Journal journal;
    journal.record(soft_bounce("1", "a@one.example", noon - day));
    journal.record(soft_bounce("2", "b@TWO.example", noon - day));
    journal.record(hard_bounce("3", "c@two.example", noon - 2 * day));

    const Summary summary = of(journal);
    REQUIRE(summary.days.size() == 2);
    CHECK(summary.days[0].name == "2026-11-19");
    CHECK(summary.days[0].bounces.hard == 1);
    CHECK(summary.days[1].bounces.soft == 2);
    REQUIRE(summary.domains.size() == 2);
    CHECK(summary.domains[0].name == "two.example");
    CHECK(summary.domains[0].bounces.total() == 2);
    CHECK(row(summary.categories, "quota-issues").bounces.soft == 2);
    CHECK(row(summary.hosts, "mx.example.net").bounces.total() == 3);
    CHECK(row(summary.mailings, "autumn").bounces.total() == 3);
    CHECK(of(journal, 1).domains.size() == 1);
}

TEST_CASE("summary: only what was not delivered is a bounce, and complaints are told apart") {
    Journal journal;
    journal.record(message_of("1", Kind::complaint, noon - day, {bounce_of("a@example.org", BounceType::soft)}));
    journal.record(message_of("2", Kind::delayed, noon - day, {bounce_of("b@example.org", BounceType::soft)}));
    journal.record(message_of("3", Kind::auto_reply, noon - day));

    const Summary summary = of(journal);
    CHECK(summary.now.bounces.total() == 0);
    CHECK(summary.now.complaints == 1);
    CHECK(summary.now.messages == 3);
    CHECK(row(summary.kinds, "auto-reply").bounces.total() == 1);
}

TEST_CASE("summary: dead and exhausted addresses are recommended for removal, with the cause") {
    Journal journal;
    journal.policy.windows = {hour};
    journal.record(soft_bounce("1", "full@example.org", noon - 3 * day));
    journal.record(soft_bounce("2", "full@example.org", noon - 2 * day));
    journal.record(hard_bounce("3", "gone@example.org", noon - day));
    journal.record(soft_bounce("4", "new@example.org", noon - hour));

    const Summary summary = of(journal);
    REQUIRE(summary.removals.size() == 2);
    CHECK(summary.all_removals == 2);
    CHECK(summary.removals[0].address == "gone@example.org");
    CHECK(summary.removals[0].state == State::suppressed);
    CHECK(summary.removals[0].reason == Reason::user_unknown);
    CHECK(summary.removals[1].address == "full@example.org");
    CHECK(summary.removals[1].state == State::exhausted);
    CHECK(summary.removals[1].bounces == 2);
    CHECK_THAT(summary.removals[1].cause, Catch::Contains("last window"));
    CHECK(of(journal, 1).all_removals == 2);
}

TEST_CASE("summary: providers are those who answered, else those of the address, and not hosts of the sender's own") {
    Journal journal;
    auto hosted = bounce_of("a@shop.example", BounceType::hard),
         own = bounce_of("b@mail.two.example", BounceType::soft);
    hosted.remote_mta = "mx7.mail.provider.example";
    own.remote_mta = "relay.example.org"; // the reporting host's domain
    journal.record(message_of("1", Kind::bounce, noon - day, {hosted, own}));
    journal.record(message_of("2", Kind::bounce, noon - week - day, {hosted}));

    const Summary summary = of(journal);
    REQUIRE(summary.providers.size() == 2);
    CHECK(row(summary.providers, "provider.example").bounces.hard == 1);
    CHECK(row(summary.providers, "provider.example").before == 1);
    CHECK(row(summary.providers, "two.example").bounces.soft == 1);
}

TEST_CASE("summary: a host's name from the root on is the same host") {
    Journal journal;
    auto plain = bounce_of("a@example.org", BounceType::hard), rooted = bounce_of("b@example.org", BounceType::hard);
    plain.remote_mta = "mx.example.net";
    rooted.remote_mta = "MX.example.net.";
    journal.record(message_of("1", Kind::bounce, noon - day, {plain, rooted}));
    const Summary summary = of(journal);
    REQUIRE(summary.hosts.size() == 1);
    CHECK(summary.hosts[0].bounces.hard == 2);
}

TEST_CASE("summary: addresses kept as hashes are no domains") {
    TemporaryDirectory directory;
    Privacy privacy{Privacy::Addresses::hashed, "0123456789abcdef0123456789abcdef"};
    Store store = must(Store::open(directory.file("state.db"), StoreAccess::write, privacy));
    must(store.record(std::vector{soft_bounce("1", "a@example.org", noon - day)}, {}, noon));
    const Summary summary = must(store.summary(noon - week, noon, 10));
    CHECK(summary.now.bounces.soft == 1);
    CHECK(summary.domains.empty());
    CHECK(summary.providers.size() == 1); // of the answering host
}

TEST_CASE("summary: what was sent is counted in the span in which it was told, in all, by domain and by mailing") {
    Journal journal;
    journal.record(soft_bounce("1", "a@example.org", noon - 2 * day));
    SentCounts counts;
    counts.messages = 300;
    counts.by_domain = {{"example.org", 250}};
    must(journal.store.sent("autumn", counts, journal.policy, noon - day));
    counts.messages = 200;
    counts.by_domain = {};
    must(journal.store.sent("summer", counts, journal.policy, noon - week - day));

    const Summary summary = of(journal);
    CHECK(summary.now.sent == 300);
    CHECK(summary.before.sent == 200);
    CHECK(row(summary.domains, "example.org").sent == 250);
    REQUIRE(summary.mailing_rates.size() == 1);
    CHECK(summary.mailing_rates[0].name == "autumn");
    CHECK(summary.mailing_rates[0].tally == Tally{300, 0, 1, 0});

    const Summary of_one = must(journal.store.summary(noon - week, noon, 10, "bounces"));
    CHECK(of_one.now.bounces.soft == 1);
    CHECK(of_one.now.sent == 0); // nobody said for which mailbox
    CHECK(of_one.mailing_rates.empty());
}

TEST_CASE("summary: reasons that rose or fell, by how much, also those that are no more") {
    Journal journal;
    for (const int number : {1, 2, 3})
        journal.record(soft_bounce("full" + std::to_string(number), "a@example.org", noon - week - day));
    journal.record(hard_bounce("gone", "b@example.org", noon - day));

    const Summary summary = of(journal);
    REQUIRE(summary.changed_reasons.size() == 2);
    CHECK(summary.changed_reasons[0].name == "mailbox-full");
    CHECK(summary.changed_reasons[0].before == 3);
    CHECK(summary.changed_reasons[0].bounces.total() == 0);
    CHECK(summary.changed_reasons[1].name == "user-unknown");
    CHECK(summary.before.messages == 3);
    CHECK(summary.before.recipients == 1);
    CHECK(of(journal, 1).changed_reasons.size() == 1);
}
