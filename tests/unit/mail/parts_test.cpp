#include <catch2/catch.hpp>

#include "nixie/message.hpp"

using namespace nixie;

namespace {

std::string outline(const Message& message) {
    std::string out;
    for (const Part& part : message.parts) {
        out += std::string(static_cast<std::size_t>(part.depth), ' ') + part.type;
        if (!part.text.empty()) out += " [" + part.text + "]";
        out += "; ";
    }
    return out;
}

std::string repeated(const std::string& unit, std::size_t times) {
    std::string out;
    for (std::size_t i = 0; i < times; ++i) out += unit;
    return out;
}

/// For messages larger than is read by default.
const Limits whole{.bytes = 32 * 1024 * 1024};

const std::string mixed = "Content-Type: multipart/mixed; boundary=a\n\n";

} // namespace

TEST_CASE("parts: no text is lost when boundaries are missing, wrong or doubled") {
    const auto [bytes, expected] = GENERATE(table<std::string, std::string>({
        {"Content-Type: multipart/mixed\n\n--a\n\nx\n--a--\n", "multipart/mixed [--a\n\nx\n--a--\n]; "},
        {"Content-Type: multipart/mixed; boundary=\"\"\n\n--\nx\n", "multipart/mixed [--\nx\n]; "},
        {mixed + "--b\n\nx\n--b--\n", "multipart/mixed [--b\n\nx\n--b--\n]; "},
        {mixed + "only a preamble\n--a--\n", "multipart/mixed [only a preamble\n--a--\n]; "},
        {mixed + "told\n--a\nContent-Type: image/png\n\nx\n--a--\n", "multipart/mixed [told];  image/png; "},
        {mixed + "--a\n\nnever ended\n", "multipart/mixed;  text/plain [never ended\n]; "},
        {mixed + "--a\n\nx\n--a--\n--a\n\ny\n", "multipart/mixed;  text/plain [x];  text/plain [y\n]; "},
        {mixed + "--a\n\nx --a\n --a\n--ab\n", "multipart/mixed;  text/plain [x --a\n --a\n--ab\n]; "},
        {mixed + "--a \t\n\nx\n--a-- \n", "multipart/mixed;  text/plain [x]; "},
        {mixed + "--a\n--a\nText without header\n--a--",
         "multipart/mixed;  text/plain;  text/plain [Text without header]; "},
        {"Content-Type: multipart/mixed; boundary=\"a:b\"\n\n--a:b\nX: y\n--a:b\n\nz\n--a:b--\n",
         "multipart/mixed;  text/plain;  text/plain [z]; "},
    }));
    CAPTURE(bytes);
    CHECK(outline(parse_message(bytes)) == expected);
}

TEST_CASE("parts: a multipart that never ends stops where the outer one goes on") {
    const std::string inner = "Content-Type: multipart/alternative; boundary=ab\n\n";
    const auto [bytes, expected] = GENERATE_COPY(table<std::string, std::string>({
        {mixed + "--a\n" + inner + "--ab\n\nx\n--a\n\ny\n--a--\n",
         "multipart/mixed;  multipart/alternative;   text/plain [x];  text/plain [y]; "},
        // The outer boundary is the beginning of the inner one, and the other way round.
        {mixed + "--a\n" + inner + "--ab\n\nx\n--ab--\n--a\n\ny\n--a--\n",
         "multipart/mixed;  multipart/alternative;   text/plain [x];  text/plain [y]; "},
        {"Content-Type: multipart/mixed; boundary=abc\n\n--abc\n" + inner + "--ab\n\nx\n--ab--\n--abc\n\ny\n--abc--\n",
         "multipart/mixed;  multipart/alternative;   text/plain [x];  text/plain [y]; "},
        {mixed + "--a\n" + mixed + "--a\n\nx\n--a--\n--a\n\ny\n--a--\n",
         "multipart/mixed;  multipart/mixed;   text/plain [x];  text/plain [y]; "},
    }));
    CAPTURE(bytes);
    CHECK(outline(parse_message(bytes)) == expected);
}

TEST_CASE("parts: a boundary that is missing or never ends is recorded") {
    const auto [bytes, recorded] = GENERATE(table<std::string, bool>({
        {mixed + "--a\n\nx\n--a--\n", false},
        {mixed + "--a\n\nx\n", true},
        {mixed + "x\n", true},
        {"Content-Type: multipart/mixed\n\nx\n", true},
        {"Content-Type: text/plain; boundary=a\n\nx\n", false},
    }));
    CAPTURE(bytes);
    CHECK(parse_message(bytes).has(Defect::missing_boundary) == recorded);
}

