#include <ctime>

#include "unit/store/journal.hpp"

using namespace nixie;

namespace {

int soft_bounces_of(Journal& journal, const std::string& address) {
    const auto found = must(journal.store.recipient(address));
    return found ? found->history.soft_bounces : 0;
}

} // namespace

TEST_CASE("record: everything said of a recipient is there again") {
    Journal journal;
    auto message = hard_bounce("1", "Ann@example.org", noon);
    message.original_envelope_id = "job=7";
    CHECK(journal.record(message) == message.folder);

    const auto ann = journal.recipient("Ann@example.org");
    CHECK(ann.address == "Ann@example.org");
    CHECK(ann.history.state == State::suppressed);
    CHECK(ann.history.hard_bounces == 1);
    REQUIRE(ann.events.size() == 1);
    const auto& event = ann.events.front();
    const auto& wanted = message.bounces.front();
    CHECK(event.arrived == noon);
    CHECK(event.kind == Kind::bounce);
    CHECK(event.mailbox == "bounces");
    CHECK(event.folder == message.folder);
    CHECK(event.original_message_id == message.original_message_id);
    CHECK(event.original_envelope_id == "job=7");
    CHECK(event.campaign == message.campaign);
    CHECK(event.decision == Action::suppress);
    CHECK_FALSE(event.cause.empty());
    CHECK(event.bounce.address == wanted.address);
    CHECK(event.bounce.reason == wanted.reason);
    CHECK(event.bounce.category == wanted.category);
    CHECK(event.bounce.type == wanted.type);
    CHECK(event.bounce.status == wanted.status);
    CHECK(event.bounce.smtp_code == wanted.smtp_code);
    CHECK(event.bounce.action == wanted.action);
    CHECK(event.bounce.diagnostic == wanted.diagnostic);
    CHECK(event.bounce.remote_mta == wanted.remote_mta);
    CHECK(event.bounce.rule == wanted.rule);
    CHECK(event.bounce.matched == wanted.matched);
}

TEST_CASE("record: needs no plan before it, and answers in the order asked") {
    Journal journal;
    const std::vector messages{message_of("2", Kind::other, noon), message_of("1", Kind::complaint, noon)};
    const auto folders = must(journal.store.record(messages, journal.policy, noon));
    CHECK(folders == std::vector<std::string>{"Bounces/other", "Bounces/complaint"});
    CHECK(must(journal.store.unfiled("bounces", "7")).size() == 2);
}

TEST_CASE("record: the same message twice counts once and keeps its folder") {
    Journal journal;
    auto message = soft_bounce("1", "ann@example.org", noon);
    journal.record(message);
    const auto events = journal.event_types();
    message.folder = "Elsewhere";
    CHECK(journal.record(message) == "Bounces/bounce");
    CHECK(soft_bounces_of(journal, "ann@example.org") == 1);
    CHECK(journal.event_types() == events);
}

TEST_CASE("record: the same content under another uid goes to the earlier folder and counts nothing") {
    Journal journal;
    journal.record(soft_bounce("1", "ann@example.org", noon));
    const auto events = journal.event_types();

    auto again = soft_bounce("9", "ann@example.org", noon + 2 * hour);
    again.key.validity = "8";
    again.sha256 = "content-of-1";
    again.folder = "Elsewhere";
    CHECK(journal.record(again) == "Elsewhere");

    const auto ann = journal.recipient("ann@example.org");
    CHECK(ann.history.soft_bounces == 1);
    CHECK(ann.events.size() == 1);
    CHECK(journal.event_types() == events);
    CHECK(must(journal.store.unfiled("bounces", "8")).front().folder == "Elsewhere");
}

TEST_CASE("record: the same content twice in one call counts once") {
    Journal journal;
    std::vector messages{soft_bounce("1", "ann@example.org", noon), soft_bounce("2", "ann@example.org", noon + hour)};
    messages[1].sha256 = messages[0].sha256;
    CHECK(must(journal.store.record(messages, journal.policy, noon)) ==
          std::vector<std::string>{"Bounces/bounce", "Bounces/bounce"});
    CHECK(soft_bounces_of(journal, "ann@example.org") == 1);
}

TEST_CASE("record: the same content in another mailbox is another message") {
    Journal journal;
    journal.record(soft_bounce("1", "ann@example.org", noon));
    auto other = soft_bounce("1", "ann@example.org", noon);
    other.key.mailbox = "returns";
    journal.record(other);
    CHECK(soft_bounces_of(journal, "ann@example.org") == 2);
}

TEST_CASE("record: messages without a content hash are never taken for one another") {
    Journal journal;
    auto one = soft_bounce("1", "ann@example.org", noon), two = soft_bounce("2", "ann@example.org", noon);
    one.sha256 = two.sha256 = "";
    journal.record(one);
    journal.record(two);
    CHECK(soft_bounces_of(journal, "ann@example.org") == 2);
    CHECK(journal.event_types() == std::vector<std::string>{"bounce", "bounce"});
}

