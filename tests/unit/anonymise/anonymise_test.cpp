#include <catch2/catch.hpp>

#include "anonymise/anonymise.hpp"
#include "base/text.hpp"

using namespace nixie;

namespace {

const Judge& judge() {
    static const Judge out = Judge::built_in();
    return out;
}

std::string anonymous(const std::string& bytes) { return anonymise(bytes, judge()).bytes; }

/// What of `body` is left in a plain message.
std::string body_of(const std::string& body) {
    const std::string out = anonymous("From: a@example.net\n\n" + body);
    return out.substr(out.find("\n\n") + 2);
}

} // namespace

TEST_CASE("anonymise: the same name has the same stand-in throughout a message") {
    CHECK(body_of("<Ann@Mail.Acme.co.uk> ann@mail.acme.co.uk, bob@acme.co.uk: no user ann") ==
          "<user2@mail.d2.example> user2@mail.d2.example, user3@d2.example: no user user2");
}

TEST_CASE("anonymise: what is private goes, what decides stays") {
    const auto [text, expected] = GENERATE(table<std::string, std::string>({
        {"host mx3.acme.org[10.1.2.3] said: 550 5.1.1", "host mx3.d2.example[192.0.2.1] said: 550 5.1.1"},
        {"from fe80::1:2 at 12:30:45", "from 2001:db8::1 at 12:30:45"},
        {"refused by 127.0.0.2 and localhost", "refused by 127.0.0.2 and localhost"},
        {"joe@gmail.com at gmail-smtp-in.l.google.com", "user2@gmail.com at gmail-smtp-in.l.google.com"},
        {"acme-com.mail.protection.outlook.com", "h1.mail.protection.outlook.com"},
        {"<postmaster@acme.org>", "<postmaster@d2.example>"},
        {"bounces+joe=acme.org@example.net", "bounces+user2=d2.example@d1.example"},
        {"listed at zen.spamhaus.org", "listed at zen.spamhaus.org"},
        {"blocked using bl.blocklist.acme.org", "blocked using bl.hblocklist1.d2.example"},
        {"from mail.docomo.acme.org and yahoo.com.ar", "from mail.docomo.d2.example and yahoo.com.ar"},
        {"mailbox disabled.It is", "mailbox disabled.It is"},
        {"S3150 windows-1252 2026-11-22T10:00:00", "S3150 windows-1252 2026-11-22T10:00:00"},
    }));
    CHECK(body_of(text) == expected);
}

TEST_CASE("anonymise: ids and telephone numbers keep their shape only") {
    const std::string out = body_of("queued as 4Zx81hJq0Wz2 call +49 30 1234567 or 555-123-4567");
    CHECK(out.size() == std::string("queued as 4Zx81hJq0Wz2 call +49 30 1234567 or 555-123-4567").size());
    for (const std::string_view gone : {"4Zx81hJq0Wz2", "1234567", "555-123"})
        CHECK(out.find(gone) == std::string::npos);
    CHECK(out.substr(0, 10) == "queued as ");
}

TEST_CASE("anonymise: a name under an encoding goes too, and the encoding stays") {
    // "To: ann@acme.org" in base64; the same in quoted-printable and as an encoded word.
    const std::string base64 =
        anonymous("From: x@example.net\nContent-Transfer-Encoding: base64\n\nVG86IGFubkBhY21lLm9yZw==\n");
    CHECK_THAT(base64, Catch::EndsWith("base64\n\nVG86IHVzZXIyQGQyLmV4YW1wbGU=\n"));
    const std::string quoted =
        anonymous("From: x@example.net\nContent-Transfer-Encoding: quoted-printable\n\nTo: ann=40acme=2Eorg, J=3D1\n");
    CHECK_THAT(quoted, Catch::EndsWith("quoted-printable\n\nTo: user2@d2.example, J=3D1\n"));
    const std::string word = anonymous("From: =?UTF-8?Q?J=C3=BCrgen?= <j@acme.org>\n\nJürgen is away\n");
    CHECK(word == "From: Name1 <user1@d1.example>\n\nName1 is away\n");
    CHECK(body_of("&#97;nn&#64;acme.org") == "user2@d2.example");
}

