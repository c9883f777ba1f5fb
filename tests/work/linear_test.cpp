// Whatever a message is made of, judging twice as much of it costs twice as much, and never much for each byte.
#include <catch2/catch.hpp>

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "nixie/judge.hpp"
#include "work/counter.hpp"

using namespace nixie;

namespace {

constexpr Limits no_limits{.bytes = 1U << 30, .containers = 1U << 20, .parts = 1U << 20, .fields = 1U << 20};
constexpr std::size_t some = 128 * 1024;

/// What one byte may cost: several times what it does cost in the dearest shape.
constexpr std::uint64_t most_work = 3'000;
constexpr std::uint64_t most_memory = 250;

const Judge& judge() {
    static const Judge built_in = Judge::built_in();
    return built_in;
}

Cost cost_of_judging(const std::string& bytes, const Limits& limits = {}) {
    return cost_of([&] { return judge()(bytes, limits); });
}

/// A message whose size can be chosen: `unit`, with %d counting, as often as it takes.
struct Shape {
    std::string name;
    std::string before;
    std::string unit;
    std::string after;
};

std::string made(const Shape& shape, std::size_t size) {
    std::string out = shape.before;
    for (int number = 0; out.size() < size; ++number) {
        auto unit = shape.unit;
        for (auto at = unit.find("%d"); at != std::string::npos; at = unit.find("%d"))
            unit.replace(at, 2, std::to_string(number));
        out += unit;
    }
    return out + shape.after;
}

const std::string from = "From: MAILER-DAEMON@example.org\nSubject: Undelivered Mail Returned to Sender\n";
const std::string plain = from + "\nYour message could not be delivered to the following recipients:\n\n";
const std::string html = from + "Content-Type: text/html\n\n";
const std::string report = from +
                           "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\n"
                           "It could not be delivered.\n\n--b\nContent-Type: message/delivery-status\n\n"
                           "Reporting-MTA: dns; mx.example.org\n\n";
const std::string failed =
    "Final-Recipient: rfc822; user@example.com\nAction: failed\nStatus: 5.1.1\n"
    "Diagnostic-Code: smtp; 550 5.1.1 no such user\n\n";

const std::vector<Shape> shapes{
    {"embedded messages", from, "Content-Type: message/rfc822\n\n", ""},
    {"embedded multiparts", from, "Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n", ""},
    {"embedded multiparts of one boundary", from, "Content-Type: multipart/mixed; boundary=b\n\n--b\n", ""},
    {"parts", from + "Content-Type: multipart/mixed; boundary=b\n\n", "--b\n\nx\n", ""},
    {"boundaries of nobody", from + "Content-Type: multipart/mixed; boundary=b\n\n", "--c\n", ""},
    {"fields", "", "X-%d: user%d@example.org\n", ""},
    {"fields of a report's names", "", "To: user%d@example.org\nReceived: from a by b\n", ""},
    {"one field of many lines", "Subject: x\n", " undelivered\n", ""},
    {"encoded words", "Subject: x\n", " =?utf-8?q?x?=\n", ""},
    {"beginnings of encoded words", "Subject: x\n", " =?=?\n", ""},
    {"comments", "Content-Type: ", "(", ""},
    {"parameters", "Content-Type: text/plain", "; a%d=b", ""},
    {"continued parameters", "Content-Type: text/plain", "; a*%d*=b", ""},
    {"one line", plain, "user ", ""},
    {"one line of addresses", plain, "user%d@example.com ", ""},
    {"one line of at signs", plain, "a@", ""},
    {"one line of replies", plain, "550 5.1.1 ", ""},
    {"one line of brackets", plain, "<", ""},
    {"empty lines", plain, "\n", ""},
    {"lines of blanks", plain, "    \n", ""},
    {"lines of one letter", plain, "a\n", ""},
    {"bare CRs", plain, "a\r", ""},
    {"recipients in prose", plain, "<user%d@example.com>: 550 5.1.1 no such user\n", ""},
    {"recipients without a reply", plain, "user%d@example.com\n", ""},
    {"the same recipient", plain, "<user@example.com>: host said 550 %d\n", ""},
    {"quoted lines", plain, "> ", ""},
    {"dashes", plain, "-----\n", ""},
    {"markers of a returned message", plain, "--- Below this line is a copy of the message.\n", ""},
    {"details of nobody", plain, "Diagnostic information for administrators:\n", ""},
    {"tags", html, "<b>x</b>", ""},
    {"beginnings of tags", html, "<a ", ""},
    {"beginnings of comments", html, "<!--", ""},
    {"scripts", html, "<script>", ""},
    {"entities", html, "&#", ""},
    {"recipients in fields", report, "Final-Recipient: rfc822; user%d@example.com\nAction: failed\n\n", "\n--b--\n"},
    {"one recipient, many fields", report + failed, "Diagnostic-Code: smtp; 550 x\n", "\n--b--\n"},
    {"fields on one line", report + failed, " Status: 5.1.1", "\n--b--\n"},
    {"one diagnostic", report + failed + "Diagnostic-Code: smtp; 550", " no such user\n", "\n--b--\n"},
    {"base64", from + "Content-Transfer-Encoding: base64\n\n", "dXNlckBl\n", ""},
    {"padding of base64", from + "Content-Transfer-Encoding: base64\n\n", "d=", ""},
    {"quoted-printable", from + "Content-Transfer-Encoding: quoted-printable\n\n", "=41=\n", ""},
    {"encoded messages", from, "Content-Type: message/rfc822\nContent-Transfer-Encoding: quoted-printable\n\n", ""},
    {"Japanese", from + "Content-Type: text/plain; charset=iso-2022-jp\n\n", "\x1b$B!!\x1b(B", ""},
    {"broken UTF-8", plain, "\xC3", ""},
    {"letters of other scripts", plain, "\xE2\x84\xAA\xC5\xBF ", ""},
};

} // namespace