TEST_CASE("record: a quarantined message that can be read the next time counts then") {
    Journal journal;
    auto quarantined = message_of("1", Kind::unrecognised, noon);
    quarantined.failure = "gave up after 3 attempts";
    quarantined.folder = "Bounces/quarantine";
    CHECK(journal.record(quarantined) == "Bounces/quarantine");

    auto readable = soft_bounce("2", "ann@example.org", noon);
    readable.sha256 = quarantined.sha256;
    CHECK(journal.record(readable) == "Bounces/bounce");
    CHECK(soft_bounces_of(journal, "ann@example.org") == 1);
}

TEST_CASE("record: a recipient named twice in one message counts once") {
    Journal journal;
    auto message = soft_bounce("1", "ann@example.org", noon);
    message.bounces.push_back(bounce_of("ANN@example.org", BounceType::soft));
    journal.record(message);
    CHECK(soft_bounces_of(journal, "ann@example.org") == 1);
    CHECK(journal.recipient("ann@example.org").events.size() == 1);
}

TEST_CASE("record: a report that names no address is kept and told, and concerns nobody") {
    Journal journal;
    journal.record(soft_bounce("1", "", noon));
    CHECK_FALSE(must(journal.store.recipient("")));
    CHECK(journal.event_types() == std::vector<std::string>{"bounce"});
}

TEST_CASE("record: kinds that say nothing of an address write no recipient and tell nothing") {
    Journal journal;
    const auto kind =
        GENERATE(Kind::auto_reply, Kind::challenge, Kind::receipt, Kind::suspicious, Kind::unrecognised, Kind::other);
    journal.record(message_of("1", kind, noon, {bounce_of("ann@example.org", BounceType::hard)}));
    CHECK_FALSE(must(journal.store.recipient("ann@example.org")));
    CHECK(journal.event_types().empty());
}

TEST_CASE("record: in a report on several recipients each one's own action counts") {
    const auto [action, kind, state] =
        GENERATE(table<std::string, Kind, State>({{"failed", Kind::bounce, State::suppressed},
                                                  {"", Kind::bounce, State::suppressed},
                                                  {"delayed", Kind::delayed, State::clear},
                                                  {"Delivered", Kind::delivered, State::clear},
                                                  {"relayed", Kind::delivered, State::clear},
                                                  {"expanded", Kind::delivered, State::clear}}));
    CAPTURE(action);
    Journal journal;
    auto message = hard_bounce("1", "failed@example.org", noon);
    message.bounces.push_back(bounce_of("ann@example.org", BounceType::hard));
    message.bounces.back().action = action;
    journal.record(message);
    CHECK(journal.recipient("failed@example.org").history.state == State::suppressed);
    CHECK(journal.recipient("ann@example.org").history.state == state);
    CHECK(journal.recipient("ann@example.org").events.front().kind == kind);
}

TEST_CASE("record: a complaint without recipients is taken in") {
    Journal journal;
    CHECK(journal.record(message_of("1", Kind::complaint, noon)) == "Bounces/complaint");
    CHECK(journal.event_types().empty());
}

TEST_CASE("record: thousands of bounces are a matter of a moment") {
    Journal journal;
    std::vector<MessageRecord> many;
    for (int i = 0; i < 2000; ++i)
        many.push_back(soft_bounce(std::to_string(i), "r" + std::to_string(i % 1500) + "@example.org", noon));
    const auto begin = std::clock(); // of this process, so that a busy machine does not fail it
    must(journal.store.record(many, journal.policy, noon));
    CHECK(std::clock() - begin < 6 * CLOCKS_PER_SEC);
}

TEST_CASE("record: a report that is sent again in other outer headers counts once, and changes no verdict") {
    Journal journal;
    auto first = soft_bounce("1", "ann@example.org", noon);
    first.report_digest = "0123456789abcdef0123456789abcdef";
    auto again = hard_bounce("2", "ann@example.org", noon + 2 * hour);
    again.report_digest = first.report_digest;
    journal.record(first);
    CHECK(journal.record(again) == again.folder);
    const auto ann = journal.recipient("ann@example.org");
    CHECK(ann.events.size() == 1);
    CHECK(ann.history.state == State::waiting);
    CHECK(ann.history.window == 0);

    SECTION("another one counts") {
        again.key.uid = "3";
        again.sha256 = "content-of-3";
        again.report_digest = "fedcba9876543210fedcba9876543210";
        journal.record(again);
        CHECK(journal.recipient("ann@example.org").history.state == State::suppressed);
    }
    SECTION("without a digest every content counts") {
        for (const char* uid : {"4", "5"}) journal.record(soft_bounce(uid, "bob@example.org", noon));
        CHECK(journal.recipient("bob@example.org").events.size() == 2);
    }
    SECTION("in the same batch") {
        auto one = soft_bounce("6", "cy@example.org", noon), other = soft_bounce("7", "cy@example.org", noon);
        one.report_digest = other.report_digest = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
        must(journal.store.record(std::vector{one, other}, journal.policy, noon));
        CHECK(journal.recipient("cy@example.org").events.size() == 1);
    }
    CHECK(must(journal.store.check()).empty());
}
