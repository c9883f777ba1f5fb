#include <sysexits.h>

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/exit_code.hpp"
#include "cli/own_rules.hpp"
#include "cli/terminal.hpp"
#include "explain/explanation.hpp"
#include "explain/rule_files.hpp"
#include "report/figures.hpp"
#include "report/rules.hpp"

namespace nixie {
namespace {

struct RulesOptions {
    std::vector<std::string> folders; ///< of check and test
    std::string own;                  ///< of list and grep
    std::string reason, category, text;
    bool json = false;
    bool alone = false;
};

void print_all(const RulesOptions& options, const std::string& text, const std::string& json) {
    fmt::print("{}", options.json ? json : text);
}

RuleFiles read_named(const RulesOptions& options) {
    const auto folders = options.folders.empty() ? own_rule_folders({}) : options.folders;
    return read_rule_files(folders, options.alone ? BuiltIn::absent : BuiltIn::behind);
}

/// "2 files: 14 rules, 1 format"
std::string summary_of(const RuleFiles& files) {
    return fmt::format("{}: {}, {}", number_of(files.files, "file"), number_of(files.own_rules, "rule"),
                       number_of(files.own_formats, "format"));
}

/// An unreadable folder is no mistake in its files.
int code_for(const std::vector<Error>& errors) {
    const bool unreadable =
        std::any_of(errors.begin(), errors.end(), [](const Error& error) { return error.code == ErrorCode::input; });
    return unreadable ? EX_NOINPUT : EX_DATAERR;
}

/// Prints what is wrong with the files themselves, if anything.
std::optional<int> complain_of_errors(const RulesOptions& options, const RuleFiles& files) {
    if (files.errors.empty()) return std::nullopt;
    print_all(options, errors_text(files.errors), errors_json(files.errors));
    if (!options.json)
        fmt::print("{}, {}\n", number_of(files.files, "file"), number_of(files.errors.size(), "mistake"));
    return code_for(files.errors);
}

/// What stands in the shadow of an earlier rule, as far as it is looked at.
std::vector<Shadow> own_shadows(const RuleFiles& files) {
    auto shadows = find_shadows(files.rules);
    const auto* const end = files.rules.data() + files.own_rules;
    shadows.erase(std::remove_if(shadows.begin(), shadows.end(), [&](const Shadow& s) { return s.rule >= end; }),
                  shadows.end());
    return shadows;
}

int check_rules(const RulesOptions& options) {
    const RuleFiles files = read_named(options);
    if (const auto code = complain_of_errors(options, files)) return *code;
    const auto shadows = own_shadows(files);
    print_all(options, shadows_text(shadows), shadows_json(shadows));
    const auto useless = std::count_if(shadows.begin(), shadows.end(), is_whole_rule);
    if (!options.json)
        fmt::print("{}: {}\n", summary_of(files),
                   useless == 0 ? "good" : number_of(useless, "rule") + " can never decide");
    return useless == 0 ? EX_OK : EX_DATAERR;
}

int test_rules(const RulesOptions& options) {
    RuleFiles files = read_named(options);
    if (const auto code = complain_of_errors(options, files)) return *code;
    const auto shadows = own_shadows(files);
    const ExamplesRun run = run_examples(files);
    print_all(options, examples_text(run) + shadows_text(shadows), examples_json(run) + shadows_json(shadows));
    if (!options.json)
        fmt::print("{}; {} run, {} failed\n", summary_of(files), number_of(run.count, "example"), run.failures.size());
    return run.failures.empty() && std::none_of(shadows.begin(), shadows.end(), is_whole_rule) ? EX_OK : EX_DATAERR;
}

/// All rules in the order of belief; complains where there are none to be had.
std::optional<RuleFiles> rules_to_look_at(const RulesOptions& options, int& code) {
    RuleFiles files = read_rule_files(own_rule_folders(options.own), BuiltIn::behind);
    for (const auto& error : files.errors) code = fail(error);
    if (!files.errors.empty()) return std::nullopt;
    return files;
}

int list_rules(const RulesOptions& options) {
    const auto reason = find_reason(options.reason);
    const auto category = find_category(options.category);
    int code = EX_OK;
    const auto files = rules_to_look_at(options, code);
    if (!files) return code;
    std::vector<const Rule*> wanted;
    for (const auto& rule : files->rules) {
        if (reason && rule.reason != *reason) continue;
        if (category && rule.category.value_or(info(rule.reason).category) != *category) continue;
        wanted.push_back(&rule);
    }
    if (wanted.empty() && !options.json) {
        fmt::print("No rule gives that.\n");
        return EX_OK;
    }
    print_all(options, rule_table(wanted), rule_json(wanted));
    return EX_OK;
}

/// The rules that hold for the text, in the order of belief.
void find_holding(const RulesOptions& options, const RuleFiles& files, const Judge& judge, std::vector<RuleHit>& hits) {
    for (const auto& verdict : classify_all(line_evidence(options.text), judge.rules())) {
        const auto rule = std::find_if(files.rules.begin(), files.rules.end(),
                                       [&](const Rule& other) { return other.id == verdict.rule; });
        if (rule != files.rules.end())
            hits.push_back({&*rule, hits.empty() ? "decides" : "holds too", verdict.matched, rule->where});
    }
}

/// The rules that have the text in their id or in a pattern.
void find_naming(const RulesOptions& options, const RuleFiles& files, std::vector<RuleHit>& hits) {
    const std::string wanted = to_lower(options.text);
    const auto has = [&](const std::string& text) { return to_lower(text).find(wanted) != std::string::npos; };
    for (const auto& rule : files.rules) {
        if (has(rule.id)) hits.push_back({&rule, "id", rule.id, rule.where});
        for (std::size_t i = 0; i < rule.text.size(); ++i)
            if (has(rule.text[i]))
                hits.push_back({&rule, "pattern", rule.text[i],
                                rule.where.substr(0, rule.where.rfind(':') + 1) + std::to_string(rule.lines.text[i])});
        for (const auto* list : {&rule.status, &rule.code, &rule.command, &rule.action, &rule.mta, &rule.domain})
            for (const auto& pattern : *list)
                if (has(pattern)) hits.push_back({&rule, "pattern", pattern, rule.where});
    }
}

int grep_rules(const RulesOptions& options) {
    if (trim(options.text).empty())
        return fail(
            {ErrorCode::usage, "there is nothing to look for", {}, "give a reply's text, or part of a pattern"});
    int code = EX_OK;
    const auto files = rules_to_look_at(options, code);
    if (!files) return code;
    const auto judge = judge_with_own(options.own);
    if (!judge) return fail(judge.error());
    std::vector<RuleHit> hits;
    find_holding(options, *files, *judge, hits);
    find_naming(options, *files, hits);
    if (hits.empty() && !options.json) {
        fmt::print("No rule holds for that text, and none has it in its id or its patterns.\n");
        return EX_OK;
    }
    print_all(options, hit_table(hits, terminal_columns()), hit_json(hits));
    return EX_OK;
}

using RulesCommand = int (*)(const RulesOptions&);

/// Names of a table in taxonomy.hpp, for an option's value.
template <class Table>
std::vector<std::string> names_in(const Table& table) {
    std::vector<std::string> out;
    for (const auto& row : table) out.emplace_back(row.name);
    return out;
}

CLI::App* add_one(CLI::App& rules, const char* name, const char* description, RulesCommand run,
                  const std::shared_ptr<RulesOptions>& options, Command& chosen) {
    auto* command = rules.add_subcommand(name, description);
    command->add_flag("--json", options->json, "One line of JSON for each thing found");
    on_chosen(*command, chosen, options, run);
    return command;
}

void add_folders(CLI::App& command, const std::shared_ptr<RulesOptions>& options) {
    command
        .add_option("folder", options->folders,
                    std::string("Folders of rules and formats (") + default_rules_directory +
                        " if it is there, else the built-in ones)")
        ->option_text("DIR …");
    command.add_flag("--alone", options->alone, "Without the built-in rules and formats behind them");
}

} // namespace

void add_rules(CLI::App& app, Command& chosen) {
    auto options = std::make_shared<RulesOptions>();
    auto* rules =
        app.add_subcommand("rules", "Check, test, list and search rules and formats, your own and the built-in");
    rules->require_subcommand(1);
    add_folders(
        *add_one(*rules, "check", "Tell every mistake in rule and format files, and rules that can never decide",
                 check_rules, options, chosen),
        options);
    add_folders(*add_one(*rules, "test", "Run every example of rules and formats, and tell what won instead",
                         test_rules, options, chosen),
                options);
    auto* list =
        add_one(*rules, "list", "List the rules in the order in which they are tried", list_rules, options, chosen);
    list->add_option("--reason", options->reason, "Only rules that give this reason")
        ->check(CLI::IsMember(names_in(reasons)));
    list->add_option("--category", options->category, "Only rules that give this category")
        ->check(CLI::IsMember(names_in(categories)));
    add_rules_option(*list, options->own);
    auto* grep = add_one(*rules, "grep", "Find the rules that hold for a text, or that have it in an id or a pattern",
                         grep_rules, options, chosen);
    grep->add_option("text", options->text, "A reply, or part of an id or a pattern")->required();
    add_rules_option(*grep, options->own);
    rules->footer(
        "conf/rules/README.md and conf/formats/README.md tell how to write them. Exit codes: 0 good,\n"
        "65 something is wrong with rules, formats or examples, 66 no such folder.");
}

} // namespace nixie
