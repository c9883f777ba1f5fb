// What Dovecot 2.3 lacks, on servers that have it.
#include <catch2/catch.hpp>

#include <algorithm>
#include <utility>

#include "mailbox/imap/append.hpp"
#include "mailbox/imap/mailbox.hpp"
#include "server/probe.hpp"
#include "support/other_servers.hpp"

using namespace nixie;

namespace {

using Strings = std::vector<std::string>;

template <class T>
void check(const Result<T>& result) {
    INFO((result ? "" : result.error().text()));
    REQUIRE(result);
}

void append_to_inbox(const Endpoint& account, int count, const std::string& body) {
    auto stream = connector_to(account)();
    check(stream);
    ImapSession session(std::move(*stream), {});
    for (int i = 0; i < count; ++i)
        check(append_message(session, "INBOX", "Message-ID: <" + std::to_string(i) + "@mx>\r\n\r\n" + body, "",
                             parse_time("2026-11-20T10:00:00Z").value()));
    session.log_out();
}

} // namespace

TEST_CASE("imap compress: Cyrus sends and takes compressed what it sends and takes plain") {
    const Endpoint account = cyrus().endpoint("imap", cyrus().new_user());
    std::string body;
    for (int line = 0; line < 2'000; ++line) body += "line " + std::to_string(line) + " of the text\r\n";
    append_to_inbox(account, 30, body);
    const auto probe = std::make_shared<Probe>();
    ImapMailbox mailbox(probed(account, probe), account.url, "INBOX", {});
    mailbox.allow_compression();
    check(mailbox.open(Access::change));
    const auto listing = mailbox.list();
    check(listing);
    REQUIRE(listing->uids.size() == 30);
    std::size_t same = 0;
    const auto compare = [&](FetchedMessage&& message) { same += message.bytes.ends_with("\r\n\r\n" + body) ? 1 : 0; };
    std::span<const std::string> chunk(listing->uids); // all, then none
    const auto next_chunk = [&] { return std::exchange(chunk, {}); };
    const bool as_a_backlog = GENERATE(true, false);
    check(as_a_backlog ? mailbox.fetch_all(next_chunk, 1'000'000, compare)
                       : mailbox.fetch(listing->uids, 1'000'000, compare));
    CHECK(same == 30);
    check(mailbox.file({{"Bounces", "spam"}, listing->uids}));
    CHECK(mailbox.list()->uids.empty());
    check(mailbox.close());
    CHECK(probe->count("COMPRESS DEFLATE") == 1);
    CHECK(probe->count("UID FETCH") + probe->count("UID MOVE") == 0); // nothing readable after it
}

TEST_CASE("imap names: Courier takes and gives UTF-8 once it is enabled, and shows the same folder to other clients") {
    const std::string name =
        "R\xC3\xBC"
        "ckl\xC3\xA4ufer & mehr";
    const Endpoint account = courier().endpoint("imap", courier().new_user());
    append_to_inbox(account, 2, "text\r\n");
    const auto probe = std::make_shared<Probe>();
    ImapMailbox mailbox(probed(account, probe), account.url, "INBOX", {});
    check(mailbox.open(Access::change));
    CHECK(probe->count("ENABLE UTF8=ACCEPT") == 1);
    check(mailbox.file({{name, "spam"}, {"1", "2"}}));
    const auto info = mailbox.inspect();
    check(info);
    CHECK(info->folders == Strings{"INBOX/" + name, "INBOX/" + name + "/spam"});
    check(mailbox.enter({name, "spam"}, Access::examine));
    CHECK(mailbox.list()->uids.size() == 2);
    check(mailbox.close());

    auto stream = connector_to(account)();
    check(stream);
    ImapSession other(std::move(*stream), {});
    Strings seen;
    check(other.require(ImapCommand(R"(LIST "" "*")"), [&](ImapResponse& response) -> Result<void> {
        if (response.name == "LIST") seen.push_back(response.values.at(2).text);
        return {};
    }));
    CHECK(std::count(seen.begin(), seen.end(), "INBOX.R&APw-ckl&AOQ-ufer &- mehr.spam") == 1);
}
