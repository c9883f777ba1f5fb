// The program on a mailbox that nobody has emptied for a long time.
#include <catch2/catch.hpp>

#include <array>

#include "support/maildir_tree.hpp"
#include "support/messages.hpp"
#include "support/scene.hpp"

using namespace nixie;

namespace {

constexpr std::size_t backlog_size = 5000;

struct Failure {
    std::string status, reply, folder;
};

const std::array<Failure, 6> failures{{
    {"5.1.1", "550 5.1.1 User unknown", ".Bounces.bad-mailbox"},
    {"4.2.2", "452 4.2.2 Mailbox full", ".Bounces.quota-issues"},
    {"5.7.1", "554 5.7.1 Message looks like spam", ".Bounces.spam-related"},
    {"5.1.2", "550 5.1.2 Host unknown", ".Bounces.bad-domain"},
    {"5.7.1", "554 5.7.1 Relay access denied", ".Bounces.relaying-issues"},
    {"5.3.4", "552 5.3.4 Message size exceeds fixed limit", ".Bounces.content-related"},
}};

struct Backlog {
    std::vector<std::string> messages;
    std::map<std::string, std::size_t> by_folder; ///< where they belong
    std::size_t bounces = 0;
};

/// Each seventh is ordinary mail; addresses bounce once or twice.
Backlog make_backlog() {
    Backlog backlog;
    for (std::size_t i = 0; i < backlog_size; ++i) {
        const std::string id = std::to_string(i);
        if (i % 7 == 6) {
            backlog.messages.push_back(ordinary_message(id));
            ++backlog.by_folder[".Bounces.ordinary"];
            continue;
        }
        const Failure& failure = failures[i % 7];
        const std::string address = "reader" + std::to_string(i % 4200) + "@list" + std::to_string(i % 40) + ".example";
        backlog.messages.push_back(bounce_message(id, address, failure.status, failure.reply));
        ++backlog.by_folder[failure.folder];
        ++backlog.bounces;
    }
    return backlog;
}

std::string whole_journal(const Scene& scene) {
    std::string out;
    for (const std::string table : {"messages", "bounces", "recipients", "retries", "suppressions", "outbox"})
        out += scene.rows("SELECT * FROM " + table);
    return out;
}

} // namespace

TEST_CASE("a backlog of 5,000 messages: one pass files and counts each once, in bounded memory") {
    const TemporaryDirectory dir;
    const Scene scene = imap_scene(dir, Dovecot::with(), Dovecot::new_user());
    const Backlog backlog = make_backlog();
    deliver(scene.maildir, backlog.messages);

    const Finished first = scene.nixie({"run", "--once"});
    INFO(first.out << first.err);
    REQUIRE(first.exit_code == 0);
    CHECK(first.err == "");
    CHECK(message_counts(scene.maildir) == backlog.by_folder);
    CHECK(scene.rows("SELECT stage, count(*) FROM messages GROUP BY stage") == "filed 5000\n");
    const std::string bounces = std::to_string(backlog.bounces) + "\n";
    CHECK(scene.rows("SELECT count(*) FROM bounces") == bounces);
    CHECK(scene.rows("SELECT sum(soft_bounces + hard_bounces + blocked_bounces) FROM recipients") == bounces);
    if (memory_is_ordinary) CHECK(first.max_rss_kib < 64 * 1024);

    const auto files = message_files(scene.maildir);
    const std::string journal = whole_journal(scene);
    const Finished second = scene.nixie({"run", "--once"});
    CHECK(second.exit_code == 0);
    CHECK(second.out == "bounces: 0 in the inbox, 0 read, 0 filed\n");
    CHECK(second.err == "");
    CHECK(message_files(scene.maildir) == files);
    CHECK(whole_journal(scene) == journal);
}

TEST_CASE("a message dragged back to the inbox: filed again and not counted again") {
    const TemporaryDirectory dir;
    const bool on_server = GENERATE(true, false);
    const bool under_old_name = GENERATE(true, false);
    const std::string user = Dovecot::new_user();
    const Scene scene = on_server ? imap_scene(dir, Dovecot::with(), user) : maildir_scene(dir, user);
    deliver(scene.maildir, {bounce_message("1", "ann@example.org", "5.1.1", "550 5.1.1 User unknown"),
                            bounce_message("2", "ann@example.org", "4.2.2", "452 4.2.2 Mailbox full")});
    REQUIRE(scene.nixie({"run", "--once"}).exit_code == 0);
    const std::string counted = scene.rows("SELECT * FROM bounces") + scene.rows("SELECT * FROM recipients");

    const auto filed = message_files(scene.maildir).at(".Bounces.bad-mailbox").at(0);
    const std::string old_name = filed.filename().string();
    const std::string name = under_old_name ? old_name.substr(0, old_name.find(':')) : "1795999999.M1P1.mail";
    std::filesystem::rename(filed, scene.maildir / "new" / name);
    const Finished again = scene.nixie({"run", "--once"});
    CHECK(again.err == "");
    CHECK(again.exit_code == 0);
    CHECK(message_counts(scene.maildir) ==
          std::map<std::string, std::size_t>{{".Bounces.bad-mailbox", 1}, {".Bounces.quota-issues", 1}});
    CHECK(scene.rows("SELECT * FROM bounces") + scene.rows("SELECT * FROM recipients") == counted);
}
