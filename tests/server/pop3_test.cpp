#include "mailbox/pop3/mailbox.hpp"

#include <filesystem>
#include <map>

#include <catch2/catch.hpp>

#include "support/dovecot.hpp"
#include "support/temporary_directory.hpp"
#include "support/whole_file.hpp"

using namespace nixie;
namespace fs = std::filesystem;

namespace {

const std::vector<std::string> bad_mailbox{"Bounces", "bad-mailbox"};

std::string message(int number, std::size_t lines = 2) {
    std::string text = "Received: from a by b; Sat, 21 Nov 2026 10:00:0" + std::to_string(number % 10) + " +0000\n" +
                       "Subject: message " + std::to_string(number) + "\n\n.\n..dots\n+OK\n";
    for (std::size_t line = 0; line < lines; ++line) text += "line " + std::to_string(line) + "\n";
    return text;
}

std::string on_the_wire(const std::string& text) {
    std::string out;
    for (const char c : text) out += c == '\n' ? "\r\n" : std::string(1, c);
    return out;
}

/// A maildrop on a real server and the Maildir tree to file into.
struct Maildrop {
    TemporaryDirectory local;
    fs::path tree = local.path() / "filed";
    Dovecot& server = Dovecot::with();
    std::string user = Dovecot::new_user();
    Endpoint endpoint = server.endpoint("pop3", user);

    void deliver(const std::string& text) const { server.deliver(user, text); }
    [[nodiscard]] Pop3Mailbox mailbox() const { return {endpoint, tree.string()}; }
    /// What is in the local folder, by its subject's line.
    [[nodiscard]] std::multimap<std::string, std::string> filed() const {
        std::multimap<std::string, std::string> out;
        for (const auto& entry : fs::directory_iterator(tree / ".Bounces.bad-mailbox/new")) {
            const auto text = read_file(entry.path());
            const auto begin = text.find("Subject");
            out.emplace(text.substr(begin, text.find('\n', begin) - begin), text);
        }
        return out;
    }
};

std::vector<FetchedMessage> fetch_all(Mailbox& mailbox, std::size_t limit) {
    std::vector<FetchedMessage> out;
    const auto listing = mailbox.list();
    REQUIRE(listing);
    REQUIRE(mailbox.fetch(listing->uids, limit, [&](FetchedMessage&& fetched) { out.push_back(std::move(fetched)); }));
    return out;
}

} // namespace

TEST_CASE("pop3: lists and fetches whole messages, oldest first, with their arrival") {
    const Maildrop maildrop;
    auto mailbox = maildrop.mailbox();
    for (const int number : {1, 2, 3}) {
        maildrop.deliver(message(number));
        REQUIRE(mailbox.open(Access::examine)); // the server numbers what is there
        REQUIRE(mailbox.close());
    }
    REQUIRE(mailbox.open(Access::examine));
    const auto messages = fetch_all(mailbox, 1'000'000);
    REQUIRE(messages.size() == 3);
    for (std::size_t i = 0; i < messages.size(); ++i) {
        const auto expected = on_the_wire(message(static_cast<int>(i) + 1));
        CHECK(messages[i].bytes == expected);
        CHECK(messages[i].size == expected.size());
        CHECK(format_time(messages[i].arrived) == "2026-11-21T10:00:0" + std::to_string(i + 1) + "Z");
    }
    CHECK(mailbox.inspect()->messages == 3);
    CHECK(mailbox.close());
}

