// The program on a mailbox full of what no mail program would write.
#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <functional>

#include "support/maildir_tree.hpp"
#include "support/messages.hpp"
#include "support/scene.hpp"

using namespace nixie;

namespace {

constexpr std::size_t million = 1'000'000;

std::string repeated(const std::string& text, std::size_t times) {
    std::string out;
    out.reserve(text.size() * times);
    for (std::size_t i = 0; i < times; ++i) out += text;
    return out;
}

const std::string text_header = "From: MAILER-DAEMON@example.org\r\nSubject: Undelivered Mail\r\n";

std::string nested_multiparts() {
    std::string out = text_header;
    for (std::size_t i = 0; i < 5000; ++i) {
        const std::string boundary = "b" + std::to_string(i);
        out += "Content-Type: multipart/mixed; boundary=" + boundary + "\r\n\r\n--" + boundary + "\r\n";
    }
    return out + "Content-Type: text/plain\r\n\r\nend\r\n";
}

std::string lying_length_and_charset() {
    return text_header +
           "Content-Length: 4294967295\r\nContent-Type: text/plain; charset=utf-16\r\n"
           "Content-Transfer-Encoding: base64\r\n\r\nnot base64, not UTF-16: \xff\xfe\x80\r\n";
}

std::string with_only_crs() {
    std::string out = bounce_message("cr", "cid@example.org", "5.1.1", "550 5.1.1 User unknown");
    out.erase(std::remove(out.begin(), out.end(), '\n'), out.end());
    return out;
}

/// Made one at a time: a few of them are large.
const std::array<std::function<std::string()>, 13> hostile_messages{{
    [] { return std::string(); },
    [] { return std::string("\r\n"); },
    [] { return text_header + "\r\n" + repeated(std::string(78, 'x') + "\r\n", 30 * million / 80); },
    nested_multiparts,
    [] { return text_header + repeated("Content-Type: message/rfc822\r\n\r\n", 5000) + "end\r\n"; },
    [] { return text_header + repeated("Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n", 5000); },
    [] { return text_header + "\r\n" + std::string(1000, '\0') + "\r\n" + std::string("a\0b\r\n", 5); },
    [] { return std::string("no header at all\r\njust lines\r\n"); },
    lying_length_and_charset,
    [] { return text_header + "\r\n" + std::string(10 * million, 'a'); },
    [] { return std::string(10 * million, 'h'); },
    [] { return text_header + repeated("X-Field: value\r\n", 100'000) + "\r\nend\r\n"; },
    with_only_crs,
}};

} // namespace

TEST_CASE("a hostile mailbox: every message is filed, in bounded memory") {
    const TemporaryDirectory dir;
    const bool on_server = GENERATE(true, false);
    const std::string user = Dovecot::new_user();
    const Scene scene = on_server ? imap_scene(dir, Dovecot::with(), user) : maildir_scene(dir, user);
    for (const auto& make : hostile_messages) deliver(scene.maildir, {make()});
    deliver(scene.maildir, {bounce_message("1", "ann@example.org", "5.1.1", "550 5.1.1 User unknown")});
    const std::size_t delivered = hostile_messages.size() + 1;

    const Finished finished = scene.nixie({"run", "--once"});
    INFO(finished.out << finished.err);
    CHECK(finished.exit_code == 0);
    CHECK(finished.err == "");
    std::size_t filed = 0;
    for (const auto& [folder, count] : message_counts(scene.maildir)) {
        CHECK(folder != "");
        CHECK(folder != ".Bounces.quarantine");
        filed += count;
    }
    CHECK(filed == delivered);
    CHECK(scene.rows("SELECT stage, count(*) FROM messages GROUP BY stage") ==
          "filed " + std::to_string(delivered) + "\n");
    CHECK(scene.rows("SELECT address, state FROM recipients WHERE address = 'ann@example.org'") ==
          "ann@example.org suppressed\n");
    if (memory_is_ordinary) CHECK(finished.max_rss_kib < 64 * 1024);
}
