// What the documentation tells people to type and to write works as it stands there.
#include <catch2/catch.hpp>

#include <filesystem>
#include <functional>
#include <regex>
#include <sstream>

#include "program/run.hpp"
#include "support/maildir_tree.hpp"
#include "support/messages.hpp"
#include "support/temporary_directory.hpp"
#include "support/whole_file.hpp"

using namespace nixie;
namespace fs = std::filesystem;

namespace {

/// What stands in a document: a command line, a block of configuration, or a message.
struct Passage {
    enum class Kind { command, toml, letter };
    Kind kind;
    std::string place; ///< "README.md:63"
    std::string text;
    std::string shown; ///< below a command: what the document says is printed; empty if it does not say
};

std::vector<fs::path> documents() {
    std::vector<fs::path> found{NIXIE_SOURCE_DIR "/README.md", NIXIE_SOURCE_DIR "/CONTRIBUTING.md",
                                NIXIE_SOURCE_DIR "/conf/rules/README.md", NIXIE_SOURCE_DIR "/conf/formats/README.md"};
    for (const auto& entry : fs::directory_iterator(NIXIE_SOURCE_DIR "/docs"))
        if (entry.path().extension() == ".md") found.push_back(entry.path());
    return found;
}

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    return lines;
}

std::string place(const fs::path& document, std::size_t index) {
    return fs::relative(document, NIXIE_SOURCE_DIR).string() + ":" + std::to_string(index + 1);
}

/// Without its comment; the commands of the documents hold no '#' of their own.
std::string command_of(const std::string& line) {
    auto command = line.substr(0, line.find(" #"));
    command.erase(command.find_last_not_of(' ') + 1);
    return command;
}

/// The lines from `i` on that go on as indented text, without the indentation; `i` is then the last of them.
std::string indented(const std::vector<std::string>& lines, std::size_t& i,
                     const std::function<bool(const std::string&)>& ends) {
    std::string text;
    while (i + 1 < lines.size() && (lines[i + 1].empty() || lines[i + 1].starts_with("    ")) && !ends(lines[i + 1])) {
        ++i;
        text += lines[i].empty() ? "\n" : lines[i].substr(4) + "\n";
    }
    return text;
}

/// All of them, in the document's order.
std::vector<Passage> passages(const fs::path& document) {
    static const std::regex command(R"(^    (\$ )?((sudo (-u \S+ )?)?nixie [a-z].*)$)");
    std::vector<Passage> found;
    const auto lines = lines_of(read_file(document));
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const std::string where = place(document, i);
        std::smatch parts;
        if (lines[i] == "```toml") {
            std::string block;
            while (++i < lines.size() && lines[i] != "```") block += lines[i] + "\n";
            found.push_back({Passage::Kind::toml, where, block, ""});
        } else if (lines[i].starts_with("    From: ")) {
            const std::string first = lines[i].substr(4) + "\n";
            found.push_back(
                {Passage::Kind::letter, where, first + indented(lines, i, [](auto&) { return false; }), ""});
        } else if (std::regex_match(lines[i], parts, command)) {
            Passage one{Passage::Kind::command, where, command_of(parts[2]), ""};
            if (parts[1].matched)
                one.shown = indented(lines, i, [](const std::string& line) { return line.starts_with("    $ "); });
            found.push_back(std::move(one));
        }
    }
    return found;
}

/// `nixie …` in running text.
std::vector<Passage> named_commands(const fs::path& document) {
    std::vector<Passage> found;
    const auto lines = lines_of(read_file(document));
    for (std::size_t i = 0; i < lines.size(); ++i) {
        static const std::regex command("`(nixie [a-z][^`]*)`");
        for (std::sregex_iterator one(lines[i].begin(), lines[i].end(), command), end; one != end; ++one)
            found.push_back({Passage::Kind::command, place(document, i), (*one)[1], ""});
    }
    return found;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
        text.replace(at, from.size(), to);
    return text;
}

/// A machine for one document: its own /etc and /var, a Maildir in which a few messages bounced, `sudo` that asks nothing.
class Machine {
  public:
    Machine() {
        write_program("sudo", "#!/bin/sh\nwhile :; do case $1 in -u) shift 2 ;; *) break ;; esac; done\nexec \"$@\"\n");
        // Rules of one's own are looked for in /etc/nixie/rules.d, which is the machine's that runs the test.
        write_program("nixie",
                      "#!/bin/sh\nown=" + root_.file("etc/nixie/rules.d") + "\n" +
                          "if [ -e $own/own.toml ]; then case $1-$2 in rules-check | rules-test) set -- \"$@\" $own ;; "
                          "explain-* | classify-*) set -- \"$@\" --rules $own ;; esac; fi\n"
                          "exec " NIXIE_BINARY " \"$@\"\n");
        write_program("postmap", "#!/bin/sh\n");
        fs::create_directory_symlink(NIXIE_SOURCE_DIR "/samples", root_.path() / "samples");
        fs::create_directories(root_.path() / "etc/nixie/rules.d");
        fs::create_directories(root_.path() / "etc/postfix");
        fs::permissions(root_.write("etc/nixie/bounces.password", "secret\n"), fs::perms::owner_read);
        root_.write("etc/nixie/nixie.toml", own(base()));
        fs::create_directories(root_.path() / "var/lib/nixie");
        deliver(root_.path() / "mail", {bounce_message("1", "ann@example.org", "5.1.1", "550 5.1.1 User unknown"),
                                        bounce_message("2", "bob@example.org", "4.2.2", "452 4.2.2 Mailbox full")});
        const Finished run = type("nixie run --once --quiet");
        INFO(run.err);
        REQUIRE(run.exit_code == 0);
    }

