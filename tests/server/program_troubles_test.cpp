// What people and servers do to messages and folders while nixie is away, or while it is at work.
#include <sys/stat.h>

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <functional>

#include "base/clock.hpp"
#include "server/person.hpp"
#include "support/json_lines.hpp"
#include "support/maildir_tree.hpp"
#include "support/messages.hpp"
#include "worker/cycle.hpp"

using namespace nixie;

namespace {

namespace fs = std::filesystem;
using Counts = std::map<std::string, std::size_t>;

const FolderPath bad_mailbox{"Bounces", "bad-mailbox"};
const FolderPath quota_issues{"Bounces", "quota-issues"};
const std::string bad = ".Bounces.bad-mailbox";
const std::string full = ".Bounces.quota-issues";

/// A mailbox with reports on two unknown users and one full mailbox, not read yet.
struct Troubled {
    explicit Troubled(const Dovecot* dovecot)
        : server(dovecot),
          scene(server ? imap_scene(dir, *server, user) : maildir_scene(dir, user)),
          person(Person::at(scene, server, user)) {
        deliver(scene.maildir, {bounce_message("1", "ann@example.org", "5.1.1", "550 5.1.1 User unknown"),
                                bounce_message("2", "bob@example.org", "5.1.1", "550 5.1.1 User unknown"),
                                bounce_message("3", "cid@example.org", "5.2.2", "552 5.2.2 Mailbox full")});
    }
    explicit Troubled(bool on_server) : Troubled(on_server ? &Dovecot::with() : nullptr) {}

    [[nodiscard]] Finished run() const { return scene.nixie({"run", "--once", "--quiet", "--now"}); }
    void run_well() const {
        const Finished finished = run();
        CHECK(finished.err == "");
        CHECK(finished.exit_code == 0);
    }
    [[nodiscard]] Counts counts() const { return filled_folders(scene.maildir); }
    /// Each report counted once, whatever happened to the messages.
    void check_counted_once() const {
        CHECK(scene.rows("SELECT address, soft_bounces, hard_bounces FROM recipients") ==
              "ann@example.org 0 1\nbob@example.org 0 1\ncid@example.org 1 0\n");
        CHECK(scene.rows("SELECT count(*) FROM bounces") == "3\n");
    }
    /// As when the server lost its own files: it gives every message of the folder a new UID.
    void lose_uids(const std::string& folder) const {
        REQUIRE(fs::remove(scene.maildir / folder / "dovecot-uidlist"));
        for (const char* index : {"dovecot.index", "dovecot.index.log", "dovecot.index.cache"})
            fs::remove(scene.maildir / folder / index);
    }
    [[nodiscard]] std::size_t corrections() const {
        return json_lines(scene.nixie({"corrections", "--json"}).out).size();
    }

    TemporaryDirectory dir;
    std::string user = Dovecot::new_user();
    const Dovecot* server;
    Scene scene;
    Person person;
};

/// A mailbox to which something happens right before messages are filed, once.
class Interrupted final : public Mailbox {
  public:
    Interrupted(std::unique_ptr<Mailbox> mailbox, std::function<std::optional<Error>()> event)
        : mailbox_(std::move(mailbox)), event_(std::move(event)) {}

    Result<void> open(Access access) override { return mailbox_->open(access); }
    Result<MailboxInfo> inspect() override { return mailbox_->inspect(); }
    Result<FilingTrial> try_out(const FolderPath& root, const Clock& clock) override {
        return mailbox_->try_out(root, clock);
    }
    Result<Listing> list() override { return mailbox_->list(); }
    Result<Listing> list_from(const std::string& next) override { return mailbox_->list_from(next); }
    Result<void> fetch(std::span<const std::string> uids, std::size_t max_bytes, const Sink& sink) override {
        return mailbox_->fetch(uids, max_bytes, sink);
    }
    Result<Filed> file(const Filing& filing) override {
        if (auto event = std::exchange(event_, {}))
            if (auto error = event()) return *error;
        return mailbox_->file(filing);
    }
    Result<void> put(const FolderPath& folder, const NewMessage& message) override {
        return mailbox_->put(folder, message);
    }
    Result<void> take_back(const FolderPath& folder, const std::string& id) override {
        return mailbox_->take_back(folder, id);
    }
    Result<std::vector<FolderState>> look(std::span<const FolderPath> folders) override {
        return mailbox_->look(folders);
    }
    Result<void> enter(const FolderPath& folder, Access access) override { return mailbox_->enter(folder, access); }
    [[nodiscard]] bool can_come_back() const override { return mailbox_->can_come_back(); }
    Result<void> close() override { return mailbox_->close(); }
    Result<Wake> wait(Duration timeout, int stop_fd) override { return mailbox_->wait(timeout, stop_fd); }

