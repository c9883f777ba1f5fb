#include <sysexits.h>

#include <map>

#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/exit_code.hpp"
#include "cli/message_source.hpp"
#include "cli/own_rules.hpp"
#include "cli/terminal.hpp"
#include "report/judgement.hpp"
#include "report/sisimai.hpp"

namespace nixie {
namespace {

enum class ClassifyFormat { text, table, json, sisimai };

const std::map<std::string, ClassifyFormat> format_names{{"text", ClassifyFormat::text},
                                                         {"table", ClassifyFormat::table},
                                                         {"json", ClassifyFormat::json},
                                                         {"sisimai", ClassifyFormat::sisimai}};

struct ClassifyOptions {
    std::vector<std::string> paths;
    std::string rules;
    ClassifyFormat format = ClassifyFormat::text;
    std::size_t max_bytes = Limits{}.bytes;
};

/// Prints judgements one by one, or all at the end where the form of the output needs that.
class JudgementPrinter {
  public:
    explicit JudgementPrinter(ClassifyFormat format) : format_(format) {
        if (format_ == ClassifyFormat::sisimai) fmt::print("[");
    }

    void print(const Judgement& judgement, const std::string& file, std::size_t number) {
        switch (format_) {
            case ClassifyFormat::text:
                fmt::print("{}", judgement_text(judgement, file, number));
                break;
            case ClassifyFormat::table:
                add_to_table(table_, judgement, file, number);
                break;
            case ClassifyFormat::json:
                fmt::print("{}\n", judgement_json(judgement, file, number));
                break;
            case ClassifyFormat::sisimai:
                if (const auto objects = sisimai_objects(judgement, file); !objects.empty()) {
                    fmt::print("{}{}", any_ ? ",\n" : "", objects);
                    any_ = true;
                }
                break;
        }
    }
    void finish() const {
        if (format_ == ClassifyFormat::sisimai) fmt::print("]\n");
        if (format_ == ClassifyFormat::table) fmt::print("{}", table_.text(terminal_columns()));
    }

  private:
    ClassifyFormat format_;
    Table table_ = judgement_table();
    bool any_ = false;
};

int classify_paths(const ClassifyOptions& options) {
    const auto judge = judge_with_own(options.rules);
    if (!judge) return fail(judge.error());
    Limits limits;
    limits.bytes = options.max_bytes;
    int code = EX_OK;
    JudgementPrinter printer(options.format);
    for (const auto& path : options.paths) {
        const auto read =
            read_messages(path, options.max_bytes, [&](const std::string& file, std::size_t number, const auto& bytes) {
                printer.print((*judge)(bytes, limits), file, number);
            });
        if (!read) code = fail(read.error());
    }
    printer.finish();
    return code;
}

} // namespace

void add_classify(CLI::App& app, Command& chosen) {
    auto options = std::make_shared<ClassifyOptions>();
    auto* command = app.add_subcommand("classify", "Say what messages report, without a mailbox or a configuration");
    command->add_option("path", options->paths, "Messages, folders, Maildirs, mbox files, or - for standard input")
        ->required();
    auto* format = command
                       ->add_option("--format", options->format,
                                    "text: some lines a message; table: a row a recipient, for eyes;\n"
                                    "json: one line of JSON a message; sisimai: the JSON of Sisimai 5")
                       ->transform(CLI::CheckedTransformer(format_names).description(""))
                       ->option_text("text|table|json|sisimai");
    command
        ->add_flag_callback(
            "--json", [options] { options->format = ClassifyFormat::json; },
            "The same as --format json; messages of an mbox of several carry their number as \"message\"")
        ->excludes(format);
    command->add_option("--max-bytes", options->max_bytes, "How much of each message is read")
        ->capture_default_str()
        ->check(CLI::Range(std::size_t{1024}, std::size_t{1} << 30));
    add_rules_option(*command, options->rules);
    on_chosen(*command, chosen, options, classify_paths);
}

} // namespace nixie
