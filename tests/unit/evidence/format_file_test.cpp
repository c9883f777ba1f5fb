// What a format file may hold, and what its errors say.
#include <catch2/catch.hpp>

#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "evidence/format.hpp"
#include "nixie/report.hpp"

using namespace nixie;

namespace {

const std::string good = R"([[format]]
id = "x"
source = "nobody"
when = [{ text = 'XYZZY' }]
recipient = ['^(?P<address>\S+@\S+)$']
[[format.examples]]
text = "XYZZY"
)";

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    return text.replace(text.find(from), from.size(), to);
}

} // namespace

TEST_CASE("load_formats: errors name file, line and cause") {
    const auto [text, where, what] = GENERATE(table<std::string, std::string, std::string>({
        {"[[format]\n", "a.toml:1", ""},
        {replaced(good, "id = \"x\"", "id = \"\""), "a.toml:1", "'id' is missing"},
        {replaced(good, "source", "sauce"), "a.toml:3", "unknown key 'sauce'"},
        {replaced(good, "XYZZY' }", "(' }"), "a.toml:4", "does not compile"},
        {replaced(good, "<address>", "<where>"), "a.toml:5", "unknown group 'where'"},
        {replaced(good, "?P<address>", ""), "a.toml:1", "group 'address'"},
        {replaced(good, "[[format.examples]]\ntext = \"XYZZY\"", ""), "a.toml:1", "no example"},
        {good + "follow = \"me\"\n", "a.toml:8", "unknown key 'follow'"},
        {good + good, "a.toml:8", "is taken"},
        {replaced(good, "recipient", "command = \"EAT\"\nrecipient"), "a.toml:1", "'command' cannot be 'EAT'"},
        {"[[kind]]\nid = \"k\"\nkind = \"lunch\"\n", "a.toml:1", "there is no kind 'lunch'"},
        {"[[kind]]\nid = \"k\"\nkind = \"bounce\"\n", "a.toml:1", "needs 'when'"},
    }));
    INFO(text);
    const auto formats = load_formats({{"a.toml", text}});
    REQUIRE_FALSE(formats.ok());
    CHECK(formats.error().code == ErrorCode::config);
    CHECK(formats.error().where == where);
    CHECK(formats.error().what.find(what) != std::string::npos);
}

TEST_CASE("read_formats: every faulty table is told, and a taken id names both places") {
    std::vector<Error> errors;
    read_formats({{{"a.toml", replaced(good, "XYZZY' }", "(' }") + replaced(good, "source", "sauce")}},
                  {{"b.toml", good}},
                  {{"c.toml", good + "[[rule]]\n"}, true},
                  {{"d.toml", "[[rule]]\n"}}},
                 errors);
    REQUIRE(errors.size() == 4);
    CHECK(errors[0].where == "a.toml:4");
    CHECK(errors[1].where == "a.toml:10");
    CHECK(errors[2].where == "c.toml:1");
    CHECK_THAT(errors[2].remedy, Catch::Contains("b.toml:1"));
    CHECK(errors[3].where == "d.toml:1");
}

TEST_CASE("Formats: one's own come before the built-in ones") {
    const auto directory = std::filesystem::temp_directory_path() / ("nixie-own-" + std::to_string(getpid()));
    std::filesystem::create_directories(directory);
    std::ofstream(directory / "own.toml") << replaced(good, "XYZZY' }", "^This is the mail system at host' }");
    const auto formats = Formats::with_own(directory.string());
    std::filesystem::remove_all(directory);
    REQUIRE(formats.ok());
    const auto letter = [](const std::string& first) {
        return parse_message("From: MAILER-DAEMON@example.com\n\n" + first + "\nuser@example.org\nwent away\n");
    };
    CHECK(read_report(letter("This is the mail system at host mx.example.com."), *formats).format == "x");
    CHECK(read_report(parse_message("From: MAILER-DAEMON@example.com\n\nDelivery to the following recipient failed "
                                    "permanently:\n\n     user@example.org\n"),
                      *formats)
              .format == "google");
}

TEST_CASE("Formats: a directory's own format is read like the built-in ones") {
    const auto directory = std::filesystem::temp_directory_path() / ("nixie-formats-" + std::to_string(getpid()));
    std::filesystem::create_directories(directory);
    std::ofstream(directory / "own.toml") << good;
    const auto formats = Formats::from_directory(directory.string());
    std::filesystem::remove_all(directory);
    REQUIRE(formats.ok());
    const Report report = read_report(parse_message("Subject: s\n\nXYZZY\nuser@example.org\nwent away\n"), *formats);
    CHECK(report.format == "x");
    REQUIRE(report.recipients.size() == 1);
    CHECK(report.recipients[0].diagnostic.text == "went away");
}

TEST_CASE("Formats: a directory that is not there is an error") {
    CHECK(Formats::from_directory("/nonexistent/formats").error().code == ErrorCode::input);
}
