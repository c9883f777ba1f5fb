#include "worker/labels.hpp"
#include "unit/store/journal.hpp"

using namespace nixie;
using Words = std::vector<std::string>;

namespace {

MailboxConfig the_mailbox() {
    MailboxConfig out;
    out.name = "bounces";
    return out;
}

std::map<std::string, Words> marks(Journal& journal, const Words& uids) {
    std::map<std::string, Words> out;
    for (const auto& marking : must(markings_of(journal.store, the_mailbox(), "7", uids)))
        for (const auto& uid : marking.uids) {
            CHECK(out[uid].empty());
            out[uid] = marking.keywords;
        }
    return out;
}

} // namespace

TEST_CASE("labels: the reason, and the window while another try waits") {
    Journal journal;
    journal.record(hard_bounce("1", "ann@example.org", noon));
    journal.record(soft_bounce("2", "bob@example.org", noon));
    journal.record(message_of("3", Kind::complaint, noon));
    CHECK(marks(journal, {"1", "2", "3", "4"}) ==
          std::map<std::string, Words>{{"1", {"nixie-user-unknown"}}, {"2", {"nixie-mailbox-full", "nixie-retry-1h"}}});
    journal.record(soft_bounce("5", "bob@example.org", noon + 2 * hour));
    CHECK(marks(journal, {"2", "5"}) ==
          std::map<std::string, Words>{{"2", {"nixie-mailbox-full"}}, {"5", {"nixie-mailbox-full", "nixie-retry-1d"}}});
}

TEST_CASE("labels: messages that say the same share one command") {
    Journal journal;
    for (const char* uid : {"1", "2", "3"}) journal.record(hard_bounce(uid, std::string(uid) + "@example.org", noon));
    const auto markings = must(markings_of(journal.store, the_mailbox(), "7", Words{"1", "2", "3"}));
    REQUIRE(markings.size() == 1);
    CHECK(markings[0].uids == Words{"1", "2", "3"});
}

TEST_CASE("labels: a report with many reasons carries a few") {
    Journal journal;
    auto message = hard_bounce("1", "r@example.org", noon);
    message.bounces.clear();
    for (const auto& reason : reasons) {
        auto bounce = bounce_of("r" + std::string(reason.name) + "@example.org", BounceType::hard);
        bounce.reason = reason.reason;
        message.bounces.push_back(bounce);
    }
    journal.record(message);
    CHECK(marks(journal, {"1"}).at("1").size() == 8);
}

TEST_CASE("labels: a copy says what the first one says") {
    Journal journal;
    journal.record(hard_bounce("1", "ann@example.org", noon));
    auto copy = hard_bounce("1", "ann@example.org", noon);
    copy.key.uid = "2";
    journal.record(copy);
    CHECK(marks(journal, {"2"}) == std::map<std::string, Words>{{"2", {"nixie-user-unknown"}}});
}