TEST_CASE("parts: embedded messages are opened, encoded or not") {
    const auto [header, body, expected] = GENERATE(table<std::string, std::string, std::string>({
        {"message/rfc822\n", "Subject: s\n\nx\n", "message/rfc822;  text/plain [x\n]; "},
        {"message/global\n", "Subject: s\n\nx\n", "message/global;  text/plain [x\n]; "},
        {"message/rfc822\n", "\n\nSubject: s\n\nx\n", "message/rfc822;  text/plain [x\n]; "},
        {"message/rfc822\n", "From a@example.com Sat\nSubject: s\n\nx\n", "message/rfc822;  text/plain [x\n]; "},
        {"message/rfc822\n", "", "message/rfc822;  text/plain; "},
        {"message/rfc822\nContent-Transfer-Encoding: base64\n", "U3ViamVjdDogcwoKeAo=\n",
         "message/rfc822;  text/plain [x\n]; "},
        {"message/rfc822\nContent-Transfer-Encoding: base64\n", "Subject: s\n\nx\n",
         "message/rfc822;  text/plain [x\n]; "},
        {"message/global\nContent-Transfer-Encoding: quoted-printable\n", "Subject: =\ns\n\n=78\n",
         "message/global;  text/plain [x\n]; "},
        {"message/delivery-status\nContent-Transfer-Encoding: base64\n", "QWN0aW9uOiBmYWlsZWQK",
         "message/delivery-status [Action: failed\n]; "},
        {"message/feedback-report\n", "Feedback-Type: abuse\n", "message/feedback-report [Feedback-Type: abuse\n]; "},
        {"text/rfc822-headers\n", "Subject: s\n", "text/rfc822-headers [Subject: s\n]; "},
        {"message/global-headers\n", "Subject: s\n", "message/global-headers [Subject: s\n]; "},
        {"application/pdf\n", "x", "application/pdf; "},
        {"nonsense\n", "x", "text/plain [x]; "},
    }));
    CAPTURE(header, body);
    const Message message = parse_message("Content-Type: " + header + "\n" + body);
    CHECK(outline(message) == expected);
    if (message.parts.size() == 2 && !body.empty()) CHECK(message.parts[1].headers.get("Subject") == "s");
}

TEST_CASE("parts: a digest holds messages unless it says otherwise") {
    const Message message =
        parse_message("Content-Type: multipart/digest; boundary=a\n\n--a\n\nSubject: s\n\nx\n--a--\n");
    CHECK(outline(message) == "multipart/digest;  message/rfc822;   text/plain [x]; ");
}

TEST_CASE("parts: encoded text is decoded, its line ends are LF") {
    const Message message =
        parse_message("Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\nYQ0KYg1jAGQ=\n");
    CHECK(message.parts[0].text == "a\nb\ncd");
    CHECK(message.parts[0].size == 8);
}

TEST_CASE("parts: nested messages end at the limit of containers, and what is inside the last is its text") {
    const Message message = parse_message(repeated("Content-Type: message/rfc822\n\n", 100'000), whole);
    CHECK(message.parts.size() == 201);
    CHECK(message.parts.back().depth == 200);
    CHECK(message.parts.back().type == "message/rfc822");
    CHECK(message.parts.back().text.size() == (100'000 - 201) * 30);
    CHECK(message.has(Defect::too_many_parts));
}

TEST_CASE("parts: nested multiparts end at the limit of containers") {
    std::string bytes;
    for (int i = 0; i < 5'000; ++i) {
        const std::string boundary = std::to_string(i);
        bytes += "Content-Type: multipart/mixed; boundary=" + boundary + "\n\n--" + boundary + "\n";
    }
    const Message message = parse_message(bytes);
    CHECK(message.parts.size() == 201);
    CHECK(message.has(Defect::too_many_parts));
    CHECK(message.has(Defect::missing_boundary));
}

TEST_CASE("parts: encoded messages inside each other end at a depth") {
    std::string bytes = "Subject: innermost\n\nx\n";
    for (int i = 0; i < 50; ++i)
        bytes = "Content-Type: message/rfc822\nContent-Transfer-Encoding: quoted-printable\n\n" + bytes;
    const Message message = parse_message(bytes);
    CHECK(message.parts.size() == 4);
    CHECK(message.parts.back().text.find("innermost") != std::string::npos);
}

TEST_CASE("parts: those after the limit are left out, not added to the last") {
    Limits limits = whole;
    limits.parts = 4;
    const Message message = parse_message(mixed + repeated("--a\n\nx\n", 100'000), limits);
    CHECK(outline(message) == "multipart/mixed;  text/plain [x];  text/plain [x];  text/plain [x]; ");
    CHECK(message.has(Defect::too_many_parts));
}

TEST_CASE("headers: fields after the limit are left out") {
    const Message message = parse_message(repeated("X: y\n", 1'000'000) + "\nbody", whole);
    CHECK(message.headers().fields().size() == 2000);
    CHECK(message.parts[0].text == "body");
    CHECK(message.defects == std::vector<Defect>{Defect::too_many_fields});
}

TEST_CASE("headers: a field of megabytes is cut") {
    const auto unit = GENERATE(as<std::string>{}, "xxxxxxxxx", "\n xxxxxxx", "=?a?q?=?=", "; a*0*=\"x", "(((((((((");
    const Message message = parse_message("Content-Type: " + repeated(unit, 1'000'000) + "\nX: y\n\nbody", whole);
    CHECK(message.has(Defect::truncated));
    CHECK(message.headers().fields().front().value.size() <= 16 * 1024);
    CHECK(message.headers().get("X") == "y");
    CHECK(message.parts[0].text == "body");
}

TEST_CASE("message: one line of ten megabytes is text") {
    const std::string line(10'000'000, '-');
    const Message message = parse_message(line, whole);
    CHECK(message.parts[0].text == line);
    CHECK(message.defects == std::vector<Defect>{Defect::no_header});
    CHECK(parse_message(mixed + line, whole).parts[0].text == line);
}
