#include <catch2/catch.hpp>

#include <algorithm>

#include "explain/literal_runs.hpp"
#include "explain/shadows.hpp"

using namespace nixie;

namespace {

Rule rule(const std::string& id, std::vector<std::string> text, std::vector<std::string> status = {}) {
    Rule out;
    out.id = id;
    out.where = "x.toml:1";
    out.text = std::move(text);
    out.status = std::move(status);
    for (std::size_t i = 0; i < out.text.size(); ++i) out.lines.text.push_back(static_cast<int>(10 + i));
    return out;
}

/// "later<earlier" for whole rules, "later/pattern<earlier" for patterns.
std::vector<std::string> found(const std::vector<Rule>& rules) {
    std::vector<std::string> out;
    for (const auto& shadow : find_shadows(rules))
        out.push_back(shadow.rule->id + (shadow.pattern.empty() ? "" : "/" + shadow.pattern) + "<" + shadow.by->id);
    return out;
}

Literals sorted(Literals texts) {
    std::sort(texts.begin(), texts.end());
    return texts;
}

} // namespace

TEST_CASE("literal_runs: a pattern of few texts is spelt out") {
    const auto [pattern, texts] = GENERATE(table<std::string, Literals>({
        {"Full", {"full"}},
        {"mail ?box", {"mail box", "mailbox"}},
        {"no (such|known) user", {"no known user", "no such user"}},
        {"[45]\\.1\\.[01]", {"4.1.0", "4.1.1", "5.1.0", "5.1.1"}},
        {"[a-c]", {"a", "b", "c"}},
        {"(?:a|b)?c", {"ac", "bc", "c"}},
        {"^plein$", {"plein"}},
        {"é?t", {"t", "ét"}},
    }));
    INFO(pattern);
    const auto branches = literal_runs(pattern);
    REQUIRE(branches);
    REQUIRE(branches->size() == 1);
    CHECK(branches->front().finite);
    REQUIRE(branches->front().runs.size() == 1);
    CHECK(sorted(branches->front().runs.front()) == texts);
}

TEST_CASE("literal_runs: around what may be anything, the rest is still needed") {
    const auto branches = literal_runs("mailbox.{0,9}(is )?full|over quota");
    REQUIRE(branches);
    REQUIRE(branches->size() == 2);
    CHECK_FALSE((*branches)[0].finite);
    CHECK((*branches)[0].runs == std::vector<Literals>{{"mailbox"}, {"full", "is full"}});
    CHECK((*branches)[1].finite);
    // What may be left out is not needed.
    CHECK(literal_runs("a(x.y)?b")->front().runs == std::vector<Literals>{{"a"}, {"b"}});
    CHECK(literal_runs("a(x.y|z)b")->front().runs == std::vector<Literals>{{"a"}, {"b"}});
    CHECK(literal_runs("a(x.y)b")->front().runs == std::vector<Literals>{{"a"}, {"x"}, {"y"}, {"b"}});
}

TEST_CASE("literal_runs: what is not understood is said to be so") {
    const auto pattern = GENERATE(as<std::string>{}, "(?s)a", "a\\x4", "(a", "a)", "[a", "*a", "\\pL", "[[:alpha:]]");
    INFO(pattern);
    CHECK_FALSE(literal_runs(pattern));
}

TEST_CASE("literal_runs: hostile patterns stay small") {
    std::string wide, deep;
    for (int i = 0; i < 40; ++i) wide += "[a-z]";
    for (int i = 0; i < 5000; ++i) deep += "(";
    const auto branches = literal_runs(wide);
    REQUIRE(branches);
    for (const auto& run : branches->front().runs) CHECK(run.size() <= 64);
    CHECK_FALSE(literal_runs(deep));
}

TEST_CASE("shadows: a rule whose every match is an earlier rule's can never decide") {
    CHECK(found({rule("a", {"full"}), rule("b", {"mailbox full", "quota (is )?full"})}) ==
          std::vector<std::string>{"b<a"});
    CHECK(found({rule("a", {"x.*y"}), rule("b", {"x.*y"})}) == std::vector<std::string>{"b<a"});
    CHECK(found({rule("a", {}, {"[45]\\.7\\.\\d+"}), rule("b", {}, {"5\\.7\\.(1|26)"})}) ==
          std::vector<std::string>{"b<a"});
    CHECK(found({rule("a", {"mailbox"}), rule("b", {"mailbox.*(full|quota)"}, {"5\\.2\\.2"})}) ==
          std::vector<std::string>{"b<a"});
}

TEST_CASE("shadows: a pattern that can never decide is named, with its line") {
    const std::vector<Rule> rules{rule("a", {"full"}), rule("b", {"over quota", "mailbox full"})};
    const auto shadows = find_shadows(rules);
    REQUIRE(shadows.size() == 1);
    CHECK(shadows[0].pattern == "mailbox full");
    CHECK(shadows[0].line == 11);
}

TEST_CASE("shadows: the command and the action of the earlier rule count too") {
    Rule earlier = rule("a", {"full"}), later = rule("b", {"mailbox full"});
    earlier.command = {"RCPT|DATA"};
    CHECK(found({earlier, later}).empty());
    later.command = {"RCPT"};
    CHECK(found({earlier, later}) == std::vector<std::string>{"b<a"});
    earlier.action = {"delayed"};
    CHECK(found({earlier, later}).empty());
}

TEST_CASE("shadows: where it cannot be proved, nothing is said") {
    CHECK(found({rule("a", {"mailbox full"}), rule("b", {"full"})}).empty());
    CHECK(found({rule("a", {"\\bfull"}), rule("b", {"mailbox full"})}).empty());
    CHECK(found({rule("a", {"^full"}), rule("b", {"full house"})}).empty());
    CHECK(found({rule("a", {"full"}, {"5\\.2\\.2"}), rule("b", {"mailbox full"})}).empty());
    CHECK(found({rule("a", {}, {"5\\.7\\.1"}), rule("b", {}, {"5\\.7\\.1\\d"})}).empty());
    CHECK(found({rule("a", {}, {"5\\.7\\.1"}), rule("b", {}, {"5\\.7\\..*"})}).empty());
    CHECK(found({rule("a", {"full"}), rule("b", {"full|quota"})}).empty());
}
