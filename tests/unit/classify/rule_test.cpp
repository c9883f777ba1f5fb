#include <catch2/catch.hpp>

#include "classify/compiled_rules.hpp"

using namespace nixie;

namespace {

const std::string complete = R"(
[[rule]]
id = "mailbox-full.test"
reason = "mailbox-full"
type = "blocked"
category = "other"
text = ['full', 'over quota']
status = ['5\.2\.2']
command = ['RCPT', '^$']
action = ['failed']
source = "nowhere"
examples = ['552 5.2.2 full']
)";

/// `complete` with one line replaced.
std::string with(const std::string& line, const std::string& instead) {
    std::string out = complete;
    const auto at = out.find(line);
    REQUIRE(at != std::string::npos);
    return out.replace(at, line.size(), instead);
}

Result<std::vector<Rule>> read(const std::string& text) { return read_rules({"rules/x.toml", text}); }

} // namespace

TEST_CASE("read_rules: a rule's keys are read") {
    const auto rules = read(complete);
    REQUIRE(rules.ok());
    REQUIRE(rules->size() == 1);
    const Rule& rule = rules->front();
    CHECK(rule.id == "mailbox-full.test");
    CHECK(rule.where == "rules/x.toml:2");
    CHECK(rule.reason == Reason::mailbox_full);
    CHECK(rule.type == BounceType::blocked);
    CHECK(rule.category == Category::other);
    CHECK(rule.text == std::vector<std::string>{"full", "over quota"});
    CHECK(rule.status == std::vector<std::string>{R"(5\.2\.2)"});
    CHECK(rule.command == std::vector<std::string>{"RCPT", "^$"});
    CHECK(rule.action == std::vector<std::string>{"failed"});
    CHECK(rule.examples == std::vector<std::string>{"552 5.2.2 full"});
}

TEST_CASE("read_rules: what is wrong with a file is named with its line") {
    const auto [line, instead, where, what] = GENERATE(table<std::string, std::string, std::string, std::string>({
        {"type = ", "typ = ", "rules/x.toml:5", "\"typ\""},
        {"mailbox-full\"", "mailbox-ful\"", "rules/x.toml:4", "\"mailbox-ful\" is no reason"},
        {"blocked", "blocky", "rules/x.toml:5", "\"blocky\" is no type"},
        {"other", "else", "rules/x.toml:6", "\"else\" is no category"},
        {"'full'", "'(full'", "rules/x.toml:7", "pattern '(full'"},
        {"'over quota'", "7", "rules/x.toml:7", "is no text"},
        {"['5\\.2\\.2']", "'5.2.2'", "rules/x.toml:8", "is no list"},
        {"examples = ['552 5.2.2 full']", "", "rules/x.toml:2", "no example"},
        {"id = \"mailbox-full.test\"", "", "rules/x.toml:2", "no id"},
        {"reason = \"mailbox-full\"", "", "rules/x.toml:2", "no reason"},
        {"[[rule]]", "[[rules]]", "rules/x.toml:2", "\"rules\" is not known"},
        {"[[rule]]", "[[rule]", "rules/x.toml:2", ""},
    }));
    const auto rules = read(with(line, instead));
    REQUIRE_FALSE(rules.ok());
    CHECK(rules.error().code == ErrorCode::config);
    CHECK(rules.error().where == where);
    CHECK_THAT(rules.error().what, Catch::Contains(what));
}

TEST_CASE("read_rules: a rule without a condition is refused") {
    const auto rules = read("[[rule]]\nid = \"a.b\"\nreason = \"expired\"\nexamples = ['x']\n");
    REQUIRE_FALSE(rules.ok());
    CHECK_THAT(rules.error().what, Catch::Contains("no condition"));
}

TEST_CASE("read_rules: every mistake of a file is told, in the order of its lines") {
    std::vector<Error> errors;
    const auto rules = read_rules({"x.toml", with("full', 'over", "(full', 'over") + with("mailbox-full\"", "lunch\"") +
                                                 "[[rule]]\nid = \"a.b\"\n"},
                                  Besides::nothing, errors);
    CHECK(rules.size() == 3);
    std::vector<std::string> places;
    for (const auto& error : errors) {
        places.push_back(error.where);
        CHECK_FALSE(error.remedy.empty());
    }
    CHECK(places == std::vector<std::string>{"x.toml:7", "x.toml:16", "x.toml:25", "x.toml:25", "x.toml:25"});
}

TEST_CASE("read_rules: tables of formats are passed over only where they may stand") {
    const std::string mixed = complete + "[[format]]\nid = \"acme\"\n";
    CHECK(read_rules({"x.toml", mixed}, Besides::formats).ok());
    CHECK_FALSE(read_rules({"x.toml", mixed}, Besides::nothing).ok());
    const auto neither = read_rules({"x.toml", mixed + "[[lunch]]\n"}, Besides::formats);
    REQUIRE_FALSE(neither.ok());
    CHECK_THAT(neither.error().what, Catch::Contains("lunch"));
}

TEST_CASE("read_rules: the lines of patterns and examples are known") {
    const auto rules = read(complete);
    REQUIRE(rules.ok());
    CHECK(rules->front().lines.text == std::vector<int>{7, 7});
    CHECK(rules->front().lines.examples == std::vector<int>{12});
}

TEST_CASE("compile: a duplicate id names both places") {
    auto rules = read(complete + complete);
    REQUIRE(rules.ok());
    const auto compiled = Rules::Impl::compile(*rules);
    REQUIRE_FALSE(compiled.ok());
    CHECK(compiled.error().where == "rules/x.toml:14");
    CHECK_THAT(compiled.error().remedy, Catch::Contains("rules/x.toml:2"));
}

TEST_CASE("from_directory: a folder that is not there is an error") {
    const auto rules = Rules::from_directory("/nonexistent/rules");
    REQUIRE_FALSE(rules.ok());
    CHECK(rules.error().code == ErrorCode::input);
}
