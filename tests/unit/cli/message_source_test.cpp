#include <catch2/catch.hpp>

#include "cli/message_source.hpp"
#include "support/temporary_directory.hpp"

using namespace nixie;

namespace {

using Messages = std::vector<std::tuple<std::string, std::size_t, std::string>>;

Messages read_all(const std::string& path, std::size_t max_bytes = 1000) {
    Messages out;
    REQUIRE(read_messages(path, max_bytes, [&](const std::string& file, std::size_t number, const std::string& bytes) {
        out.emplace_back(file, number, bytes);
    }));
    return out;
}

} // namespace

TEST_CASE("message source: a file is one message, also with a From line before it") {
    const TemporaryDirectory dir;
    const auto text = GENERATE(as<std::string>{}, "", "Subject: x\n\nbody",
                               "From me Sat Nov 21 10:00:00 2026\nSubject: x\n\nFrom here on\n",
                               "Subject: x\n\nFrom me Sat Nov 21 10:00:00 2026\nquoted\n");
    const std::string file = dir.write("a.eml", text);
    CHECK(read_all(file) == Messages{{file, 0, text}});
}

TEST_CASE("message source: an mbox file is as many messages as it has From lines after empty lines") {
    const TemporaryDirectory dir;
    const std::string one = "From a Sat Nov 21 10:00:00 2026\nx: 1\n\nbody\n\n";
    const std::string two = "From b Sat Nov 21 10:00:00 2026\r\nx: 2\r\n\r\n";
    const std::string three = "From c Sat Nov 21 10:00:00 2026\nx: 3\n";
    const std::string file = dir.write("mbox", one + two + three);
    CHECK(read_all(file) == Messages{{file, 1, one}, {file, 2, two}, {file, 3, three}});
}

TEST_CASE("message source: of a long message no more is kept than asked for, and one byte") {
    const TemporaryDirectory dir;
    const std::string line(200'000, 'x');
    const std::string file = dir.write("long", "From a 10:00\n" + line + "\n\nFrom b 10:00\n" + line);
    const auto messages = read_all(file, 100);
    REQUIRE(messages.size() == 2);
    CHECK(std::get<2>(messages[0]) == "From a 10:00\n" + std::string(88, 'x'));
    CHECK(std::get<2>(messages[1]).size() == 101);
}

TEST_CASE("message source: a folder is all files below it, in order") {
    const TemporaryDirectory dir;
    const auto b = dir.write("b/2.eml", "2"), a = dir.write("a/1.eml", "1");
    CHECK(read_all(dir.path().string()) == Messages{{a, 0, "1"}, {b, 0, "2"}});
}

TEST_CASE("message source: beside files named *.eml the others are no messages") {
    const TemporaryDirectory dir;
    dir.write("README", "no");
    dir.write("a/1.json", "no");
    const auto message = dir.write("a/1.eml", "1");
    CHECK(read_all(dir.path().string()) == Messages{{message, 0, "1"}});
}

TEST_CASE("message source: of a Maildir only cur and new are read") {
    const TemporaryDirectory dir;
    dir.write("tmp/half", "no");
    dir.write("dovecot.index", "no");
    const auto cur = dir.write("cur/1:2,S", "1"), fresh = dir.write("new/2", "2");
    CHECK(read_all(dir.path().string()) == Messages{{cur, 0, "1"}, {fresh, 0, "2"}});
}

TEST_CASE("message source: a missing path is an error that names it") {
    const auto result = read_messages("/nowhere/at-all", 100, [](const auto&...) {});
    REQUIRE_FALSE(result);
    CHECK(result.error().where == "/nowhere/at-all");
    CHECK(result.error().code == ErrorCode::input);
}
