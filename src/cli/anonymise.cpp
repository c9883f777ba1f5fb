#include <sysexits.h>

#include <cstdio>

#include <fmt/format.h>

#include "anonymise/anonymise.hpp"
#include "cli/commands.hpp"
#include "cli/exit_code.hpp"
#include "cli/message_source.hpp"

namespace nixie {
namespace {

int anonymise_path(const std::string& path) {
    const Judge judge = Judge::built_in();
    const Limits limits;
    int code = EX_OK;
    const auto read =
        read_messages(path, limits.bytes, [&](const std::string& file, std::size_t number, const std::string& bytes) {
            const Anonymised result = anonymise(bytes, judge, limits);
            fmt::print("{}", result.bytes);
            if (result.difference.empty()) return;
            const std::string heading = number > 0 ? fmt::format("{}#{}", file, number) : file;
            fmt::print(stderr, "nixie: {}: the verdict did not survive: {}\n", heading, result.difference);
            code = EX_DATAERR;
        });
    return read ? code : fail(read.error());
}

} // namespace

void add_anonymise(CLI::App& app, Command& chosen) {
    auto path = std::make_shared<std::string>();
    auto* command =
        app.add_subcommand("anonymise", "Print a message with everybody's names replaced and its verdict unchanged");
    command->add_option("path", *path, "A message, an mbox file, or - for standard input")->required();
    command->footer(
        "Replaces addresses, hosts, IP addresses, ids, names, the returned subject and telephone numbers, the same by\n"
        "the same; empties returned messages and attachments. Other wording stays, since it decides: read the result\n"
        "before you send it to anyone.");
    on_chosen(*command, chosen, path, anonymise_path);
}

} // namespace nixie