TEST_CASE("anonymise: another charset becomes UTF-8, and says so") {
    const std::string out = anonymous(
        "From: Käthe <k@acme.org>\nContent-Type: text/plain; charset=\"iso-8859-1\"\n"
        "Content-Transfer-Encoding: 7bit\n\nFrau K\xE4the ist fort\n");
    CHECK_THAT(out, Catch::Contains("charset=\"utf-8\"\nContent-Transfer-Encoding: 8bit\n\nFrau Name1 ist fort\n"));
}

TEST_CASE("anonymise: a returned message keeps its shape, and nothing of what it said") {
    const std::string report =
        "From: MAILER-DAEMON@mail.acme.org\r\nContent-Type: multipart/report; boundary=\"q/mail.acme.org\"\r\n\r\n"
        "--q/mail.acme.org\r\n\r\nno such user: <ann@acme.org>\r\n"
        "--q/mail.acme.org\r\nContent-Type: message/rfc822\r\n\r\n"
        "From: Ann Other <other@acme.org>\r\nSubject: Our secret plan\r\nX-Key: hidden\r\n"
        "Content-Type: multipart/mixed; boundary=in\r\n\r\n--in\r\n\r\nsecret one\r\n"
        "--in\r\nContent-Type: image/png; name=\"plan.png\"\r\n\r\nsecret two\r\n--in--\r\n"
        "--q/mail.acme.org--\r\nOur secret plan\r\n";
    const std::string out = anonymous(report);
    for (const std::string_view gone : {"secret", "hidden", "plan", "acme", "Ann", "Other"})
        CHECK(out.find(gone) == std::string::npos);
    const Message before = parse_message(report), after = parse_message(out);
    REQUIRE(before.parts.size() == after.parts.size());
    for (std::size_t i = 0; i < before.parts.size(); ++i) {
        CHECK(before.parts[i].type == after.parts[i].type);
        CHECK(before.parts[i].parent == after.parts[i].parent);
    }
    CHECK(before.defects == after.defects);
    CHECK_THAT(out, Catch::Contains("file1.png"));
}

TEST_CASE("anonymise: a text without a header loses its names too") {
    CHECK(anonymous("<ann@acme.org>: 550 5.1.1 <ann@acme.org>... User unknown\n") ==
          "<user1@d1.example>: 550 5.1.1 <user1@d1.example>... User unknown\n");
}

TEST_CASE("anonymise: an attachment's content goes, its ending stays") {
    const std::string out = anonymous(
        "From: x@example.net\nContent-Type: application/octet-stream; name=\"Joe's letter.doc.exe\"\n"
        "Content-Transfer-Encoding: base64\n\nc2VjcmV0\n");
    CHECK_THAT(out, Catch::Contains("name=\"file1.doc.exe\""));
    CHECK(parse_message(out).parts[0].size == std::string("[attachment removed]\n").size());
}

TEST_CASE("anonymise: where a name is the deciding word, it stays") {
    const Anonymised result = anonymise(
        "From: MAILER-DAEMON@example.net\nSubject: Undelivered Mail Returned to Sender\n"
        "X-Failed-Recipients: overquota@example.org\n\n"
        "<overquota@example.org>: 552 mailbox is overquota\n",
        judge());
    CHECK(result.difference == "");
}

TEST_CASE("anonymise: hostile input costs what its size costs") {
    const std::string piece =
        GENERATE(as<std::string>{}, "@", "a+", "a=", "--\n", "--x\n", "From: a\n", "<", "=?", "&#", "+1 ", "x@", "\r",
                 "Content-Type: message/rfc822\n\n", "> From: x\n", ".", "1.", ":", "\xC3");
    std::string bytes = "From: x@example.net\nContent-Type: multipart/mixed; boundary=x\n\n";
    while (bytes.size() < 200'000) bytes += piece;
    CHECK(anonymise(bytes, judge()).bytes.size() < 40 * bytes.size());
}
