#include <sysexits.h>

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/exit_code.hpp"
#include "cli/message_source.hpp"
#include "cli/own_rules.hpp"
#include "cli/terminal.hpp"
#include "report/explanation.hpp"
#include "report/judgement.hpp"

namespace nixie {
namespace {

struct ExplainOptions {
    std::vector<std::string> words;
    std::string rules;
    bool json = false;
};

constexpr const char* explain_footer =
    "What is given is taken for the first of these that it can be:\n"
    "  codes    nothing but an SMTP reply code and an enhanced status code, or one of them: 550, 5.1.1, \"550 5.7.1\"\n"
    "  files    names of files or folders that exist, as `nixie classify` takes them, or - for standard input.\n"
    "           A file that is no message is read as lines. Call a file that is named like a code ./550.\n"
    "  lines    anything else, such as what a log or a report says; put it in quotes for the shell's sake. Each line\n"
    "           with a code of its own is explained by itself.\n"
    "\n"
    "  nixie explain 5.7.26\n"
    "  nixie explain 'PERM_FAILURE: SMTP Error (state 8): 554 5.1.0 Sender Denied'\n"
    "  nixie explain bounce.eml";

bool exists(const std::string& path) {
    std::error_code ignored;
    return path == "-" || std::filesystem::exists(path, ignored);
}

/// The name of a file that is not there, rather than a line: it has no space and looks like a path or a message's name.
bool looks_like_path(const std::string& word) {
    if (word.find_first_of(" \t\n") != std::string::npos) return false;
    return word.starts_with("/") || word.starts_with("./") || word.starts_with("../") || word.starts_with("~/") ||
           word.ends_with(".eml") || word.ends_with(".mbox") || word.ends_with(".txt");
}

void print_explanation(const Explanation& explanation, const std::string& title, const ExplainOptions& options) {
    fmt::print("{}", options.json ? explanation_json(explanation, title) + "\n"
                                  : explanation_text(explanation, title, prose_columns()));
}

int explain_files(const ExplainOptions& options, const Explainer& explainer) {
    int code = EX_OK;
    bool first = true;
    for (const auto& path : options.words) {
        const auto read =
            read_messages(path, Limits{}.bytes, [&](const std::string& file, std::size_t number, const auto& bytes) {
                if (!first && !options.json) fmt::print("\n");
                first = false;
                print_explanation(explainer.of_text(bytes), message_name(file, number), options);
            });
        if (!read) code = fail(read.error());
    }
    return code;
}

int explain(const ExplainOptions& options) {
    const std::string text = fmt::format("{}", fmt::join(options.words, " "));
    if (trim(text).empty())
        return fail({ErrorCode::usage, "there is nothing to explain", {}, "give a code, a line in quotes or a file"});
    if (const auto complaint = code_complaint(text); !complaint.empty())
        return fail({ErrorCode::usage, complaint, {}, "a file of that name is ./" + text});
    const auto judge = judge_with_own(options.rules);
    if (!judge) return fail(judge.error());
    const Explainer explainer(*judge, Registry::built_in());
    if (const auto codes = parse_codes(text)) {
        print_explanation(explainer.of_codes(*codes), text, options);
        return EX_OK;
    }
    if (std::any_of(options.words.begin(), options.words.end(), exists) &&
        std::all_of(options.words.begin(), options.words.end(),
                    [](const std::string& word) { return exists(word) || looks_like_path(word); }))
        return explain_files(options, explainer);
    if (options.words.size() == 1 && looks_like_path(text))
        return fail({ErrorCode::input, "there is no such file", text,
                     "name a file that exists, or put the text to explain in quotes"});
    print_explanation(explainer.of_text(text), text, options);
    return EX_OK;
}

} // namespace

void add_explain(CLI::App& app, Command& chosen) {
    auto options = std::make_shared<ExplainOptions>();
    auto* command = app.add_subcommand("explain", "Say what a code, a line or a message means, and which rule says so");
    command->add_option("what", options->words, "A code, a line in quotes, or messages")->required();
    command->add_flag("--json", options->json, "One line of JSON for each thing that is explained");
    add_rules_option(*command, options->rules);
    command->footer(explain_footer);
    on_chosen(*command, chosen, options, explain);
}

} // namespace nixie
