// Manual pages and completions, as they are built.
#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>
#include <sstream>

#include "program/run.hpp"
#include "support/temporary_directory.hpp"
#include "support/whole_file.hpp"

using namespace nixie;
namespace fs = std::filesystem;

namespace {

/// The commands that `nixie --help` lists.
std::vector<std::string> commands() {
    std::vector<std::string> out;
    std::istringstream help(run_nixie({"--help"}).out);
    bool listed = false;
    for (std::string line; std::getline(help, line);) {
        if (line.empty()) listed = false;
        if (listed && line.starts_with("  ") && line[2] != ' ') out.push_back(line.substr(2, line.find(' ', 2) - 2));
        if (line.starts_with("Subcommands:")) listed = true;
    }
    return out;
}

std::string completed(const std::string& words, int at) {
    const TemporaryDirectory directory;
    const auto script = run_process({"bash", "-c",
                                     "source <('" NIXIE_BINARY "' completion bash); COMP_WORDS=(" + words +
                                         "); COMP_CWORD=" + std::to_string(at) + "; _nixie; echo \"${COMPREPLY[*]}\""});
    CHECK(script.err == "");
    return script.out;
}

} // namespace

TEST_CASE("manual: a page for the program and for each command, and mandoc finds nothing wrong") {
    const TemporaryDirectory directory;
    REQUIRE(run_nixie({"manual", directory.path()}).exit_code == 0);
    std::vector<std::string> expected{"nixie.1"};
    for (const auto& command : commands()) expected.push_back("nixie-" + command + ".1");
    REQUIRE(expected.size() > 9);
    std::vector<std::string> found;
    for (const auto& entry : fs::directory_iterator(directory.path())) found.push_back(entry.path().filename());
    std::sort(expected.begin(), expected.end());
    std::sort(found.begin(), found.end());
    CHECK(found == expected);
    for (const auto& page : found) {
        const Finished lint =
            run_process({"mandoc", "-T", "lint", "-W", "warning", std::string(directory.path()) + "/" + page});
        CHECK(lint.out == "");
        CHECK(lint.exit_code == 0);
    }
}

TEST_CASE("manual: the pages of section 5 are without a fault, and name every table of the configuration") {
    for (const std::string page : {"nixie.toml.5", "nixie-rules.5"}) {
        const std::string path = fs::path(NIXIE_BINARY).parent_path() / "man" / page;
        INFO(path);
        REQUIRE(fs::exists(path));
        const Finished lint = run_process({"mandoc", "-T", "lint", "-W", "warning", path});
        CHECK(lint.out == "");
    }
    const std::string text = run_process({"mandoc", "-T", "ascii",
                                          std::string(fs::path(NIXIE_BINARY).parent_path() / "man" / "nixie.toml.5")})
                                 .out;
    CHECK_THAT(text,
               Catch::Contains("password_file = \"/etc/nixie/bounces.password\"") && Catch::Contains("settle = "));
}

TEST_CASE("completion: bash completes commands, options and the words an option takes") {
    CHECK(completed("nixie ru", 1) == "run rules\n");
    CHECK(completed("nixie rules ch", 2) == "check\n");
    CHECK(completed("nixie classify --fo", 2) == "--format\n");
    CHECK(completed("nixie classify --format t", 3) == "text table\n");
}

TEST_CASE("completion: a script for each shell, and a clear word for any other") {
    CHECK_THAT(run_nixie({"completion", "zsh"}).out, Catch::StartsWith("#compdef nixie\n"));
    CHECK_THAT(run_nixie({"completion", "fish"}).out,
               Catch::Contains("complete -c nixie -f -n '__fish_use_subcommand' -a run"));
    const Finished other = run_nixie({"completion", "tcsh"});
    CHECK(other.exit_code == 64);
    CHECK_THAT(other.err, Catch::Contains("bash"));
}
