#include <catch2/catch.hpp>

#include <set>

#include "explain/codes.hpp"

using namespace nixie;

TEST_CASE("parse_codes: nothing but codes") {
    const auto [text, reply, status] = GENERATE(table<std::string, std::string, std::string>({
        {"550", "550", ""},
        {"5.1.1", "", "5.1.1"},
        {"550 5.7.1", "550", "5.7.1"},
        {"550-5.7.1", "550", "5.7.1"},
        {" 550  5.7.1 ", "550", "5.7.1"},
        {"#5.1.1", "", "5.1.1"},
        {"(#5.1.1)", "", "5.1.1"},
        {"x.7.26", "", "X.7.26"},
        {"4.7.28", "", "4.7.28"},
        {"354", "354", ""},
    }));
    INFO(text);
    const auto codes = parse_codes(text);
    REQUIRE(codes);
    CHECK(codes->reply == reply);
    CHECK(codes->status == status);
    CHECK(code_complaint(text).empty());
}

TEST_CASE("parse_codes: a text that says more is none") {
    const auto text = GENERATE(as<std::string>{}, "", " ", "550 no", "user 550", "5.1", "5.1.1.1", "192.0.2.1", "55",
                               "5500", "550.5.1.1", "Mailbox full");
    INFO(text);
    CHECK_FALSE(parse_codes(text));
    CHECK(code_complaint(text).empty());
}

TEST_CASE("code_complaint: the shape of a code without its meaning") {
    const auto [text, what] = GENERATE(table<std::string, std::string>({
        {"9.9.9", "class is 2, 4 or 5"},
        {"3.1.1", "class is 2, 4 or 5"},
        {"5.1.1000", "three digits"},
        {"650", "first digit is 2, 3, 4 or 5"},
        {"050 5.1.1", "first digit"},
        {"550 6.1.1", "6.1.1 is no enhanced status code"},
    }));
    INFO(text);
    CHECK_FALSE(parse_codes(text));
    CHECK_THAT(code_complaint(text), Catch::Contains(what));
}

TEST_CASE("look_up: class, subject and detail of a status, and the reply behind it") {
    const auto meanings = look_up({"550", "5.7.26"}, Registry::built_in());
    REQUIRE(meanings.size() == 2);
    const auto& status = meanings[0];
    REQUIRE(status.of_class != nullptr);
    CHECK(status.of_class->name == "permanent failure");
    REQUIRE(status.of_subject != nullptr);
    CHECK(status.of_subject->code == "X.7");
    REQUIRE(status.of_code != nullptr);
    CHECK(status.of_code->name == "Multiple authentication checks failed");
    CHECK(status.book->as_of == "2024-12-06");
    const auto& reply = meanings[1];
    REQUIRE(reply.of_code != nullptr);
    CHECK(reply.of_code->name == "mailbox unavailable");
    REQUIRE(reply.of_subject != nullptr);
    CHECK(reply.of_subject->name == "mail system");
}

TEST_CASE("look_up: of a code that is not registered, class and subject are told") {
    const auto meanings = look_up({"", "5.7.606"}, Registry::built_in());
    REQUIRE(meanings.size() == 1);
    CHECK(meanings[0].of_code == nullptr);
    REQUIRE(meanings[0].of_subject != nullptr);
    CHECK(meanings[0].of_subject->name == "security or policy");
    const auto none = look_up({"", "5.23.1"}, Registry::built_in());
    CHECK(none[0].of_subject == nullptr);
    CHECK(none[0].of_class != nullptr);
}

TEST_CASE("registry: every code is there once, with its class and subject") {
    const Registry& registry = Registry::built_in();
    CHECK(registry.status.codes.size() == 81);
    std::set<std::string> seen;
    for (const auto* book : {&registry.status, &registry.reply})
        for (const auto& entry : book->codes) {
            INFO(entry.code);
            CHECK(seen.insert(entry.code).second);
            CHECK_FALSE(entry.meaning.empty());
            CHECK_FALSE(entry.action.empty());
        }
    // The details of each subject are numbered without a gap.
    const std::vector<int> details{1, 11, 5, 7, 8, 7, 11, 31};
    for (std::size_t subject = 0; subject < details.size(); ++subject)
        for (int detail = 0; detail < details[subject]; ++detail) {
            const std::string code = "X." + std::to_string(subject) + "." + std::to_string(detail);
            INFO(code);
            CHECK(seen.count(code) == 1);
        }
    for (const auto& entry : registry.reply.codes) {
        INFO(entry.code);
        CHECK(CodeBook::find(registry.reply.classes, entry.code.substr(0, 1)) != nullptr);
        CHECK(CodeBook::find(registry.reply.subjects, std::string("X") + entry.code[1]) != nullptr);
    }
}

TEST_CASE("read_code_book: what is wrong with a file is named with its line") {
    const auto [text, where, what] = GENERATE(table<std::string, std::string, std::string>({
        {"[registry\n", "r.toml:1", ""},
        {"[[class]]\ncode = '5'\n", "r.toml:1", "[registry]"},
        {"[registry]\nname = 'n'\nsource = 's'\n", "r.toml:1", "\"as_of\" is missing"},
    }));
    const auto book = read_code_book({"r.toml", text});
    REQUIRE_FALSE(book.ok());
    CHECK_THAT(book.error().where, Catch::StartsWith("r.toml:"));
    CHECK_THAT(book.error().what, Catch::Contains(what));
}
