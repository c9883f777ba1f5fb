#include "worker/notes.hpp"

#include "unit/store/journal.hpp"
#include "unit/worker/fake_mailbox.hpp"

using namespace nixie;

namespace {

class NotesClock final : public Clock {
  public:
    Time time = noon;
    [[nodiscard]] Time now() const override { return time; }
};

struct NoteScene {
    NoteScene() {
        config.name = "bounces";
        config.folder_notes = true;
    }
    void pass(Time now) {
        clock.time = now;
        put_notes(mailbox, journal.store, config, clock);
    }
    [[nodiscard]] std::size_t in(const std::string& folder) const {
        const auto found = mailbox.folders.find(folder);
        return found == mailbox.folders.end() ? 0 : found->second.size();
    }

    Journal journal;
    FakeMailbox mailbox;
    MailboxConfig config;
    NotesClock clock;
};

} // namespace

TEST_CASE("folder notes: tell how many, of what type, what it means and what to do") {
    const std::vector<Counter> counters{{"bounces", "a", "hard/bad-mailbox", 400},
                                        {"bounces", "a", "soft/bad-mailbox", 12},
                                        {"bounces", "b", "hard/bad-domain", 7},
                                        {"messages", "a", "bounce", 412},
                                        {"messages", "a", "other", 1}};
    const auto texts = note_texts(counters, "a");
    REQUIRE(texts.size() == 2);
    CHECK(texts[0].folder == "bad-mailbox");
    CHECK(texts[0].subject == "412 bounces: there is no such mailbox (400 hard, 12 soft)");
    CHECK_THAT(texts[0].advice, Catch::StartsWith("Check the address for a typing error"));
    CHECK(texts[1].folder == "ordinary");
    CHECK(texts[1].subject == "1 message: ordinary mail");
}

TEST_CASE("folder notes: one a folder, put anew when its figures have changed, and not all the time") {
    NoteScene it;
    it.journal.record(hard_bounce("1", "ann@example.org", noon));
    it.pass(noon);
    it.pass(noon + hour);
    REQUIRE(it.mailbox.written.size() == 1);
    CHECK_THAT(it.mailbox.written[0], Catch::Contains("Subject: 1 bounce: there is no such mailbox (1 hard)\r\n") &&
                                          Catch::Contains("X-Nixie-Note: 1\r\n") && Catch::EndsWith("\r\n\r\n"));

    it.journal.record(hard_bounce("2", "bob@example.org", noon));
    it.pass(noon + std::chrono::minutes(9));
    CHECK(it.mailbox.written.size() == 1);
    it.pass(noon + hour);
    CHECK(it.mailbox.written.size() == 2);
    CHECK(it.in("Bounces/bad-mailbox") == 1);

    it.config.folder_notes = false;
    it.pass(noon + 2 * hour);
    CHECK(it.in("Bounces/bad-mailbox") == 0);
    CHECK(must(it.journal.store.notes("bounces")).empty());
}

TEST_CASE("folder notes: what was cut off between two of them leaves none behind") {
    NoteScene it;
    it.journal.record(hard_bounce("1", "ann@example.org", noon));
    it.pass(noon);
    it.journal.record(hard_bounce("2", "bob@example.org", noon));
    it.pass(noon + hour);
    // As if it had died when the second lay there and the journal did not know.
    it.journal.execute("UPDATE notes SET put = 0");
    it.journal.record(hard_bounce("3", "cid@example.org", noon));
    it.mailbox.on_put = [] { return Result<void>(Error{ErrorCode::no_room, "the mailbox is over its quota"}); };
    it.pass(noon + 2 * hour);
    CHECK(it.in("Bounces/bad-mailbox") == 0);
    it.mailbox.on_put = {};
    it.pass(noon + 3 * hour);
    CHECK(it.in("Bounces/bad-mailbox") == 1);
    CHECK_THAT(it.mailbox.written.back(), Catch::Contains("Subject: 3 bounces: "));
    CHECK(must(it.journal.store.notes("bounces")).front().ids.size() == 1);
}
