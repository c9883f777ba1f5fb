#include <ctime>

#include "unit/store/journal.hpp"

using namespace nixie;

namespace {

std::vector<int> attempts(const std::vector<Progress>& all) {
    std::vector<int> out;
    for (const auto& one : all) out.push_back(one.attempts);
    return out;
}
std::vector<std::string> uids(const std::vector<Progress>& all) {
    std::vector<std::string> out;
    for (const auto& one : all) out.push_back(one.uid);
    return out;
}
using Uids = std::vector<std::string>;

} // namespace

TEST_CASE("plan: new messages are planned at their first attempt, answered in the order asked") {
    Journal journal;
    const auto planned = must(journal.store.plan("bounces", "7", Uids{"30", "4", "200"}));
    CHECK(uids(planned) == Uids{"30", "4", "200"});
    CHECK(attempts(planned) == std::vector{1, 1, 1});
    for (const auto& one : planned) CHECK(one.stage == Stage::planned);
}

TEST_CASE("plan: each time counts an attempt for what is not further yet, and for nothing else") {
    Journal journal;
    must(journal.store.plan("bounces", "7", Uids{"1", "2", "3"}));
    journal.record(message_of("2", Kind::other, noon));
    journal.record(message_of("3", Kind::other, noon));
    must(journal.store.filed("bounces", "7", Uids{"3"}, noon));

    const auto again = must(journal.store.plan("bounces", "7", Uids{"1", "2", "3"}));
    CHECK(attempts(again) == std::vector{2, 1, 1});
    CHECK(again[0].stage == Stage::planned);
    CHECK(again[1].stage == Stage::stored);
    CHECK(again[1].folder == "Bounces/other");
    CHECK(again[2].stage == Stage::filed);
}

TEST_CASE("plan: another mailbox or another validity makes another message of the same uid") {
    Journal journal;
    must(journal.store.plan("bounces", "7", Uids{"1"}));
    CHECK(attempts(must(journal.store.plan("bounces", "8", Uids{"1"}))) == std::vector{1});
    CHECK(attempts(must(journal.store.plan("returns", "7", Uids{"1"}))) == std::vector{1});
    CHECK(attempts(must(journal.store.plan("bounces", "7", Uids{"1"}))) == std::vector{2});
}

TEST_CASE("plan: an attempt outlives a crash before its message is recorded") {
    Journal journal;
    must(journal.store.plan("bounces", "7", Uids{"1"}));
    journal.store = must(Store::open(journal.path, StoreAccess::write));
    const auto after = must(journal.store.plan("bounces", "7", Uids{"1"}));
    CHECK(after.front().stage == Stage::planned);
    CHECK(after.front().attempts == 2);
}

TEST_CASE("plan: thousands of messages are a matter of a moment") {
    Journal journal;
    Uids many;
    for (int i = 0; i < 5000; ++i) many.push_back(std::to_string(i));
    const auto begin = std::clock(); // of this process, so that a busy machine does not fail it
    CHECK(must(journal.store.plan("bounces", "7", many)).size() == many.size());
    CHECK(std::clock() - begin < 3 * CLOCKS_PER_SEC);
}

TEST_CASE("release: takes back one attempt, never below none, and only of planned messages") {
    Journal journal;
    must(journal.store.plan("bounces", "7", Uids{"1", "2"}));
    journal.record(message_of("2", Kind::other, noon));
    must(journal.store.release("bounces", "7", Uids{"1", "2", "unknown"}));
    must(journal.store.release("bounces", "7", Uids{"1", "2"}));
    CHECK(attempts(must(journal.store.progress("bounces", "7", Uids{"1", "2"}))) == std::vector{0, 1});
}

TEST_CASE("progress: tells what is known, leaves out what is not, and counts nothing") {
    Journal journal;
    must(journal.store.plan("bounces", "7", Uids{"1", "2"}));
    must(journal.store.progress("bounces", "7", Uids{"2", "9", "1"}));
    const auto known = must(journal.store.progress("bounces", "7", Uids{"2", "9", "1"}));
    CHECK(uids(known) == Uids{"2", "1"});
    CHECK(attempts(known) == std::vector{1, 1});
}

TEST_CASE("unfiled: the messages that are recorded and still to be moved, with their folder") {
    Journal journal;
    must(journal.store.plan("bounces", "7", Uids{"1", "2", "3"}));
    journal.record(message_of("1", Kind::complaint, noon));
    journal.record(message_of("2", Kind::other, noon));
    must(journal.store.filed("bounces", "7", Uids{"2"}, noon));

    const auto left = must(journal.store.unfiled("bounces", "7"));
    REQUIRE(uids(left) == Uids{"1"});
    CHECK(left.front().folder == "Bounces/complaint");
    CHECK(must(journal.store.unfiled("bounces", "8")).empty());
}

TEST_CASE("filed: what was never recorded is not filed") {
    Journal journal;
    must(journal.store.plan("bounces", "7", Uids{"1"}));
    must(journal.store.filed("bounces", "7", Uids{"1"}, noon));
    CHECK(must(journal.store.progress("bounces", "7", Uids{"1"})).front().stage == Stage::planned);
}

TEST_CASE("stage: every one has its name") {
    CHECK(name(Stage::planned) == "planned");
    CHECK(name(Stage::stored) == "stored");
    CHECK(name(Stage::filed) == "filed");
}
