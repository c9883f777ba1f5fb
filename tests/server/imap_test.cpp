// Listing, fetching and waiting on a real server.
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>

#include "server/imap_fixture.hpp"

using namespace nixie;

namespace {

namespace fs = std::filesystem;

/// All message files with their flags, and all folders; not the server's own notes.
std::vector<std::string> snapshot(const fs::path& root) {
    std::vector<std::string> names;
    for (const auto& entry : fs::recursive_directory_iterator(root)) {
        const std::string name = entry.path().filename().string();
        const std::string parent = entry.path().parent_path().filename().string();
        if (parent == "new" || parent == "cur" || name.starts_with('.')) names.push_back(name);
    }
    std::sort(names.begin(), names.end());
    return names;
}

} // namespace

TEST_CASE_METHOD(ImapFixture, "imap server: messages come whole, with size and arrival") {
    const Time arrived = *parse_time("2026-03-01T04:05:06Z");
    server.deliver(user, "Subject: a\n\nn1 OK done\n)\n* BYE {3}\n", "", arrived);
    const auto mailbox = open();
    const auto messages = fetch(*mailbox, uids(*mailbox));
    REQUIRE(messages.size() == 1);
    const auto& message = messages.begin()->second;
    CHECK(message.bytes == "Subject: a\r\n\r\nn1 OK done\r\n)\r\n* BYE {3}\r\n");
    CHECK(message.size == message.bytes.size());
    CHECK(message.arrived == arrived);
}

