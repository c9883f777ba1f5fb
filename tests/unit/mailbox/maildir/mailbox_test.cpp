#include "mailbox/maildir/mailbox.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <set>

#include <catch2/catch.hpp>

#include "support/temporary_directory.hpp"
#include "support/whole_file.hpp"

using namespace nixie;
namespace fs = std::filesystem;

namespace {

struct Maildir {
    TemporaryDirectory temporary;
    fs::path root = temporary.path() / "Maildir";
    Maildir() {
        for (const char* part : {"cur", "new", "tmp"}) fs::create_directories(root / part);
    }
    void put(const std::string& name, const std::string& text) const { write_file(root / name, text); }
    [[nodiscard]] MaildirMailbox opened(Access access) const {
        MaildirMailbox mailbox(root.string());
        REQUIRE(mailbox.open(access));
        return mailbox;
    }
    /// Every path below the root with what it holds.
    [[nodiscard]] std::set<std::pair<std::string, std::string>> everything() const {
        std::set<std::pair<std::string, std::string>> out;
        for (const auto& entry : fs::recursive_directory_iterator(root))
            out.emplace(entry.path().string(), entry.is_regular_file() ? read_file(entry.path()) : "");
        return out;
    }
};

std::vector<FetchedMessage> fetch_all(Mailbox& mailbox, const std::vector<std::string>& uids, std::size_t limit) {
    std::vector<FetchedMessage> out;
    REQUIRE(mailbox.fetch(uids, limit, [&](FetchedMessage&& message) { out.push_back(std::move(message)); }));
    return out;
}

const std::vector<std::string> bad_mailbox{"Bounces", "bad-mailbox"};

} // namespace

TEST_CASE("maildir: lists new and cur oldest first, without hidden files and directories") {
    const Maildir maildir;
    maildir.put("cur/300.M1P1.host:2,S", "c");
    maildir.put("new/100.M1P1.host", "a");
    maildir.put("cur/200.M1P1.host,S=1:2,", "b");
    maildir.put("new/.nfs0001", "x");
    maildir.put("tmp/50.M1P1.host", "unfinished");
    fs::create_directory(maildir.root / "new" / "directory");
    auto mailbox = maildir.opened(Access::examine);
    const auto listing = mailbox.list();
    REQUIRE(listing);
    CHECK(listing->validity.empty());
    CHECK(listing->uids == std::vector<std::string>{"100.M1P1.host", "200.M1P1.host,S=1", "300.M1P1.host"});
}

TEST_CASE("maildir: what is no Maildir is an input error with a remedy") {
    const TemporaryDirectory temporary;
    const auto path = temporary.path() / GENERATE("missing", ".");
    const auto opened = MaildirMailbox(path.string()).open(Access::examine);
    REQUIRE_FALSE(opened);
    CHECK(opened.error().code == ErrorCode::input);
    CHECK_FALSE(opened.error().remedy.empty());
}

TEST_CASE("maildir: fetch gives at most the limit, the whole size and the time of delivery") {
    const Maildir maildir;
    maildir.put("new/1700000000.M1P1.host", "0123456789");
    auto mailbox = maildir.opened(Access::examine);
    REQUIRE(mailbox.list());
    using Row = std::tuple<std::size_t, std::string>;
    const auto [limit, bytes] =
        GENERATE(table<std::size_t, std::string>({Row{4, "0123"}, Row{10, "0123456789"}, Row{99, "0123456789"}}));
    const auto messages = fetch_all(mailbox, {"1700000000.M1P1.host"}, limit);
    REQUIRE(messages.size() == 1);
    CHECK(messages[0].uid == "1700000000.M1P1.host");
    CHECK(messages[0].bytes == bytes);
    CHECK(messages[0].size == 10);
    CHECK(format_time(messages[0].arrived) == "2023-11-14T22:13:20Z");
}

