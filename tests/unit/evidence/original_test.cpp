#include <catch2/catch.hpp>

#include "evidence/original.hpp"

using namespace nixie;

namespace {

/// A message that has no part for the returned one, so that only `text` tells.
Original read(std::string_view text) {
    const Message message = parse_message("Subject: report\n\nx\n");
    return read_original(message, lay_out(message, 0), {}, text, {});
}

} // namespace

TEST_CASE("read_original: a copy within the text, as it is, quoted or indented") {
    const auto text =
        GENERATE(as<std::string>{},
                 "\n\nSubject: hello\n  there\nMessage-ID: <1@example.com>\nTo: A <user@example.org>, b@example.org\n",
                 "> Subject: hello\n>   there\n> Message-ID: <1@example.com>\n> To: user@example.org\n>\n> To: no\n",
                 "   Subject: hello\n     there\n   Message-ID: <1@example.com>\n   To: <user@example.org>\n");
    INFO(text);
    const Original original = read(text);
    CHECK(original.subject == "hello there");
    CHECK(original.message_id == "1@example.com");
    CHECK(original.to == "user@example.org");
}

TEST_CASE("read_original: the most telling campaign header counts") {
    const auto [headers, campaign] = GENERATE(table<std::string, std::string>({
        {"List-ID: News <news.example.com>\nX-Campaign-Id: spring\n", "spring"},
        {"List-ID: News <news.example.com>\nFeedback-ID: 7:c:m:example\n", "7:c:m:example"},
        {"List-ID: News <news.example.com>\n", "News <news.example.com>"},
        {"List-ID: News <news.example.com>\nX-Listmonk-Campaign: 5f0f1c9a-0d6e-4d0e-8a77-6a1b5c3d2e1f\n",
         "5f0f1c9a-0d6e-4d0e-8a77-6a1b5c3d2e1f"},
        {"Subject: x\n", ""},
    }));
    CHECK(read(headers).campaign == campaign);
}

TEST_CASE("read_original: nothing from nothing") {
    const auto text = GENERATE(as<std::string>{}, "", "\n\n\n", "no header here\n", ">>>>\n", "Message-ID: <\n");
    const Original original = read(text);
    CHECK(original.message_id.empty());
    CHECK(original.subject.empty());
    CHECK(original.to.empty());
}
