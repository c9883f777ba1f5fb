// The whole program on every kind of IMAP server.
#include <catch2/catch.hpp>

#include <algorithm>
#include <functional>
#include <map>
#include <set>

#include "base/text.hpp"
#include "mailbox/imap/append.hpp"
#include "mailbox/imap/fetch.hpp"
#include "mailbox/imap/mailbox.hpp"
#include "mailbox/imap/names.hpp"
#include "mailbox/imap/select.hpp"
#include "support/maildir_tree.hpp"
#include "support/other_servers.hpp"
#include "support/samples.hpp"
#include "support/scene.hpp"
#include "support/whole_file.hpp"

using namespace nixie;

namespace {

using Strings = std::vector<std::string>;
using Contents = std::map<std::string, Strings>; ///< by folder, "Bounces/bad-mailbox": messages, sorted

struct Server {
    std::string name;
    std::function<Endpoint()> account; ///< of a new user
};

Server dovecot(const std::string& name, const Strings& options) {
    return {name, [options] { return Dovecot::with(options).endpoint("imap", Dovecot::new_user()); }};
}

Server other(const std::string& name, OtherServer& (*server)()) {
    return {name, [server] { return server().endpoint("imap", server().new_user()); }};
}

std::vector<Server> servers() {
    return {
        dovecot("Dovecot, Maildir", {}),
        dovecot("Dovecot, sdbox", {"--sdbox"}),
        dovecot("Dovecot without MOVE", {"--hide-move"}),
        dovecot("Dovecot without MOVE and UIDPLUS", {"--hide-move", "--hide-uidplus"}),
        dovecot("Dovecot without IDLE, ESEARCH, LITERAL+, CONDSTORE and ID",
                {"--hide", "IDLE", "--hide", "ESEARCH", "--hide", "LITERAL+", "--hide", "CONDSTORE", "--hide", "ID"}),
        dovecot("Dovecot below INBOX.", {"--prefix", "INBOX.", "--separator", "."}),
        dovecot("Dovecot below INBOX/ that does not offer NAMESPACE", {"--prefix", "INBOX/", "--hide", "NAMESPACE"}),
        other("Cyrus", cyrus),
        other("Cyrus with its alternative namespace", alternative_cyrus),
        other("Courier", courier),
    };
}

template <class T>
T must(Result<T> result) {
    INFO((result ? "" : result.error().text()));
    REQUIRE(result);
    return std::move(result).value();
}

/// A pasted text without one is no message: Cyrus takes none.
bool has_header(std::string_view text) {
    const auto end = text.find_first_of(": \t\r\n");
    return end != 0 && end != std::string_view::npos && text[end] == ':';
}

/// Every sixth or so, with line ends as mail has them; none is alike another.
Strings chosen_samples() {
    Strings out;
    const auto files = sample_files();
    for (std::size_t i = 0; i < files.size(); i += files.size() / 50) {
        std::string text;
        const std::string whole = read_file(files[i]);
        std::string_view line;
        for (std::string_view rest = whole; next_line(rest, line);) text += std::string(line) + "\r\n";
        std::replace(text.begin(), text.end(), '\0', ' '); // APPEND takes none
        if (has_header(text)) out.push_back(std::move(text));
    }
    return out;
}

void append(const Endpoint& account, const Strings& messages) {
    ImapSession session(must(connector_to(account)()), {});
    must(session.require(ImapCommand("CAPABILITY")));
    for (const auto& message : messages) {
        const auto appended = append_message(session, "INBOX", message, "", parse_time("2026-11-20T10:00:00Z").value());
        INFO((appended ? "" : appended.error().text()));
        REQUIRE(appended);
    }
    session.log_out();
}

/// What any mail client would see: all folders but those without messages.
Contents contents(const Endpoint& account) {
    ImapMailbox mailbox(account);
    REQUIRE(mailbox.open(Access::examine));
    const MailboxInfo info = must(mailbox.inspect());
    REQUIRE(mailbox.close());
    ImapSession session(must(connector_to(account)()), {});
    std::set<std::string> folders(info.folders.begin(), info.folders.end());
    folders.insert("INBOX"); // not in a list of what is below it
    Contents out;
    for (const auto& shown : folders) {
        std::string folder = shown;
        if (!info.separator.empty()) std::replace(folder.begin(), folder.end(), '/', info.separator[0]);
        must(select_folder(session, to_modified_utf7(folder), Access::examine));
        const std::string name = shown.starts_with("INBOX/") ? shown.substr(6) : shown;
        const auto fetched = fetch_messages(
            session, must(search(session, "ALL")), 10'000'000,
            [&](FetchedMessage&& message) { out[name].push_back(std::move(message.bytes)); }, [](std::string_view) {});
        REQUIRE(fetched);
        std::sort(out[name].begin(), out[name].end());
        if (out[name].empty()) out.erase(name);
    }
    return out;
}

Contents in_maildir(const std::filesystem::path& maildir) {
    Contents out;
    for (const auto& [folder, files] : message_files(maildir)) {
        if (files.empty()) continue;
        std::string name = folder.empty() ? "INBOX" : folder.substr(1);
        std::replace(name.begin(), name.end(), '.', '/');
        for (const auto& file : files) out[name].push_back(read_file(file));
        std::sort(out[name].begin(), out[name].end());
    }
    return out;
}

/// As a Maildir keeps what POP3 brings: lines end with LF.
Contents with_plain_line_ends(Contents contents) {
    for (auto& [folder, messages] : contents) {
        for (auto& message : messages) std::erase(message, '\r');
        std::sort(messages.begin(), messages.end());
    }
    return contents;
}

/// Where the same messages go in a Maildir.
Contents expected(const TemporaryDirectory& dir, const Strings& messages) {
    const Scene scene = maildir_scene(dir, "reference");
    deliver(scene.maildir, messages);
    REQUIRE(scene.nixie({"run", "--once"}).exit_code == 0);
    return in_maildir(scene.maildir);
}

} // namespace

