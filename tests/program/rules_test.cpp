// `nixie rules`, and rules and formats of one's own in the program.
#include <catch2/catch.hpp>

#include "program/run.hpp"
#include "support/json_lines.hpp"
#include "support/maildir_tree.hpp"
#include "support/scene.hpp"
#include "support/temporary_directory.hpp"

using namespace nixie;

namespace {

/// As the documentation has it: a provider nobody has heard of, with a rule for its words.
const std::string acme = R"([[format]]
id = "acme"
source = "https://acme.example/help/returned-letters"
when = [{ text = '^Acme Mail could not hand over your letter' }]
recipient = ['^To: <(?P<address>[^<>]+@[^<>]+)>$']
detail = ['^Because: (?P<diagnostic>.*)$']

[[format.examples]]
text = '''
Acme Mail could not hand over your letter.

To: <user@example.org>
Because: the pigeon is on strike
'''
address = "user@example.org"
diagnostic = "the pigeon is on strike"

[[rule]]
id = "network-error.pigeon"
reason = "network-error"
category = "no-answer-from-host"
text = ['pigeon is (on strike|asleep)']
source = "https://acme.example/help/returned-letters"
examples = ['the pigeon is on strike']
)";

const std::string letter =
    "From: Letters <letters@acme.example>\n"
    "Subject: your letter\n\n"
    "Acme Mail could not hand over your letter.\n\n"
    "To: <ann@example.org>\nBecause: the pigeon is asleep\n";

} // namespace

TEST_CASE("rules: a new provider's format and its rule are read without a build") {
    const TemporaryDirectory dir;
    dir.write("rules.d/acme.toml", acme);
    const auto mail = dir.write("letter.eml", letter);
    const auto rules = dir.file("rules.d");

    const auto before = json_lines(run_nixie({"classify", "--json", mail}).out);
    CHECK(before.at(0).value("format", "") != "acme");
    const Finished after = run_nixie({"classify", "--json", "--rules", rules, mail});
    CHECK(after.err == "");
    const auto json = json_lines(after.out);
    REQUIRE(json.size() == 1);
    CHECK(json[0]["kind"] == "bounce");
    CHECK(json[0]["format"] == "acme");
    const auto& recipient = json[0]["recipients"].at(0);
    CHECK(recipient["address"] == "ann@example.org");
    CHECK(recipient["rule"] == "network-error.pigeon");
    CHECK(recipient["category"] == "no-answer-from-host");

    CHECK_THAT(run_nixie({"explain", "--rules", rules, mail}).out, Catch::Contains(rules + "/acme.toml:18"));
    const Finished check = run_nixie({"rules", "check", rules});
    CHECK(check.out == "1 file: 1 rule, 1 format: good\n");
    CHECK(check.exit_code == 0);
    const Finished test = run_nixie({"rules", "test", rules});
    CHECK(test.out == "1 file: 1 rule, 1 format; 2 examples run, 0 failed\n");
    CHECK(test.exit_code == 0);
    CHECK_THAT(run_nixie({"rules", "list", "--rules", rules}).out, Catch::Contains(rules + "/acme.toml:18"));
}

TEST_CASE("rules: `run` reads the folder that the configuration names, and stops where it has a mistake") {
    const TemporaryDirectory dir;
    dir.write("rules.d/acme.toml", acme);
    const Scene scene = maildir_scene(dir, "own", "[rules]\ndirectory = \"" + dir.file("rules.d") + "\"\n");
    deliver(scene.maildir, {letter});
    const Finished check = scene.nixie({"config", "check"});
    CHECK(check.exit_code == 0);
    CHECK_THAT(check.out, Catch::Contains("rules in " + dir.file("rules.d") + ": good"));
    const Finished run = scene.nixie({"run", "--once"});
    INFO(run.err);
    CHECK(run.exit_code == 0);
    CHECK(message_counts(scene.maildir)[".Bounces.no-answer-from-host"] == 1);

    dir.write("rules.d/broken.toml", "[[rule]]\nid = 7\n");
    for (const auto* command : {"run", "config"}) {
        const Finished broken =
            scene.nixie(std::string(command) == "run" ? std::vector<std::string>{"run", "--once"}
                                                      : std::vector<std::string>{"config", "check"});
        CHECK(broken.exit_code == 78);
        CHECK_THAT(broken.err, Catch::Contains("broken.toml:1"));
    }
}

TEST_CASE("rules: one's own come before the built-in ones") {
    const TemporaryDirectory dir;
    dir.write("a.toml",
              "[[rule]]\nid = \"suspend.ours\"\nreason = \"suspend\"\ntext = ['no such user']\n"
              "source = \"our customers\"\nexamples = ['550 no such user']\n");
    const auto json =
        json_lines(run_nixie({"explain", "--json", "--rules", dir.file(""), "550 5.1.1 no such user"}).out);
    CHECK(json.at(0)["explanations"].at(0)["rule"] == "suspend.ours");
    const Finished test = run_nixie({"rules", "test", dir.file("")});
    CHECK(test.exit_code == 0);
    CHECK_THAT(test.out, Catch::Contains("note: suspend.ours") && Catch::Contains("of the built-in rules"));
}