TEST_CASE("judging: twice as much of anything costs twice as much") {
    for (const auto& shape : shapes) {
        const auto once = made(shape, some);
        const auto twice = made(shape, 2 * some);
        cost_of_judging(once, no_limits); // what is made once is made now
        const Cost cost = cost_of_judging(once, no_limits);
        const Cost doubled = cost_of_judging(twice, no_limits);
        INFO(shape.name << ": work " << cost.work / once.size() << " a byte, then " << doubled.work / twice.size()
                        << "; memory " << cost.peak / once.size() << " a byte, then " << doubled.peak / twice.size());
        CHECK(doubled.work < cost.work * 5 / 2);
        CHECK(doubled.work < most_work * twice.size());
        CHECK(doubled.peak < cost.peak * 5 / 2 + some);
        CHECK(doubled.peak < most_memory * twice.size());
        CHECK(cost.work > once.size() / 10); // the counter counts
    }
}

TEST_CASE("judging: a verdict is given from what was read, however much follows") {
    for (const auto& shape : shapes) {
        if (shape.before.find(report) == std::string::npos) continue;
        const auto judgement = judge()(made(shape, 4 * some));
        INFO(shape.name);
        REQUIRE_FALSE(judgement.report.recipients.empty());
        CHECK(judgement.report.kind == Kind::bounce);
        CHECK(judgement.report.recipients.front().address.text.ends_with("@example.com"));
    }
    for (const std::string noise : {"\n--b\nContent-Type: message/rfc822\n\n", "\n--b\n\n", "\n", "x"}) {
        std::string bytes = report + failed;
        while (bytes.size() < 4 * some) bytes += noise;
        const auto judgement = judge()(bytes);
        INFO(noise);
        REQUIRE(judgement.verdicts.size() == 1);
        CHECK(judgement.verdicts.front().reason == Reason::user_unknown);
    }
}

TEST_CASE("judging: what is beyond the limits costs nothing but a look") {
    const Shape& letters = shapes.back();
    const auto cut = made(letters, Limits{}.bytes);
    const auto whole = made(letters, 16 * Limits{}.bytes);
    cost_of_judging(cut);
    const Cost cost = cost_of_judging(cut);
    const Cost more = cost_of_judging(whole);
    CHECK(more.work < cost.work * 11 / 10);
}