  private:
    std::unique_ptr<Mailbox> mailbox_;
    std::function<std::optional<Error>()> event_;
};

/// One pass, with `event` between reading and filing.
Result<CycleSummary> pass(const Troubled& it, std::function<std::optional<Error>()> event) {
    std::unique_ptr<Mailbox> client;
    if (it.server)
        client = std::make_unique<ImapMailbox>(it.server->endpoint("imap", it.user));
    else
        client = std::make_unique<MaildirMailbox>(it.scene.maildir.string());
    Interrupted mailbox(std::move(client), std::move(event));
    auto store = Store::open(it.scene.journal, StoreAccess::write);
    REQUIRE(store);
    const Config config;
    MailboxConfig mailbox_config;
    mailbox_config.name = "bounces";
    const LazyJudge judge;
    const SystemClock clock;
    const CycleContext context{.mailbox = mailbox_config, .config = config, .judge = judge, .clock = clock};
    REQUIRE(mailbox.open(Access::change));
    auto summary = run_cycle(mailbox, &*store, context);
    if (summary) REQUIRE(mailbox.close());
    return summary;
}

} // namespace

TEST_CASE("UIDVALIDITY of the inbox changes between recording and filing: nothing is lost, nothing counted twice") {
    const Troubled it(true);
    const auto cut = pass(it, [] { return std::optional<Error>({ErrorCode::unavailable, "cut"}); });
    REQUIRE_FALSE(cut);
    REQUIRE(it.scene.rows("SELECT stage FROM messages") == "stored\nstored\nstored\n");
    it.lose_uids("");
    it.run_well();
    CHECK(it.counts() == Counts{{bad, 2}, {full, 1}});
    CHECK(it.scene.rows("SELECT count(DISTINCT validity) FROM messages") == "2\n");
    it.check_counted_once();
    CHECK(it.corrections() == 0);
}

TEST_CASE("UIDVALIDITY of our folders changes: nothing is taken for a move, and moves are still seen") {
    const Troubled it(true);
    it.run_well();
    it.lose_uids(bad);
    it.lose_uids(full);
    it.run_well();
    CHECK(it.corrections() == 0);
    it.person.move(quota_issues, {"Bounces", "spam-related"});
    it.run_well();
    CHECK(it.corrections() == 1);
    it.lose_uids(bad);
    it.person.move(bad_mailbox, {"Bounces", "spam-related"});
    it.run_well();
    CHECK(it.corrections() == 3);
    CHECK(it.scene.rows("SELECT count(*) FROM bounces") == "3\n");
}

TEST_CASE("a message deleted between reading and filing: it counts, the others are filed, and nobody waits for it") {
    const Troubled it(GENERATE(true, false));
    const auto summary = pass(it, [&] {
        // Looked up now: a server moves what it has seen from "new" to "cur".
        fs::remove(message_files(it.scene.maildir)[""].front());
        return std::nullopt;
    });
    REQUIRE(summary);
    CHECK(summary->failures.empty());
    std::size_t left = 0;
    for (const auto& count : it.counts()) left += count.second;
    CHECK(left == 2);
    CHECK(it.counts().count("") == 0);
    it.run_well();
    it.check_counted_once();
    CHECK(it.corrections() == 0);
}