TEST_CASE("pop3: of a long message the limit is fetched and the whole size told") {
    const Maildrop maildrop;
    const auto text = on_the_wire(message(1, 50'000));
    maildrop.deliver(message(1, 50'000));
    auto mailbox = maildrop.mailbox();
    REQUIRE(mailbox.open(Access::examine));
    const std::size_t limit = GENERATE(1U, 1000U, 20'000U);
    const auto messages = fetch_all(mailbox, limit);
    REQUIRE(messages.size() == 1);
    CHECK(messages[0].size == text.size());
    CHECK(messages[0].bytes.size() <= limit);
    CHECK(messages[0].bytes.size() * 10 >= limit);
    CHECK(messages[0].bytes == text.substr(0, messages[0].bytes.size()));
}

TEST_CASE("pop3: fetching marks nothing as seen") {
    const Maildrop maildrop;
    maildrop.deliver(message(1));
    auto mailbox = maildrop.mailbox();
    REQUIRE(mailbox.open(Access::examine));
    CHECK(fetch_all(mailbox, 1'000'000).size() == 1);
    REQUIRE(mailbox.close());
    const auto files = maildrop.server.files(maildrop.user);
    REQUIRE(files.size() == 1);
    CHECK(files[0].find(":2,S") == std::string::npos);
}

TEST_CASE("pop3: filing stores the whole message locally and takes it off the server") {
    const Maildrop maildrop;
    constexpr int count = 150; // more than is pipelined or stored at once
    for (int number = 0; number < count; ++number) maildrop.deliver(message(number, 200));
    auto mailbox = maildrop.mailbox();
    REQUIRE(mailbox.open(Access::change));
    auto uids = mailbox.list()->uids;
    REQUIRE(uids.size() == count);
    const std::vector<std::string> kept{uids.back()};
    uids.pop_back();
    REQUIRE(mailbox.file({bad_mailbox, uids}));
    CHECK(mailbox.list()->uids == kept);
    REQUIRE(mailbox.close());
    const auto filed = maildrop.filed();
    CHECK(filed.size() == count - 1);
    CHECK(filed.find("Subject: message 7")->second == message(7, 200));
    REQUIRE(mailbox.open(Access::change));
    CHECK(mailbox.list()->uids == kept);
}

TEST_CASE("pop3: a session lost before QUIT is repeated without a second copy") {
    const Maildrop maildrop;
    for (const int number : {1, 2}) maildrop.deliver(message(number));
    std::vector<std::string> uids;
    {
        auto lost = maildrop.mailbox();
        REQUIRE(lost.open(Access::change));
        uids = lost.list()->uids;
        REQUIRE(lost.file({bad_mailbox, uids}));
    }
    CHECK(maildrop.filed().size() == 2);
    auto again = maildrop.mailbox();
    REQUIRE(again.open(Access::change));
    CHECK(again.list()->uids == uids);
    REQUIRE(again.file({bad_mailbox, uids}));
    REQUIRE(again.close());
    CHECK(maildrop.filed().size() == 2);
    REQUIRE(again.open(Access::examine));
    CHECK(again.list()->uids.empty());
}

TEST_CASE("pop3: without a local folder to store in nothing is taken off the server") {
    Maildrop maildrop;
    maildrop.tree = maildrop.local.path() / "no" / "such";
    maildrop.deliver(message(1));
    auto mailbox = maildrop.mailbox();
    REQUIRE(mailbox.open(Access::change));
    const auto uids = mailbox.list()->uids;
    const auto filed = mailbox.file({bad_mailbox, uids});
    REQUIRE_FALSE(filed);
    CHECK(filed.error().code == ErrorCode::output);
    CHECK(mailbox.close());
    REQUIRE(mailbox.open(Access::examine));
    CHECK(mailbox.list()->uids == uids);
}

TEST_CASE("pop3: unknown and already filed uids are passed over") {
    const Maildrop maildrop;
    maildrop.deliver(message(1));
    auto mailbox = maildrop.mailbox();
    REQUIRE(mailbox.open(Access::change));
    auto uids = mailbox.list()->uids;
    uids.push_back("never-there");
    REQUIRE(mailbox.file({bad_mailbox, uids}));
    CHECK(mailbox.file({bad_mailbox, uids}));
    std::size_t fetched = 0;
    CHECK(mailbox.fetch(uids, 1000, [&](FetchedMessage&&) { ++fetched; }));
    CHECK(fetched == 0);
}

TEST_CASE("pop3: after a wait new messages are listed and what was filed is gone") {
    const Maildrop maildrop;
    maildrop.deliver(message(1));
    auto mailbox = maildrop.mailbox();
    REQUIRE(mailbox.open(Access::change));
    const auto first = mailbox.list()->uids;
    REQUIRE(mailbox.file({bad_mailbox, first}));
    maildrop.deliver(message(2));
    CHECK(mailbox.wait(Duration{0}, -1).value() == Wake::timeout);
    const auto second = mailbox.list()->uids;
    REQUIRE(second.size() == 1);
    CHECK(second != first);
}

TEST_CASE("pop3: a wrong password is refused and not repeated in the text") {
    Maildrop maildrop;
    maildrop.endpoint.password = "swordfish";
    const auto opened = maildrop.mailbox().open(Access::examine);
    REQUIRE_FALSE(opened);
    CHECK(opened.error().code == ErrorCode::refused_login);
    CHECK(opened.error().text().find("swordfish") == std::string::npos);
}