TEST_CASE("every IMAP server: two passes file each message once, in its folder") {
    const auto server = GENERATE(from_range(servers()));
    CAPTURE(server.name);
    const TemporaryDirectory dir;
    const Strings messages = chosen_samples();
    REQUIRE(messages.size() >= 50);
    const Contents reference = expected(dir, messages);
    REQUIRE(reference.size() > 10);

    const Endpoint account = server.account();
    append(account, messages);
    REQUIRE(contents(account).at("INBOX").size() == messages.size());
    const Scene scene =
        make_scene(dir, "run", {},
                   "url = \"" + account.url + "\"\nuser = \"" + account.user + "\"\npassword_command = \"echo pw\"\n");
    const Finished first = scene.nixie({"run", "--once"});
    INFO(first.out << first.err);
    CHECK(first.exit_code == 0);
    CHECK(first.err.empty());
    CHECK(contents(account) == reference);
    const std::string journal = scene.rows("SELECT * FROM messages") + scene.rows("SELECT * FROM recipients");

    const Finished second = scene.nixie({"run", "--once"});
    CHECK(second.exit_code == 0);
    CHECK(second.out == "bounces: 0 in the inbox, 0 read, 0 filed\n");
    CHECK(second.err == "");
    CHECK(contents(account) == reference);
    CHECK(scene.rows("SELECT * FROM messages") + scene.rows("SELECT * FROM recipients") == journal);
}

TEST_CASE("Courier over POP3: two passes file each message once, and what IMAP shows is gone") {
    const TemporaryDirectory dir;
    // Courier puts a notice in place of a message with raw UTF-8 in its header for a client that has not said UTF8.
    Strings messages = chosen_samples();
    std::erase_if(messages, [](const std::string& message) {
        return std::any_of(message.begin(), message.end(), [](char c) { return (c & 0x80) != 0; });
    });
    REQUIRE(messages.size() > 25);
    const Contents reference = with_plain_line_ends(expected(dir, messages));
    const std::string user = courier().new_user();
    append(courier().endpoint("imap", user), messages);
    const auto local = dir.path() / "local";
    const Scene scene = make_scene(dir, "pop3", local,
                                   "url = \"" + courier().endpoint("pop3", user).url + "\"\nuser = \"" + user +
                                       "\"\npassword_command = \"echo pw\"\nmaildir = \"" + local.string() + "\"\n");
    const Finished first = scene.nixie({"run", "--once"});
    INFO(first.out << first.err);
    CHECK(first.exit_code == 0);
    CHECK(first.err == "");
    CHECK(in_maildir(local) == reference);
    CHECK(contents(courier().endpoint("imap", user)).empty());

    const Finished second = scene.nixie({"run", "--once"});
    CHECK(second.exit_code == 0);
    CHECK(second.out == "bounces: 0 in the inbox, 0 read, 0 filed\n");
    CHECK(in_maildir(local) == reference);
}