TEST_CASE("a message that a person files between reading and filing: where it lies is that person's answer") {
    const Troubled it(GENERATE(true, false));
    const auto summary = pass(it, [&] {
        if (it.server) {
            it.person.move({}, {"Bounces", "spam-related"});
        } else {
            const auto inbox = message_files(it.scene.maildir).at("");
            for (const char* part : {"cur", "new", "tmp"})
                fs::create_directories(it.scene.maildir / ".Bounces.spam-related" / part);
            for (const auto& file : inbox)
                fs::rename(file, it.scene.maildir / ".Bounces.spam-related" / "cur" / file.filename());
        }
        return std::nullopt;
    });
    REQUIRE(summary);
    it.run_well();
    CHECK(it.counts() == Counts{{".Bounces.spam-related", 3}});
    CHECK(it.corrections() == 3);
    CHECK(it.scene.rows("SELECT address, state, blocked_bounces FROM recipients") ==
          "ann@example.org clear 1\nbob@example.org clear 1\ncid@example.org clear 1\n");
}

TEST_CASE("a folder deleted or renamed under a running pass, and between passes: it is made again") {
    const Troubled it(GENERATE(true, false));
    it.run_well();
    const bool renamed = GENERATE(true, false);
    const auto spoil = [&] {
        if (renamed)
            fs::rename(it.scene.maildir / bad, it.scene.maildir / ".Old");
        else
            fs::remove_all(it.scene.maildir / bad);
        return std::nullopt;
    };
    deliver(it.scene.maildir, {bounce_message("4", "dan@example.org", "5.1.1", "550 5.1.1 User unknown")});
    const auto summary = pass(it, spoil);
    REQUIRE(summary);
    CHECK(summary->failures.empty());
    CHECK(it.counts().at(bad) == 1);
    CHECK(it.counts().count(".Old") == (renamed ? 1 : 0));
    it.run_well();
    CHECK(it.corrections() == 0);
    CHECK(it.counts().count("") == 0);
}

TEST_CASE("a folder that takes nothing: the others go on, the failure names it, and later it recovers") {
    const Troubled it(GENERATE(true, false));
    const fs::path folder = it.scene.maildir / bad;
    const auto parts = {folder, folder / "cur", folder / "new", folder / "tmp"};
    if (it.server) {
        // Dovecot runs as another user than root; below a folder without the right to write nothing can be put.
        it.run_well();
        it.person.move(bad_mailbox, {});
        for (const auto& part : parts) REQUIRE(::chmod(part.c_str(), 0500) == 0);
    } else {
        std::ofstream(folder) << "in the way";
    }
    const Finished refused = it.run();
    CHECK(refused.exit_code != 0);
    CHECK_THAT(refused.err, Catch::Contains("nothing can be filed into Bounces/bad-mailbox"));
    CHECK(it.counts() == Counts{{"", 2}, {full, 1}});
    if (it.server)
        for (const auto& part : parts) REQUIRE(::chmod(part.c_str(), 0700) == 0);
    else
        fs::remove(folder);
    it.run_well();
    CHECK(it.counts() == Counts{{bad, 2}, {full, 1}});
    it.check_counted_once();
}

TEST_CASE("a full quota: messages stay in the inbox, the failure says why, and they are filed once there is room") {
    // Dovecot takes a MOVE within one quota, but no COPY.
    const Troubled it(&Dovecot::with({"--hide-move", "--quota", "5"}));
    const auto junk = it.scene.maildir / ".Junk" / "cur";
    for (const char* part : {"cur", "new", "tmp"}) fs::create_directories(it.scene.maildir / ".Junk" / part);
    for (const char* name : {"1.a.b:2,", "2.a.b:2,"}) std::ofstream(junk / name) << ordinary_message(name);
    struct stat owner {};
    REQUIRE(::stat(it.scene.maildir.c_str(), &owner) == 0);
    for (const auto& entry : fs::recursive_directory_iterator(it.scene.maildir / ".Junk"))
        REQUIRE(::chown(entry.path().c_str(), owner.st_uid, owner.st_gid) == 0);
    REQUIRE(::chown((it.scene.maildir / ".Junk").c_str(), owner.st_uid, owner.st_gid) == 0);

    const Finished refused = it.run();
    CHECK(refused.exit_code != 0);
    CHECK_THAT(refused.err, Catch::Contains("uota") && Catch::Contains("OVERQUOTA"));
    CHECK(it.counts().at("") == 3);
    REQUIRE(it.run().exit_code != 0);

    fs::remove_all(it.scene.maildir / ".Junk");
    fs::remove(it.scene.maildir / "maildirsize");
    it.run_well();
    CHECK(it.counts() == Counts{{bad, 2}, {full, 1}});
    it.check_counted_once();
}
