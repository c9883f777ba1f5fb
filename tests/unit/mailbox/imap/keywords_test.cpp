// Marking messages that are filed, on servers of several minds about keywords.
#include <catch2/catch.hpp>

#include "mailbox/imap/mailbox.hpp"
#include "unit/mailbox/imap/script.hpp"

using namespace nixie;

namespace {

std::shared_ptr<ImapScript> server(const std::string& capabilities, const std::string& permanent_flags) {
    auto script = imap_script(capabilities);
    script->on("SELECT", {"* 3 EXISTS\r\n* OK [UIDVALIDITY 42] x\r\n* OK [UIDNEXT 100] x\r\n* OK [PERMANENTFLAGS " +
                          permanent_flags + "] x\r\n%t OK [READ-WRITE] x\r\n"});
    return script;
}

Filing some_filing() {
    return {{"Bounces", "bad-mailbox"},
            {"101", "102", "103"},
            {{{"nixie-user-unknown"}, {"101", "102"}}, {{"nixie-mailbox-full", "nixie-retry-1h"}, {"103"}}}};
}

/// What is asked to file that.
std::vector<std::string> asked_to_file(const std::shared_ptr<ImapScript>& script) {
    ImapMailbox mailbox(connector_to(script), "imap://here", "INBOX", {});
    REQUIRE(mailbox.open(Access::change));
    const std::vector<Filing> filings{some_filing()};
    std::size_t filed = 0;
    REQUIRE(mailbox.file_all(filings, [&](const Filing&, const Result<Filed>& outcome) { filed += outcome ? 1 : 0; }));
    CHECK(filed == 1);
    std::vector<std::string> out;
    for (const auto& line : script->asked)
        if (line.starts_with("UID STORE") || line.starts_with("UID MOVE") || line.starts_with("UID COPY"))
            out.push_back(line);
    return out;
}

const std::string move_all = "UID MOVE 101:103 \"Bounces-bad-mailbox\"";

} // namespace

TEST_CASE("imap keywords: set before the move, each set of keywords with one command") {
    CHECK(asked_to_file(server("MOVE", R"((\Seen \Deleted \*))")) ==
          std::vector<std::string>{"UID STORE 103 +FLAGS.SILENT (nixie-mailbox-full nixie-retry-1h)",
                                   "UID STORE 101:102 +FLAGS.SILENT (nixie-user-unknown)", move_all});
}

TEST_CASE("imap keywords: one command sets them on messages for several folders") {
    const auto script = server("MOVE", R"((\Deleted \*))");
    ImapMailbox mailbox(connector_to(script), "imap://here", "INBOX", {});
    REQUIRE(mailbox.open(Access::change));
    const std::vector<std::string> keywords{"nixie-network-error"};
    const std::vector<Filing> filings{{{"a"}, {"101", "103"}, {{keywords, {"101", "103"}}}},
                                      {{"b"}, {"102"}, {{keywords, {"102"}}}}};
    REQUIRE(mailbox.file_all(filings, [](const Filing&, const Result<Filed>&) {}));
    CHECK(script->count("UID STORE") == 1);
    CHECK(script->count("UID STORE 101:103 +FLAGS.SILENT (nixie-network-error)") == 1);
}

TEST_CASE("imap keywords: set before the copy where there is no MOVE") {
    const auto asked = asked_to_file(server("UIDPLUS", R"((\Deleted \*))"));
    REQUIRE(asked.size() == 4);
    CHECK(asked[1] == "UID STORE 101:102 +FLAGS.SILENT (nixie-user-unknown)");
    CHECK(asked[2] == "UID COPY 101:103 \"Bounces-bad-mailbox\"");
    CHECK(asked[3] == R"(UID STORE 101:103 +FLAGS.SILENT (\Deleted))");
}

TEST_CASE("imap keywords: only those that stay are set") {
    CHECK(asked_to_file(server("MOVE", R"((\Seen NIXIE-Mailbox-Full))")) ==
          std::vector<std::string>{"UID STORE 103 +FLAGS.SILENT (nixie-mailbox-full)", move_all});
    CHECK(asked_to_file(server("MOVE", R"((\Seen $Junk))")) == std::vector<std::string>{move_all});
    CHECK(asked_to_file(imap_script("MOVE")) == std::vector<std::string>{move_all});
}

TEST_CASE("imap keywords: a server that refuses them still gets its messages filed, and is not asked again") {
    const auto script = server("MOVE", R"((\Deleted \*))");
    script->on("UID STORE", {"%t NO [LIMIT] too many keywords\r\n"});
    std::vector<std::string> log;
    ImapMailbox mailbox(connector_to(script), "imap://here", "INBOX",
                        [&](std::string_view text) { log.emplace_back(text); });
    REQUIRE(mailbox.open(Access::change));
    const std::vector<Filing> filings{some_filing()};
    for (const std::size_t stores : {2U, 2U}) {
        std::size_t filed = 0;
        const auto count = [&](const Filing&, const Result<Filed>& outcome) { filed += outcome ? 1 : 0; };
        REQUIRE(mailbox.file_all(filings, count));
        CHECK(filed == 1);
        CHECK(script->count("UID STORE") == stores);
    }
    CHECK(log == std::vector<std::string>{"the server refused to mark messages with keywords: too many keywords"});
}

TEST_CASE("imap keywords: the mailbox tells whether it keeps any") {
    const auto [flags, keeps] = GENERATE(table<std::string, bool>(
        {{R"((\*))", true}, {"(nixie-retry-1h)", true}, {R"((\Seen))", false}, {"()", false}}));
    const auto script = server("MOVE", flags);
    ImapMailbox mailbox(connector_to(script), "imap://here", "INBOX", {});
    REQUIRE(mailbox.open(Access::change));
    CHECK(mailbox.keeps_keywords() == keeps);
}
