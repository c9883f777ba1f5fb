// What a pass costs on a line with latency: each round trip is one more wait, so none may creep in.
#include <catch2/catch.hpp>

#include "mailbox/imap/mailbox.hpp"
#include "support/messages.hpp"
#include "unit/mailbox/imap/script.hpp"
#include "unit/store/journal.hpp"
#include "worker/cycle.hpp"

using namespace nixie;

namespace {

class NoonClock final : public Clock {
  public:
    [[nodiscard]] Time now() const override { return noon; }
};

std::string fetch_item(int uid, const std::string& status, const std::string& reply) {
    const std::string id = std::to_string(uid);
    const std::string bytes = bounce_message(id, "reader" + id + "@example.org", status, reply);
    return "* " + id + " FETCH (UID " + id + " RFC822.SIZE " + std::to_string(bytes.size()) +
           " INTERNALDATE \"21-Nov-2026 11:00:00 +0000\" BODY[]<0> {" + std::to_string(bytes.size()) + "}\r\n" + bytes +
           ")\r\n";
}

/// Of what a server offers, and how often the client then waits for it.
struct Manner {
    std::string announced, login_reply, capabilities;
    int open, first_pass, next_pass;
};

/// An inbox of four new bounces for two folders.
std::shared_ptr<ImapScript> server(const Manner& manner) {
    auto script = imap_script(manner.capabilities);
    script->announced = manner.announced;
    script->login_reply = manner.login_reply;
    script->chunk = 100'000;
    const bool extended = manner.capabilities.find("ESEARCH") != std::string::npos;
    script
        ->on("UID SEARCH", {extended ? "* ESEARCH (TAG \"%t\") UID ALL 101:104\r\n%t OK\r\n"
                                     : "* SEARCH 101 102 103 104\r\n%t OK\r\n",
                            extended ? "* ESEARCH (TAG \"%t\") UID ALL 105:108\r\n%t OK\r\n"
                                     : "* SEARCH 105 106 107 108\r\n%t OK\r\n"})
        .on("UID SEARCH DELETED", {"* SEARCH\r\n%t OK\r\n"})
        .on("SELECT", {"* 3 EXISTS\r\n* OK [UIDVALIDITY 42] x\r\n* OK [UIDNEXT 100] x\r\n"
                       "* OK [PERMANENTFLAGS (\\Deleted \\*)] x\r\n%t OK [READ-WRITE] x\r\n"})
        .on("LIST", {"* LIST () \".\" INBOX\r\n%t OK\r\n"});
    std::deque<std::string> fetches;
    for (const int first : {101, 105})
        fetches.push_back(fetch_item(first, "5.1.1", "550 5.1.1 User unknown") +
                          fetch_item(first + 1, "5.1.1", "550 5.1.1 User unknown") +
                          fetch_item(first + 2, "4.2.2", "452 4.2.2 Mailbox full") +
                          fetch_item(first + 3, "4.2.2", "452 4.2.2 Mailbox full") + "%t OK\r\n");
    script->on("UID FETCH", fetches);
    return script;
}

} // namespace

TEST_CASE("round trips: a session and its passes wait for the server no oftener than they must") {
    const std::string told = "A002 OK [CAPABILITY IMAP4rev1 ID NAMESPACE ESEARCH MOVE] logged in";
    const auto manner = GENERATE_COPY(
        // SELECT and all that goes with it; then a look at our folders with SEARCH, FETCH, and CREATE with the MOVEs; in the next
        // pass the same without CREATE.
        Manner{"", told, "ID NAMESPACE ESEARCH MOVE", 1, 3, 3},
        // CAPABILITY goes with SELECT where nothing has to be enabled first.
        Manner{"* CAPABILITY IMAP4rev1 ID ENABLE", "", "ID NAMESPACE ESEARCH MOVE LIST-EXTENDED LIST-STATUS", 1, 3, 3},
        Manner{"* CAPABILITY IMAP4rev1 UTF8=ACCEPT", "", "NAMESPACE MOVE", 2, 3, 3},
        // Where new folders belong shows the first of them.
        Manner{"", "", "MOVE", 2, 4, 3},
        // COPY, then STORE and EXPUNGE together.
        Manner{"", "", "UIDPLUS", 2, 8, 6},
        // COPY, STORE, SEARCH, EXPUNGE.
        Manner{"", "", "", 2, 12, 10});
    CAPTURE(manner.login_reply, manner.capabilities);
    const auto script = server(manner);
    ImapMailbox mailbox(connector_to(script), "imap://here", "INBOX", {});
    REQUIRE(mailbox.open(Access::change));
    CHECK(script->flights == manner.open);

    Journal journal;
    MailboxConfig mailbox_config;
    mailbox_config.name = "bounces";
    Config config;
    LazyJudge judge;
    NoonClock clock;
    const CycleContext context{.mailbox = mailbox_config, .config = config, .judge = judge, .clock = clock};
    for (const auto& [most, first] :
         {std::pair(manner.first_pass, "101:102"), std::pair(manner.next_pass, "105:106")}) {
        script->flights = 0;
        script->asked.clear();
        const auto summary = must(run_cycle(mailbox, &journal.store, context));
        CAPTURE(script->asked);
        CHECK(summary.filed == 4);
        CHECK(script->flights == most);
        // The marks travel with the moves: they cost no round trip.
        CHECK(script->count("UID STORE " + std::string(first) + " +FLAGS.SILENT (nixie-user-unknown)") == 1);
    }
}