TEST_CASE("rules check: every mistake is told, with file, line and remedy") {
    const TemporaryDirectory dir;
    const auto file = dir.write("x.toml",
                                "[[rule]]\nid = \"a.b\"\nreason = \"lunch\"\ntext = ['(']\nexamples = ['x']\n"
                                "[[format]]\nid = \"f\"\nsauce = 'x'\n[[menu]]\n");
    const Finished finished = run_nixie({"rules", "check", dir.file("")});
    CHECK(finished.exit_code == 65);
    CHECK_THAT(finished.out, Catch::Contains(":3: \"lunch\" is no reason; write one of user-unknown, ") &&
                                 Catch::Contains(":4: pattern '('") && Catch::Contains(":8: unknown key 'sauce'") &&
                                 Catch::Contains(":9: \"menu\" is not known") &&
                                 Catch::Contains("1 file, 4 mistakes\n"));
    for (const auto& line : json_lines(run_nixie({"rules", "check", "--json", dir.file("")}).out)) {
        CHECK_THAT(line["where"].get<std::string>(), Catch::Contains("x.toml:"));
        CHECK(line["remedy"].get<std::string>() != "");
    }
    // The commands that need the rules stop at the first.
    const Finished classify = run_nixie({"classify", "--rules", dir.file(""), file});
    CHECK(classify.exit_code == 78);
    CHECK_THAT(classify.err, Catch::Contains("x.toml:"));
}

TEST_CASE("rules check: an id that a built-in rule has names both places") {
    const TemporaryDirectory dir;
    dir.write("x.toml", "[[rule]]\nid = \"status.policy\"\nreason = \"expired\"\ntext = ['x']\nexamples = ['x']\n");
    const Finished finished = run_nixie({"rules", "check", dir.file("")});
    CHECK(finished.exit_code == 65);
    CHECK_THAT(finished.out, Catch::Contains("conf/rules/90-status.toml:") &&
                                 Catch::Contains("\"status.policy\" is taken") && Catch::Contains("x.toml:1"));
}

TEST_CASE("rules check: a rule behind one that always holds is found") {
    const TemporaryDirectory dir;
    dir.write("x.toml",
              "[[rule]]\nid = \"expired.a\"\nreason = \"expired\"\ntext = ['zyzzyx']\nsource = \"s\"\n"
              "examples = ['zyzzyx']\n"
              "[[rule]]\nid = \"expired.b\"\nreason = \"blocked\"\ntext = ['a (big )?zyzzyx']\nsource = \"s\"\n"
              "examples = ['a zyzzyx']\n");
    const Finished check = run_nixie({"rules", "check", dir.file("")});
    CHECK(check.exit_code == 65);
    CHECK_THAT(check.out, Catch::Contains("x.toml:7: rule expired.b can never decide: expired.a"));
    const Finished test = run_nixie({"rules", "test", dir.file("")});
    CHECK(test.exit_code == 65);
    CHECK_THAT(test.out, Catch::Contains("x.toml:12: expired.b: decided by expired.a") &&
                             Catch::Contains("rule expired.b decides none of its examples"));
}

TEST_CASE("rules test: a format that reads another address than it says, and one that another format takes") {
    const TemporaryDirectory dir;
    std::string wrong = acme;
    wrong.replace(wrong.find("address = \"user"), 14, "address = \"lose");
    dir.write("x.toml", wrong);
    const Finished finished = run_nixie({"rules", "test", dir.file("")});
    CHECK(finished.exit_code == 65);
    CHECK_THAT(
        finished.out,
        Catch::Contains("x.toml:8: acme: the first recipient is \"user@example.org\", not \"loser@example.org\""));
}

TEST_CASE("rules test: the built-in rules and formats pass") {
    const Finished finished = run_nixie({"rules", "test"});
    INFO(finished.out);
    CHECK(finished.exit_code == 0);
    CHECK(finished.err == "");
}

TEST_CASE("rules check: files stand alone where that is asked for") {
    const Finished finished =
        run_nixie({"rules", "check", "--alone", NIXIE_SOURCE_DIR "/conf/rules", NIXIE_SOURCE_DIR "/conf/formats"});
    INFO(finished.out);
    CHECK(finished.exit_code == 0);
    CHECK(run_nixie({"rules", "check", NIXIE_SOURCE_DIR "/conf/rules"}).exit_code == 65);
    CHECK(run_nixie({"rules", "check", "/nonexistent"}).exit_code == 66);
}

TEST_CASE("rules list: a table, a selection, JSON") {
    const Finished all = run_nixie({"rules", "list"});
    CHECK(all.exit_code == 0);
    CHECK_THAT(all.out, Catch::StartsWith("RULE") && Catch::Contains("status.policy") &&
                            Catch::Contains("conf/rules/90-status.toml:"));
    for (const auto& rule : json_lines(run_nixie({"rules", "list", "--json", "--category", "quota-issues"}).out))
        CHECK(rule["category"] == "quota-issues");
    const auto full = json_lines(run_nixie({"rules", "list", "--json", "--reason", "mailbox-full"}).out);
    CHECK(full.size() > 1);
    const Finished misspelt = run_nixie({"rules", "list", "--reason", "mailbox-ful"});
    CHECK(misspelt.exit_code == 64);
    CHECK_THAT(misspelt.err, Catch::Contains("mailbox-full"));
}

TEST_CASE("rules grep: rules that hold for a text, and rules that speak of it") {
    const auto hits = json_lines(run_nixie({"rules", "grep", "--json", "552 5.2.2 mailbox is full"}).out);
    REQUIRE(hits.size() > 1);
    CHECK(hits[0]["why"] == "decides");
    CHECK(hits[0]["reason"] == "mailbox-full");
    CHECK(hits[1]["why"] == "holds too");
    const auto named = json_lines(run_nixie({"rules", "grep", "--json", "spamhaus"}).out);
    REQUIRE(!named.empty());
    CHECK(named.back()["why"] == "pattern");
    CHECK_THAT(run_nixie({"rules", "grep", "zyzzyx"}).out, Catch::StartsWith("No rule holds"));
    CHECK(run_nixie({"rules", "grep", ""}).exit_code == 64);
}
