#include "unit/store/journal.hpp"

using namespace nixie;

namespace {

using Texts = std::vector<std::string>;

bool order(Journal& journal, Order what, const std::string& address, Time now, const std::string& cause = "") {
    return must(journal.store.carry_out(what, std::vector{address}, cause, journal.policy, now)).front();
}
std::vector<Suppression> suppressed(Journal& journal) {
    std::vector<Suppression> out;
    must(journal.store.suppressions([&](const Suppression& one) { out.push_back(one); }));
    return out;
}

} // namespace

TEST_CASE("suppressions: what reports and people suppressed, each with its ground and cause") {
    Journal journal;
    journal.record(hard_bounce("1", "ann@example.org", noon));
    journal.record(message_of("2", Kind::complaint, noon + hour, {bounce_of("bob@example.org", BounceType::soft)}));
    CHECK(order(journal, Order::suppress, "Cy@example.org", noon + 2 * hour, "asked on the telephone"));
    const auto all = suppressed(journal);
    REQUIRE(all.size() == 3);
    CHECK(all[0].address == "ann@example.org");
    CHECK(all[0].ground == Ground::hard_bounce);
    CHECK(all[0].since == noon);
    CHECK(all[1].ground == Ground::complaint);
    CHECK(all[2].address == "Cy@example.org");
    CHECK(all[2].ground == Ground::person);
    CHECK(all[2].cause == "suppressed by command: asked on the telephone");
    CHECK(journal.event_types() == Texts{"bounce", "suppressed", "complaint", "suppressed", "suppressed"});
}

TEST_CASE("suppressions: a person's stands over a report's, and success does not end it") {
    Journal journal;
    journal.record(hard_bounce("1", "ann@example.org", noon));
    order(journal, Order::suppress, "ann@example.org", noon + hour);
    CHECK(suppressed(journal).front().ground == Ground::person);
    journal.record(message_of("2", Kind::delivered, noon + 2 * hour, {bounce_of("ann@example.org", BounceType::soft)}));
    CHECK(suppressed(journal).size() == 1);
}

TEST_CASE("clear: takes back a suppression or a wait, and is refused to who is not known") {
    Journal journal;
    journal.record(hard_bounce("1", "ann@example.org", noon));
    CHECK(order(journal, Order::clear, "ANN@example.org", noon + hour));
    CHECK(suppressed(journal).empty());
    const auto ann = journal.recipient("ann@example.org");
    CHECK(ann.history.state == State::clear);
    CHECK(ann.interventions.front().command == "clear");
    CHECK(ann.interventions.front().cause == "cleared by command");
    CHECK(journal.event_types().back() == "recovered");
    CHECK_FALSE(order(journal, Order::clear, "nobody@example.org", noon));
    CHECK_FALSE(must(journal.store.recipient("nobody@example.org")));
}

TEST_CASE("succeeded: clears who is known, and makes nobody known") {
    Journal journal;
    journal.record(soft_bounce("1", "ann@example.org", noon));
    journal.record(soft_bounce("2", "bob@example.org", noon + 2 * hour));
    const std::vector<Success> list{{"Ann@example.org", noon + hour},
                                    {"ann@example.org", noon + hour},
                                    {"bob@example.org", noon + hour}, // before the bounce
                                    {"nobody@example.org", noon + hour}};
    const auto summary = must(journal.store.succeeded(list, journal.policy, noon + 3 * hour));
    CHECK(summary.known == 3);
    CHECK(summary.cleared == 1);
    CHECK(journal.recipient("ann@example.org").history.state == State::clear);
    CHECK(journal.recipient("ann@example.org").interventions.front().command == "delivered");
    CHECK(journal.recipient("bob@example.org").history.state == State::waiting);
    CHECK_FALSE(must(journal.store.recipient("nobody@example.org")));
    CHECK(journal.event_types() == Texts{"bounce", "bounce", "recovered"});
}