TEST_CASE("maildir: a name without seconds takes the file's time") {
    const Maildir maildir;
    maildir.put("new/msg", "x");
    const std::array<timespec, 2> times{{{1'600'000'000, 0}, {1'600'000'000, 0}}};
    REQUIRE(utimensat(AT_FDCWD, (maildir.root / "new/msg").c_str(), times.data(), 0) == 0);
    auto mailbox = maildir.opened(Access::examine);
    REQUIRE(mailbox.list());
    const auto messages = fetch_all(mailbox, {"msg"}, 10);
    REQUIRE(messages.size() == 1);
    CHECK(messages[0].arrived == Time{std::chrono::seconds{1'600'000'000}});
}

TEST_CASE("maildir: examining changes nothing on disk") {
    const Maildir maildir;
    maildir.put("new/1.a.host", "a");
    maildir.put("cur/2.b.host:2,S", "b");
    const auto before = maildir.everything();
    auto mailbox = maildir.opened(Access::examine);
    const auto listing = mailbox.list();
    REQUIRE(listing);
    CHECK(fetch_all(mailbox, listing->uids, 100).size() == 2);
    CHECK(mailbox.inspect());
    CHECK(mailbox.close());
    CHECK(maildir.everything() == before);
}

TEST_CASE("maildir: filing creates and subscribes the folder, keeps flags and leaves the unseen unseen") {
    const Maildir maildir;
    maildir.put("new/1.a.host", "unseen");
    maildir.put("cur/2.b.host:2,FS", "seen");
    auto mailbox = maildir.opened(Access::change);
    const auto listing = mailbox.list();
    REQUIRE(listing);
    REQUIRE(mailbox.file({bad_mailbox, listing->uids}));
    const auto folder = maildir.root / ".Bounces.bad-mailbox";
    CHECK(read_file(folder / "new/1.a.host") == "unseen");
    CHECK(read_file(folder / "cur/2.b.host:2,FS") == "seen");
    CHECK(fs::exists(folder / "tmp"));
    CHECK(fs::exists(folder / "maildirfolder"));
    CHECK(fs::is_empty(maildir.root / "tmp"));
    CHECK(read_file(maildir.root / "subscriptions") == "V\t2\n\nBounces\tbad-mailbox\n");
    CHECK(mailbox.list()->uids.empty());
}

TEST_CASE("maildir: folder names go out in modified UTF-7 and a level cannot become two") {
    using Row = std::tuple<std::vector<std::string>, std::string>;
    const auto [levels, directory] = GENERATE(table<std::vector<std::string>, std::string>(
        {Row{{"Rückläufer", "a & b"}, ".R&APw-ckl&AOQ-ufer.a &- b"}, Row{{"v1.2", "x"}, ".v1_2.x"},
         Row{{"..", "..", "etc/x"}, ".__.__.etc_x"}}));
    const Maildir maildir;
    maildir.put("new/1.a.host", "a");
    auto mailbox = maildir.opened(Access::change);
    REQUIRE(mailbox.list());
    REQUIRE(mailbox.file({levels, {"1.a.host"}}));
    CHECK(fs::exists(maildir.root / directory / "new/1.a.host"));
}

TEST_CASE("maildir: a new folder takes the permissions of the Maildir") {
    const Maildir maildir;
    fs::permissions(maildir.root, fs::perms(0750));
    maildir.put("new/1.a.host", "a");
    auto mailbox = maildir.opened(Access::change);
    REQUIRE(mailbox.list());
    REQUIRE(mailbox.file({bad_mailbox, {"1.a.host"}}));
    CHECK(fs::status(maildir.root / ".Bounces.bad-mailbox/cur").permissions() == fs::perms(0750));
}

TEST_CASE("maildir: a message of the same name in the folder is never overwritten") {
    const Maildir maildir;
    const auto folder = maildir.root / ".Bounces.bad-mailbox";
    fs::create_directories(folder / "cur");
    fs::create_directories(folder / "new");
    write_file(folder / "cur/1.a.host,S=5:2,S", "first");
    maildir.put("cur/1.a.host,S=5:2,S", "other");
    auto mailbox = maildir.opened(Access::change);
    REQUIRE(mailbox.list());
    REQUIRE(mailbox.file({bad_mailbox, {"1.a.host,S=5"}}));
    CHECK(read_file(folder / "cur/1.a.host,S=5:2,S") == "first");
    CHECK(read_file(folder / "cur/1.a.host-1,S=5:2,S") == "other");
}

TEST_CASE("maildir: flags changed or taken from new to cur after the listing, still fetched and filed") {
    const Maildir maildir;
    maildir.put("new/1.a.host", "a");
    maildir.put("cur/2.b.host:2,", "b");
    auto mailbox = maildir.opened(Access::change);
    const auto listing = mailbox.list();
    REQUIRE(listing);
    fs::rename(maildir.root / "new/1.a.host", maildir.root / "cur/1.a.host:2,S");
    fs::rename(maildir.root / "cur/2.b.host:2,", maildir.root / "cur/2.b.host:2,R");
    CHECK(fetch_all(mailbox, listing->uids, 100).size() == 2);
    fs::rename(maildir.root / "cur/1.a.host:2,S", maildir.root / "cur/1.a.host:2,ST");
    REQUIRE(mailbox.file({bad_mailbox, listing->uids}));
    CHECK(fs::exists(maildir.root / ".Bounces.bad-mailbox/cur/1.a.host:2,ST"));
    CHECK(fs::exists(maildir.root / ".Bounces.bad-mailbox/cur/2.b.host:2,R"));
}

TEST_CASE("maildir: a vanished message is no error and the others go on") {
    const Maildir maildir;
    maildir.put("new/1.a.host", "a");
    maildir.put("new/2.b.host", "b");
    auto mailbox = maildir.opened(Access::change);
    const auto listing = mailbox.list();
    REQUIRE(listing);
    fs::remove(maildir.root / "new/1.a.host");
    CHECK(fetch_all(mailbox, listing->uids, 100).size() == 1);
    REQUIRE(mailbox.file({bad_mailbox, listing->uids}));
    CHECK(fs::exists(maildir.root / ".Bounces.bad-mailbox/new/2.b.host"));
    CHECK(mailbox.file({bad_mailbox, {"never.was.there"}}));
}

TEST_CASE("maildir: a symbolic link in place of a folder is not followed") {
    const Maildir maildir;
    const auto elsewhere = maildir.temporary.path() / "elsewhere";
    for (const char* part : {"cur", "new", "tmp"}) fs::create_directories(elsewhere / part);
    fs::create_directory_symlink(elsewhere, maildir.root / ".Bounces.bad-mailbox");
    maildir.put("new/1.a.host", "a");
    auto mailbox = maildir.opened(Access::change);
    REQUIRE(mailbox.list());
    const auto filed = mailbox.file({bad_mailbox, {"1.a.host"}});
    REQUIRE_FALSE(filed);
    CHECK(filed.error().code == ErrorCode::output);
    CHECK(fs::exists(maildir.root / "new/1.a.host"));
}

TEST_CASE("maildir: inspect counts messages and shows folders in UTF-8") {
    const Maildir maildir;
    maildir.put("new/1.a.host", "a");
    for (const char* folder : {".R&APw-ckl&AOQ-ufer.x", ".Archive"}) fs::create_directories(maildir.root / folder);
    auto mailbox = maildir.opened(Access::examine);
    const auto info = mailbox.inspect();
    REQUIRE(info);
    CHECK(info->messages == 1);
    CHECK(info->folders == std::vector<std::string>{"Archive", "Rückläufer/x"});
}

TEST_CASE("maildir: wait ends for what arrived since the listing, for a stop, or in time") {
    const Maildir maildir;
    auto mailbox = maildir.opened(Access::change);
    REQUIRE(mailbox.list());
    std::array<int, 2> stop{};
    REQUIRE(pipe(stop.data()) == 0);
    SECTION("nothing") { CHECK(mailbox.wait(Duration{0}, stop[0]).value() == Wake::timeout); }
    SECTION("a message between listing and wait") {
        maildir.put("tmp/1.a.host", "a");
        fs::rename(maildir.root / "tmp/1.a.host", maildir.root / "new/1.a.host");
        CHECK(mailbox.wait(Duration{30}, stop[0]).value() == Wake::changed);
        CHECK(mailbox.wait(Duration{0}, stop[0]).value() == Wake::timeout);
    }
    SECTION("stop") {
        REQUIRE(write(stop[1], "x", 1) == 1);
        CHECK(mailbox.wait(Duration{30}, stop[0]).value() == Wake::stopped);
    }
    for (const int fd : stop) close(fd);
}

TEST_CASE("maildir folders: entered ones are listed, fetched from and filed from like the inbox") {
    const Maildir maildir;
    maildir.put("new/100.M1P1.host", "a");
    auto mailbox = maildir.opened(Access::change);
    REQUIRE(mailbox.list());
    const auto filed = mailbox.file({bad_mailbox, {"100.M1P1.host", "gone"}});
    REQUIRE(filed);
    CHECK(filed->uids == std::map<std::string, std::string>{{"100.M1P1.host", "100.M1P1.host"}});
    REQUIRE(mailbox.enter(bad_mailbox, Access::change));
    REQUIRE(mailbox.list());
    CHECK(fetch_all(mailbox, {"100.M1P1.host"}, 10).front().bytes == "a");
    const std::vector<std::string> quota_issues{"Bounces", "quota-issues"};
    REQUIRE(mailbox.file({quota_issues, {"100.M1P1.host"}}));
    CHECK(fs::exists(maildir.root / ".Bounces.quota-issues" / "new" / "100.M1P1.host"));
    REQUIRE(mailbox.enter({}, Access::change));
    CHECK(mailbox.list()->uids.empty());
    CHECK(mailbox.enter({"Bounces", "none"}, Access::examine).error().code == ErrorCode::refused);
    CHECK_FALSE(mailbox.list());
}

TEST_CASE("maildir folders: a message that gets another name in its folder is known by that") {
    const Maildir maildir;
    maildir.put("new/100.M1P1.host", "a");
    auto mailbox = maildir.opened(Access::change);
    REQUIRE(mailbox.list());
    REQUIRE(mailbox.file({bad_mailbox, {"100.M1P1.host"}}));
    maildir.put("new/100.M1P1.host", "b");
    REQUIRE(mailbox.list());
    CHECK(mailbox.file({bad_mailbox, {"100.M1P1.host"}})->uids.at("100.M1P1.host") == "100.M1P1.host-1");
}

TEST_CASE("maildir folders: the mark changes with what comes and goes, and is none while it could be too old") {
    const Maildir maildir;
    const auto folder = maildir.root / ".Bounces.bad-mailbox";
    for (const char* part : {"cur", "new", "tmp"}) fs::create_directories(folder / part);
    const auto mailbox = maildir.opened(Access::examine);
    const auto look = [&] {
        return MaildirMailbox(maildir.root.string()).look(std::vector<FolderPath>{bad_mailbox})->front();
    };
    CHECK(look().exists);
    CHECK(look().mark.empty());
    const auto age = [&](int seconds) {
        for (const char* part : {"cur", "new"})
            fs::last_write_time(folder / part, fs::file_time_type::clock::now() - std::chrono::seconds(seconds));
    };
    age(100);
    const auto before = look().mark;
    CHECK_FALSE(before.empty());
    CHECK(look().mark == before);
    age(50);
    CHECK(look().mark != before);
    CHECK_FALSE(MaildirMailbox(maildir.root.string()).look(std::vector<FolderPath>{{"none"}})->front().exists);
}