TEST_CASE_METHOD(ImapFixture, "imap server: a long message is cut and says how long it was") {
    server.deliver(user, message("long", std::string(50'000, 'x') + "\n"));
    const auto mailbox = open();
    const auto messages = fetch(*mailbox, uids(*mailbox), 1000);
    REQUIRE(messages.size() == 1);
    CHECK(messages.begin()->second.bytes.size() == 1000);
    CHECK(messages.begin()->second.size > 50'000);
}

TEST_CASE_METHOD(ImapFixture, "imap server: a message that vanished since the listing is passed over") {
    deliver(2);
    const auto gone = server.deliver(user, message("gone"));
    const auto mailbox = open();
    const auto listed = uids(*mailbox);
    REQUIRE(listed.size() == 3);
    for (const char* const part : {"new", "cur"})
        for (const auto& entry : fs::directory_iterator(server.maildir(user) / part))
            if (entry.path().filename().string().starts_with(gone.filename().string())) fs::remove(entry.path());
    CHECK(fetch(*mailbox, listed).size() == 2);
}

TEST_CASE_METHOD(ImapFixture, "imap server: messages that another session moves away are passed over") {
    deliver(3);
    const auto mailbox = open();
    const auto listed = uids(*mailbox);
    const auto other = open();
    check(other->file({{"Elsewhere"}, {listed[1]}}));
    CHECK(fetch(*mailbox, listed).size() == 2);
    check(mailbox->file({{"Bounces"}, listed}));
    CHECK(server.files(user, "Bounces").size() == 2);
    CHECK(uids(*mailbox).empty());
}

TEST_CASE_METHOD(ImapFixture, "imap server: what is opened for reading stays as it is") {
    deliver(3);
    const auto before = snapshot(server.maildir(user));
    const auto mailbox = open(Access::examine);
    CHECK(fetch(*mailbox, uids(*mailbox)).size() == 3);
    check(mailbox->inspect());
    CHECK_FALSE(mailbox->file({{"Bounces"}, {"1"}}));
    check(mailbox->close());
    CHECK(snapshot(server.maildir(user)) == before);
}

TEST_CASE_METHOD(ImapFixture, "imap server: fetching marks nothing seen") {
    deliver(1);
    const auto mailbox = open();
    fetch(*mailbox, uids(*mailbox));
    check(mailbox->close());
    for (const auto& name : server.files(user)) CHECK(name.find('S', name.find(":2,")) == std::string::npos);
}

TEST_CASE_METHOD(ImapFixture, "imap server: IDLE ends with a delivery") {
    const auto mailbox = open();
    CHECK(uids(*mailbox).empty());
    probe->while_waiting = [this] { deliver(1); };
    const auto woken = mailbox->wait(std::chrono::seconds(30), -1);
    check(woken);
    CHECK(*woken == Wake::changed);
    CHECK(uids(*mailbox).size() == 1);
}

TEST_CASE_METHOD(ImapFixture, "imap server: a delivery while the client is busy is not slept over") {
    deliver(1);
    const auto mailbox = open();
    const auto listed = uids(*mailbox);
    deliver(1);
    check(mailbox->file({{"Bounces"}, listed}));
    const auto woken = mailbox->wait(std::chrono::seconds(30), -1);
    check(woken);
    CHECK(*woken == Wake::changed);
}

TEST_CASE_METHOD(ImapFixture, "imap server: the stop descriptor ends a wait, and the session stays usable") {
    const auto mailbox = open();
    uids(*mailbox);
    std::array<int, 2> ends{};
    REQUIRE(::pipe(ends.data()) == 0);
    probe->while_waiting = [&ends] { REQUIRE(::write(ends[1], "x", 1) == 1); };
    const auto woken = mailbox->wait(std::chrono::seconds(30), ends[0]);
    ::close(ends[0]);
    ::close(ends[1]);
    check(woken);
    CHECK(*woken == Wake::stopped);
    CHECK(uids(*mailbox).empty());
}

TEST_CASE_METHOD(ImapFixture, "imap server: a wait ends in time") {
    const auto mailbox = open();
    uids(*mailbox);
    const auto woken = mailbox->wait(std::chrono::seconds(1), -1);
    check(woken);
    CHECK(*woken == Wake::timeout);
}

TEST_CASE_METHOD(ImapFixture, "imap server: a wrong password is a refused login") {
    auto endpoint = server.endpoint("imap", user);
    endpoint.password = "wrong";
    ImapMailbox mailbox(endpoint);
    const auto opened = mailbox.open(Access::change);
    REQUIRE_FALSE(opened);
    CHECK(opened.error().code == ErrorCode::refused_login);
    CHECK(opened.error().text().find("wrong") == std::string::npos);
}

TEST_CASE_METHOD(ImapFixture, "imap server: an inbox that is not there is named") {
    ImapMailbox mailbox(server.endpoint("imap", user), "Bounce-Eingang");
    const auto opened = mailbox.open(Access::change);
    REQUIRE_FALSE(opened);
    CHECK(opened.error().code == ErrorCode::refused);
    CHECK(opened.error().what.find("Bounce-Eingang") != std::string::npos);
    CHECK_FALSE(opened.error().remedy.empty());
}

TEST_CASE_METHOD(ImapFixture, "imap server: inspection shows server, prefix and way of filing") {
    deliver(2);
    const auto mailbox = open(Access::examine);
    const auto info = mailbox->inspect();
    check(info);
    CHECK(info->server == "Dovecot");
    CHECK(info->separator == "/");
    CHECK(info->filing == "MOVE");
    CHECK(info->messages == 2);
    CHECK(info->folders == Strings{"INBOX"});
}

TEST_CASE("imap server: TLS, and only with the authority and the name that belong to it") {
    const Dovecot& server = Dovecot::with({"--tls"});
    const auto port = [](const std::string& url) { return url.substr(url.rfind(':')); };
    const auto clear = server.endpoint("imap", "tls");
    const auto tls = server.endpoint("imaps", "tls");
    const auto ca_file = server.ca_file();
    const auto [url, mode, ca, works] = GENERATE_COPY(table<std::string, Tls, std::string, bool>({
        {tls.url, Tls::implicit, ca_file, true},
        {"imaps://127.0.0.1" + port(tls.url), Tls::implicit, ca_file, true},
        {clear.url, Tls::starttls, ca_file, true},
        {tls.url, Tls::implicit, "", false},
        {clear.url, Tls::starttls, "", false},
        {"imaps://127.0.0.2" + port(tls.url), Tls::implicit, ca_file, false},
    }));
    Endpoint endpoint = tls;
    endpoint.url = url;
    endpoint.tls = mode;
    endpoint.ca_file = ca;
    ImapMailbox mailbox(endpoint);
    const auto opened = mailbox.open(Access::change);
    INFO(url << " " << (opened ? "" : opened.error().text()));
    REQUIRE(opened.ok() == works);
    if (opened) return;
    CHECK(opened.error().code == ErrorCode::unavailable);
    CHECK(opened.error().where == url);
    CHECK_FALSE(opened.error().what.empty());
}
