#include <catch2/catch.hpp>

#include "nixie/message.hpp"

using namespace nixie;

namespace {

std::string with_line_ends(const std::string& text, const std::string& end) {
    std::string out;
    for (const char c : text) out += c == '\n' ? end : std::string(1, c);
    return out;
}

/// "type(text) …", indented by depth; a line a part.
std::string outline(const Message& message) {
    std::string out;
    for (const Part& part : message.parts) {
        out += std::string(static_cast<std::size_t>(part.depth), ' ') + part.type;
        if (!part.text.empty()) out += " [" + part.text + "]";
        out += "\n";
    }
    return out;
}

const std::string report =
    "From: MAILER-DAEMON@mx.example.net\n"
    "Subject: =?utf-8?Q?Zur=C3=BCck?=\n"
    " an Absender\n"
    "Content-Type: multipart/report; report-type=Delivery-Status;\n"
    "\tboundary=\"b1\"\n"
    "\n"
    "preamble\n"
    "--b1\n"
    "\n"
    "It failed.\n"
    "--b1\n"
    "Content-Type: message/delivery-status\n"
    "\n"
    "Reporting-MTA: dns; mx.example.net\n"
    "\n"
    "Action: failed\n"
    "--b1\n"
    "Content-Type: message/rfc822\n"
    "\n"
    "Subject: hello\n"
    "Content-Type: multipart/mixed; boundary=b2\n"
    "\n"
    "--b2\n"
    "Content-Type: text/html; charset=iso-8859-1\n"
    "\n"
    "<p>gr\xFC\xDF</p>\n"
    "--b2\n"
    "Content-Type: image/png; name=\"a.png\"\n"
    "Content-Transfer-Encoding: base64\n"
    "\n"
    "aGVsbG8=\n"
    "--b2--\n"
    "--b1--\n"
    "epilogue\n";

} // namespace

TEST_CASE("message: a report is flattened in its order, whatever ends its lines") {
    const auto [end, defects] = GENERATE(table<std::string, std::vector<Defect>>(
        {{"\n", {}}, {"\r\n", {}}, {"\r", {Defect::bare_cr}}, {"\r\r\n", {Defect::bare_cr}}}));
    const Message message = parse_message(with_line_ends(report, end));
    CHECK(outline(message) ==
          "multipart/report\n"
          " text/plain [It failed.]\n"
          " message/delivery-status [Reporting-MTA: dns; mx.example.net\n\nAction: failed]\n"
          " message/rfc822\n"
          "  multipart/mixed\n"
          "   text/html [grüß\n]\n"
          "   image/png\n");
    CHECK(message.defects == defects);
    CHECK(message.headers().get("subject") == "Zurück an Absender");
    CHECK(message.parts[0].report_type == "delivery-status");
    CHECK(message.parts[5].charset == "iso-8859-1");
    CHECK(message.parts[6].filename == "a.png");
    CHECK(message.parts[6].size == 5);
    CHECK(message.parts[6].parent == 4);
    CHECK(message.parts[4].parent == 3);
}

TEST_CASE("message: what stands before the header is passed over") {
    const auto front = GENERATE(as<std::string>{}, "", "\n\r\n \n", "From MAILER-DAEMON Sat Nov 21 23:55:00 2026\n",
                                "\nFrom x\n\n", "\xEF\xBB\xBF");
    const Message message = parse_message(front + "Subject: a\n\nb\n");
    CHECK(message.headers().get("Subject") == "a");
    CHECK(message.parts[0].text == "b\n");
    CHECK(message.defects.empty());
}

TEST_CASE("message: defects of the whole") {
    const auto [bytes, text, defects] = GENERATE(table<std::string, std::string, std::vector<Defect>>({
        {"", "", {Defect::empty_message}},
        {" \n\t\r\n", "", {Defect::empty_message}},
        {"\r", "", {Defect::bare_cr, Defect::empty_message}},
        {std::string(3, '\0'), "", {Defect::nul_bytes, Defect::empty_message}},
        {"just text\nSubject: no\n", "just text\nSubject: no\n", {Defect::no_header}},
        {" continued\n\nx", " continued\n\nx", {Defect::no_header}},
        {std::string("Sub\0ject: a\n\nb\0c", 16), "bc", {Defect::nul_bytes}},
        {"A: b\n\ngr\xC3\xBC", "grü", {}},
        {"A: gr\xFC\n\nx", "x", {Defect::raw_8bit_header}},
    }));
    CAPTURE(bytes);
    const Message message = parse_message(bytes);
    CHECK(message.parts.size() == 1);
    CHECK(message.parts[0].type == "text/plain");
    CHECK(message.parts[0].text == text);
    CHECK(message.defects == defects);
    CHECK(message.size == bytes.size());
}

TEST_CASE("message: bytes over the limit are cut and that is recorded") {
    Limits limits;
    limits.bytes = 10;
    const Message message = parse_message("A: b\n\n1234567890", limits);
    CHECK(message.parts[0].text == "1234");
    CHECK(message.has(Defect::truncated));
    CHECK(message.size == 16);
}

TEST_CASE("message: every defect has its own name") {
    std::vector<std::string_view> names;
    for (int i = 0; i <= static_cast<int>(Defect::raw_8bit_header); ++i) {
        const std::string_view one = name(static_cast<Defect>(i));
        CHECK_FALSE(one.empty());
        CHECK(std::find(names.begin(), names.end(), one) == names.end());
        names.push_back(one);
    }
}

TEST_CASE("headers: fields as they were meant") {
    const auto [bytes, expected] = GENERATE(table<std::string, std::string>({
        {"X: a\n\n", "a"},
        {"X : a\n\n", "a"},
        {"X:a", "a"},
        {"X:\n a\n\tb  c \n\n", "a b  c"},
        {"X:\n\n", ""},
        {"X: =?utf-8?Q?a?=\n =?utf-8?Q?b?=\n\n", "ab"},
        {"X: gr\xFC\n\n", "grü"},
        {"X: gr\xC3\xBC\n\n", "grü"},
        {">From someone\nX: a\n\n", "a"},
        {"x: a\nX: b\n\n", "a"},
    }));
    CAPTURE(bytes);
    const Message message = parse_message(bytes);
    REQUIRE(message.headers().find("x"));
    CHECK(message.headers().get("x") == expected);
}

TEST_CASE("headers: a line that is no field ends them and is body") {
    const Message message = parse_message("Subject: a\nHello there\nX: b\n");
    CHECK(message.headers().fields().size() == 1);
    CHECK(message.parts[0].text == "Hello there\nX: b\n");
}

TEST_CASE("headers: a name without value is told from no field") {
    const Message message = parse_message("X:\n\n");
    CHECK(message.headers().find("X"));
    CHECK_FALSE(message.headers().find("Y"));
    CHECK(message.headers().get("Y").empty());
}