TEST_CASE("record: an auto-reply or other mail clears its sender if that is a recipient, and else leaves no trace") {
    Journal journal;
    journal.record(hard_bounce("1", "ann@example.org", noon));
    const auto kind = GENERATE(Kind::auto_reply, Kind::other);
    auto answer = message_of("2", kind, noon + hour);
    SECTION("known") {
        answer.from = "Ann@Example.org";
        journal.record(answer);
        const auto ann = journal.recipient("ann@example.org");
        CHECK(ann.history.state == State::clear);
        CHECK(ann.events.front().kind == kind);
        CHECK(ann.events.front().decision == Action::clear);
        CHECK(journal.event_types().back() == "recovered");
        // What finds nothing to clear is not kept.
        answer.key.uid = "3";
        answer.sha256 = "another";
        journal.record(answer);
        CHECK(journal.recipient("ann@example.org").events.size() == 2);
    }
    SECTION("unknown") {
        answer.from = "stranger@example.org";
        journal.record(answer);
        CHECK_FALSE(must(journal.store.recipient("stranger@example.org")));
    }
}

TEST_CASE("record: mail from an address clears it also when its bounce is read in the same batch") {
    Journal journal;
    auto answer = message_of("2", Kind::other, noon + hour);
    answer.from = "ann@example.org";
    const std::vector messages{hard_bounce("1", "ann@example.org", noon), answer,
                               soft_bounce("3", "ann@example.org", noon + 2 * hour)};
    must(journal.store.record(messages, journal.policy, noon + 2 * hour));
    const auto history = journal.recipient("ann@example.org").history;
    CHECK(history.state == State::waiting); // and the bounce after it begins anew
    CHECK(history.soft_bounces == 1);
}

TEST_CASE("record: a bounce that is read after the answer that came after it is no evidence against the address") {
    Journal journal;
    const auto kind = GENERATE(Kind::other, Kind::auto_reply, Kind::delivered);
    const auto type = GENERATE(BounceType::soft, BounceType::hard);
    auto answer = message_of("2", kind, noon + hour);
    answer.from = "ann@example.org";
    if (kind == Kind::delivered) answer.bounces = {bounce_of("ann@example.org", BounceType::soft)};
    const auto bounce = message_of("3", Kind::bounce, noon, {bounce_of("ann@example.org", type)});
    SECTION("in the same batch, of an address that is not known") {
        must(journal.store.record(std::vector{answer, bounce}, journal.policy, noon + 2 * hour));
    }
    SECTION("later, of an address that is known") {
        journal.record(
            message_of("1", Kind::bounce, noon - 24 * hour, {bounce_of("ann@example.org", BounceType::blocked)}));
        journal.record(answer);
        journal.record(bounce, noon + 2 * hour);
    }
    const auto ann = journal.recipient("ann@example.org");
    CHECK(ann.history.state == State::clear);
    CHECK(ann.history.strikes.empty());
}

TEST_CASE("succeeded: a bounce from before it, that is read after it, is no evidence against the address") {
    Journal journal;
    journal.record(
        message_of("1", Kind::bounce, noon - 24 * hour, {bounce_of("ann@example.org", BounceType::blocked)}));
    const std::vector<Success> list{{"ann@example.org", noon + hour}};
    CHECK(must(journal.store.succeeded(list, journal.policy, noon + hour)).cleared == 0); // there was nothing to clear
    journal.record(soft_bounce("2", "ann@example.org", noon), noon + 2 * hour);
    CHECK(journal.recipient("ann@example.org").history.state == State::clear);
    CHECK(journal.recipient("ann@example.org").events.front().cause == "soft bounce, but the address has worked since");

    // Nor is it when the history is made anew; of many such successes the newest is kept.
    const std::vector<Success> later{{"ann@example.org", noon + 3 * hour}};
    must(journal.store.succeeded(later, journal.policy, noon + 3 * hour));
    must(journal.store.correct("ann@example.org", {Reason::system_full, {}}, journal.policy, noon + 4 * hour));
    const auto ann = journal.recipient("ann@example.org");
    CHECK(ann.history.state == State::clear);
    CHECK(ann.history.last_success == noon + 3 * hour);
    CHECK(ann.interventions.size() == 1);
}

TEST_CASE("correct: the history is made anew by the windows of the mailbox that each report came to") {
    Journal journal;
    RetryPolicy patient = journal.policy;
    patient.windows = {48 * hour};
    RetryPolicies policies(journal.policy);
    policies.set("slow", patient);
    auto message = soft_bounce("1", "ann@example.org", noon);
    message.key.mailbox = "slow";
    must(journal.store.record(std::vector{message}, policies, noon));
    CHECK(journal.recipient("ann@example.org").history.due_at == noon + 48 * hour);
    must(journal.store.correct("ann@example.org", {Reason::system_full, {}}, policies, noon + hour));
    CHECK(journal.recipient("ann@example.org").history.due_at == noon + 48 * hour);
}
