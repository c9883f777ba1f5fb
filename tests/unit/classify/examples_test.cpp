// Every example of every built-in rule.
#include <catch2/catch.hpp>
#include <set>

#include "classify/example.hpp"
#include "classify/rule.hpp"
#include "nixie/verdict.hpp"
#include "patterns/regex_set.hpp"

using namespace nixie;

namespace {

std::vector<Rule> built_in_rules() {
    std::vector<Rule> out;
    for (const auto& file : built_in_files("rules")) {
        const auto rules = read_rules(file);
        REQUIRE(rules.ok());
        out.insert(out.end(), rules->begin(), rules->end());
    }
    return out;
}

} // namespace

TEST_CASE("built-in rules: every example is decided by its own rule") {
    const auto rules = Rules::built_in();
    for (const auto& rule : built_in_rules())
        for (const auto& example : rule.examples) {
            INFO(rule.where << ": " << example);
            const auto verdict = classify(example_evidence(example), rules);
            CHECK(verdict.rule == rule.id);
            CHECK(verdict.reason == rule.reason);
            CHECK_FALSE(verdict.matched.empty());
        }
}

TEST_CASE("built-in rules: no counter example is decided by that rule") {
    const auto rules = Rules::built_in();
    for (const auto& rule : built_in_rules())
        for (const auto& example : rule.counter_examples) {
            INFO(rule.where << ": " << example);
            const auto verdict = classify(example_evidence(example), rules);
            CHECK(verdict.rule != rule.id);
            CHECK(verdict.rule != "undefined");
        }
}

TEST_CASE("built-in rules: ids are unique, telling, and every rule names its source") {
    std::set<std::string> ids;
    for (const auto& rule : built_in_rules()) {
        INFO(rule.where << ": " << rule.id);
        CHECK(ids.insert(rule.id).second);
        CHECK(rule.id.find('.') != std::string::npos);
        CHECK_FALSE(rule.source.empty());
    }
    CHECK(ids.size() > 50);
}

TEST_CASE("built-in rules: what is compiled in is what the folder holds, in its order") {
    const auto folder = files_in(NIXIE_SOURCE_DIR "/conf/rules");
    REQUIRE(folder.ok());
    const auto embedded = built_in_files("rules");
    REQUIRE(embedded.size() == folder->size());
    for (std::size_t i = 0; i < embedded.size(); ++i) {
        const auto& path = (*folder)[i].name;
        CHECK(embedded[i].name == "conf/rules/" + path.substr(path.rfind('/') + 1));
        CHECK(embedded[i].text == (*folder)[i].text);
    }
    CHECK(Rules::from_directory(NIXIE_SOURCE_DIR "/conf/rules").ok());
}

TEST_CASE("built-in rules: what a pattern finds is never passed over for want of its literals") {
    RegexSet texts;
    std::vector<std::string> examples;
    for (const auto& rule : built_in_rules()) {
        for (const auto& pattern : rule.text) texts.add(Regex(pattern));
        for (const auto& example : rule.examples) examples.push_back(example_evidence(example).diagnostic.text);
    }
    texts.finish();
    std::size_t passed_over = 0;
    for (const auto& example : examples) {
        Search search(texts);
        search.look_at(example);
        for (std::size_t i = 0; i < texts.size(); ++i) {
            if (search.chance(i) == Search::Chance::some) continue;
            passed_over += search.chance(i) == Search::Chance::none ? 1 : 0;
            if (texts[i].found_in(example) == (search.chance(i) == Search::Chance::sure)) continue;
            FAIL(texts[i].source() << " in " << example);
        }
    }
    CHECK(passed_over > texts.size() * examples.size() * 9 / 10);
}
