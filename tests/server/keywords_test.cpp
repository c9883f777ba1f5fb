// What a mail client on a real server shows of messages that nixie filed.
#include <catch2/catch.hpp>

#include <set>

#include "mailbox/connection.hpp"
#include "mailbox/imap/select.hpp"
#include "mailbox/imap/session.hpp"
#include "mailbox/imap/stream.hpp"
#include "support/maildir_tree.hpp"
#include "support/messages.hpp"
#include "support/scene.hpp"

using namespace nixie;

namespace {

/// The keywords of the messages in a folder, one text a message.
std::multiset<std::string> keywords(const Dovecot& server, const std::string& user, const std::string& folder) {
    auto stream = connector_to(server.endpoint("imap", user))();
    REQUIRE(stream);
    ImapSession session(std::move(*stream), [](std::string_view) {});
    REQUIRE(select_folder(session, folder, Access::examine));
    std::multiset<std::string> out;
    REQUIRE(session.require(ImapCommand("UID FETCH 1:* (FLAGS)"), [&](ImapResponse& response) -> Result<void> {
        if (response.name != "FETCH") return {};
        std::set<std::string> words;
        for (const auto& flag : response.values.at(0).items.back().items)
            if (flag.text.starts_with("nixie-")) words.insert(flag.text);
        std::string text;
        for (const auto& word : words) text += (text.empty() ? "" : " ") + word;
        out.insert(text);
        return {};
    }));
    return out;
}

std::vector<std::string> two_bounces() {
    return {bounce_message("1", "ann@example.org", "5.1.1", "550 5.1.1 User unknown"),
            bounce_message("2", "bob@example.org", "4.2.2", "452 4.2.2 Mailbox full")};
}

void run(const Scene& scene) {
    const Finished finished = scene.nixie({"run", "--once", "--quiet"});
    CHECK(finished.err == "");
    REQUIRE(finished.exit_code == 0);
}

} // namespace

TEST_CASE("keywords: filed messages carry reason and window, with whatever the server offers for moving") {
    const auto options = GENERATE(std::vector<std::string>{}, std::vector<std::string>{"--hide-move"},
                                  std::vector<std::string>{"--hide-move", "--hide-uidplus"});
    const auto& server = Dovecot::with(options);
    const std::string user = Dovecot::new_user();
    const TemporaryDirectory dir;
    const Scene scene = imap_scene(dir, server, user);
    deliver(server.maildir(user), two_bounces());
    run(scene);
    CHECK(keywords(server, user, "Bounces/bad-mailbox") == std::multiset<std::string>{"nixie-user-unknown"});
    CHECK(keywords(server, user, "Bounces/quota-issues") ==
          std::multiset<std::string>{"nixie-mailbox-full nixie-retry-1h"});
}

TEST_CASE("keywords: none where the configuration wants none") {
    const auto& server = Dovecot::with();
    const std::string user = Dovecot::new_user();
    const TemporaryDirectory dir;
    const Scene scene = imap_scene(dir, server, user, "keywords = false\n");
    deliver(server.maildir(user), two_bounces());
    run(scene);
    CHECK(keywords(server, user, "Bounces/bad-mailbox") == std::multiset<std::string>{""});
}
