#include <sysexits.h>

#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/exit_code.hpp"
#include "cli/message_source.hpp"
#include "nixie/judge.hpp"
#include "report/judgement.hpp"

namespace nixie {
namespace {

struct ClassifyOptions {
    std::vector<std::string> paths;
    bool json = false;
    std::size_t max_bytes = Limits{}.bytes;
};

int classify_paths(const ClassifyOptions& options) {
    const Judge judge = Judge::built_in();
    Limits limits;
    limits.bytes = options.max_bytes;
    int code = EX_OK;
    for (const auto& path : options.paths) {
        const auto read =
            read_messages(path, options.max_bytes, [&](const std::string& file, std::size_t number, const auto& bytes) {
                const Judgement judgement = judge(bytes, limits);
                fmt::print("{}", options.json ? judgement_json(judgement, file, number) + "\n"
                                              : judgement_text(judgement, file, number));
            });
        if (!read) code = fail(read.error());
    }
    return code;
}

} // namespace

void add_classify(CLI::App& app, Command& chosen) {
    auto options = std::make_shared<ClassifyOptions>();
    auto* command = app.add_subcommand("classify", "Say what messages report, without a mailbox or a configuration");
    command->add_option("path", options->paths, "Messages, folders, Maildirs, mbox files, or - for standard input")
        ->required();
    command->add_flag("--json", options->json,
                      "One line of JSON a message; those of an mbox of several carry their number as \"message\"");
    command->add_option("--max-bytes", options->max_bytes, "How much of each message is read")
        ->capture_default_str()
        ->check(CLI::Range(std::size_t{1024}, std::size_t{1} << 30));
    command->callback([options, &chosen] { chosen = [options] { return classify_paths(*options); }; });
}

} // namespace nixie