    /// A configuration that says only the least.
    [[nodiscard]] static std::string base() { return "state = \"/var/lib/nixie/nixie.db\"\n" + mailbox(); }
    [[nodiscard]] static std::string mailbox() { return "[[mailbox]]\nname = \"bounces\"\nurl = \"maildir:/mail\"\n"; }

    /// `line` at a shell, where the samples are.
    [[nodiscard]] Finished type(const std::string& line) const {
        return run_process(
            {"sh", "-c", "cd '" + root_.path().string() + "' && " + own(line)},
            {{"PATH", root_.file("bin") + ":/usr/bin:/bin"}, {"NIXIE_CONFIG", root_.file("etc/nixie/nixie.toml")}});
    }

    /// Paths of the whole machine as they are in this one.
    [[nodiscard]] std::string own(std::string text) const {
        for (const std::string folder : {"/etc/", "/var/", "/mail"})
            for (const std::string before : {" ", "\"", ">", ":"})
                text = replaced(text, before + folder, before + root_.path().string() + folder);
        return text;
    }

    void put(const std::string& name, const std::string& text) const { root_.write(name, text); }

  private:
    void write_program(const std::string& name, const std::string& text) const {
        fs::permissions(root_.write("bin/" + name, text), fs::perms::owner_all);
    }

    TemporaryDirectory root_;
};

/// Every word it shows is printed, in that order; "…" stands for any.
bool prints(const std::string& out, const std::string& shown) {
    std::istringstream words(shown);
    std::size_t at = 0;
    for (std::string word; words >> word;) {
        if (word.find("…") != std::string::npos) continue;
        at = out.find(word, at);
        if (at == std::string::npos) return false;
        at += word.size();
    }
    return true;
}

/// What is shown of others depends on a journal that the document only tells of.
bool says_the_same_everywhere(const std::string& command) {
    return command.starts_with("nixie classify ") || command.starts_with("nixie explain ") ||
           command.starts_with("nixie rules ");
}

bool is_rules(const std::string& toml) { return toml.starts_with("[[rule]]") || toml.starts_with("[[format]]"); }

/// It needs a server of someone's, or a person.
bool needs_others(const std::string& command) {
    return command.find("nixie init") != std::string::npos || command.find("nixie auth") != std::string::npos;
}

/// What --help says of a command as a document names it, with words that stand for others: `nixie recipient ADDRESS clear`.
std::string help_of(const std::string& command) {
    std::vector<std::string> arguments;
    std::istringstream words(command.substr(std::string("nixie ").size()));
    for (std::string one; words >> one;)
        if (!one.starts_with("-")) arguments.push_back(one);
    const std::string name = arguments.front();
    arguments.emplace_back("--help");
    const std::string help = run_nixie(arguments).out;
    return help.find("Usage: nixie " + name) == std::string::npos ? "" : help;
}

/// Whether the command is there, with every option that is named.
bool exists(const std::string& command) {
    static const std::regex option("--[a-z-]+");
    const std::string help = help_of(command);
    bool all = !help.empty();
    for (std::sregex_iterator one(command.begin(), command.end(), option), end; one != end; ++one)
        all = all && help.find(one->str()) != std::string::npos;
    return all;
}

} // namespace

TEST_CASE("documentation: every block of configuration is one that nixie takes") {
    std::size_t tried = 0;
    const Machine machine;
    for (const auto& document : documents())
        for (const auto& block : passages(document)) {
            if (block.kind != Passage::Kind::toml || is_rules(block.text)) continue;
            std::string text = block.text;
            if (text.find("[[mailbox]]") == std::string::npos) text += Machine::mailbox();
            if (text.find("state =") == std::string::npos) text.insert(0, "state = \"/var/lib/nixie/nixie.db\"\n");
            machine.put("etc/nixie/tried.toml", machine.own(text));
            const Finished check = machine.type("nixie config check --config /etc/nixie/tried.toml");
            INFO(block.place << "\n" << check.err);
            CHECK(check.exit_code == 0);
            ++tried;
        }
    CHECK(tried > 0);
}

TEST_CASE("documentation: every command line runs, and prints what is shown below it") {
    std::size_t tried = 0;
    for (const auto& document : documents()) {
        const Machine machine;
        for (const auto& passage : passages(document)) {
            if (passage.kind == Passage::Kind::letter) machine.put("letter.eml", passage.text);
            if (passage.kind == Passage::Kind::toml && is_rules(passage.text))
                machine.put("etc/nixie/rules.d/own.toml", passage.text);
            if (passage.kind != Passage::Kind::command) continue;
            if (needs_others(passage.text)) {
                INFO(passage.place << ": " << passage.text);
                CHECK(exists(passage.text.substr(passage.text.find("nixie "))));
                continue;
            }
            const Finished done = machine.type(passage.text);
            INFO(passage.place << ": " << passage.text << "\n" << done.out << done.err);
            // Where something waits, `status` says so.
            CHECK((done.exit_code == 0 || (passage.text.starts_with("nixie status") && done.exit_code <= 2)));
            if (says_the_same_everywhere(passage.text)) CHECK(prints(done.out, passage.shown));
            ++tried;
        }
    }
    CHECK(tried > 0);
}

TEST_CASE("documentation: every command it speaks of exists, with the options it names") {
    for (const auto& document : documents())
        for (const auto& named : named_commands(document)) {
            INFO(named.place << ": " << named.text);
            CHECK(exists(named.text));
        }
}
