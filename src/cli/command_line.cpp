#include "cli/command_line.hpp"

#include <sysexits.h>

#include <csignal>
#include <system_error>

#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/exit_code.hpp"
#include "log/log.hpp"

namespace nixie {
namespace {

constexpr const char* program_description =
    "Sorts a bounce mailbox: says what happened to which recipient and why, records it, says when another try is due,\n"
    "and files every message in a folder named for its category.";

std::string program_footer() {
    std::string out =
        "Begin with `nixie classify MESSAGE`, which needs no configuration, then `nixie init`.\n\nExit codes:\n";
    for (const auto& row : exit_codes) out += fmt::format("  {:<3} {}\n", row.code, row.meaning);
    out.pop_back();
    return out;
}

/// The program's footer belongs to the program alone.
void drop_inherited_footer(CLI::App& command, const std::string& inherited) {
    if (command.get_footer() == inherited) command.footer("");
    for (auto* nested : command.get_subcommands([](CLI::App*) { return true; }))
        drop_inherited_footer(*nested, inherited);
}

void set_up_process() {
    // A write to a connection that the other side has closed is an error to report, not a reason to die.
    std::signal(SIGPIPE, SIG_IGN);
    static_cast<void>(set_up_log({})); // cannot fail: it goes to standard error
}

} // namespace

int run_command_line(int argc, const char* const* argv) {
    set_up_process();
    CLI::App app(program_description, "nixie");
    app.set_version_flag("--version", "nixie " NIXIE_VERSION);
    app.footer(program_footer());
    app.require_subcommand(0, 1); // to require one would hide a misspelt one behind "a subcommand is required"
    Command chosen;
    add_run(app, chosen);
    add_status(app, chosen);
    add_classify(app, chosen);
    add_anonymise(app, chosen);
    add_explain(app, chosen);
    add_rules(app, chosen);
    add_due(app, chosen);
    add_recipient(app, chosen);
    add_corrections(app, chosen);
    add_reprocess(app, chosen);
    add_outbox(app, chosen);
    add_report(app, chosen);
    add_metrics(app, chosen);
    add_verp(app, chosen);
    add_suppressions(app, chosen);
    add_held(app, chosen);
    add_db(app, chosen);
    add_rates(app, chosen);
    add_sent(app, chosen);
    add_delivered(app, chosen);
    add_config(app, chosen);
    add_init(app, chosen);
    add_doctor(app, chosen);
    add_auth(app, chosen);
    add_completion(app, chosen);
    add_manual(app, chosen);
    for (auto* command : app.get_subcommands([](CLI::App*) { return true; }))
        drop_inherited_footer(*command, app.get_footer());
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? EX_OK : EX_USAGE;
    }
    if (!chosen) {
        fmt::print(stderr, "nixie: which command?\n\n{}", app.help());
        return EX_USAGE;
    }
    try {
        return chosen();
    } catch (const std::system_error&) { // fmt::print() into a pipe that nobody reads any more
        return EX_IOERR;
    }
}

} // namespace nixie
