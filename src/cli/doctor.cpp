#include <sysexits.h>

#include <algorithm>

#include <fmt/format.h>

#include "base/clock.hpp"
#include "cli/commands.hpp"
#include "cli/exit_code.hpp"
#include "cli/load_config.hpp"
#include "cli/terminal.hpp"
#include "doctor/examine.hpp"
#include "doctor/print.hpp"

namespace nixie {
namespace {

struct DoctorOptions {
    std::string config_file;
    std::string mailbox;
    bool write = false;
    bool json = false;
};

Result<std::vector<MailboxConfig>> chosen_mailboxes(const Config& config, const std::string& name) {
    if (name.empty()) return config.mailboxes;
    for (const auto& mailbox : config.mailboxes)
        if (mailbox.name == name) return std::vector<MailboxConfig>{mailbox};
    return Error{ErrorCode::usage, "there is no such mailbox in the configuration", name,
                 "`nixie config check` lists them"};
}

int doctor(const DoctorOptions& options) {
    const auto config = load_config_or_complain(options.config_file);
    if (!config) return EX_CONFIG;
    const auto mailboxes = chosen_mailboxes(*config, options.mailbox);
    if (!mailboxes) return fail(mailboxes.error());
    const SystemClock clock;
    const Colours colours = output_colours();
    std::vector<Examination> examinations;
    // Each is shown as soon as it is known: a server may take its time.
    const auto add = [&](Examination examination) {
        if (!options.json) fmt::print("{}\n", examination_text(examination, prose_columns(), colours));
        std::fflush(stdout);
        examinations.push_back(std::move(examination));
    };
    add(examine_installation(*config, clock));
    for (const auto& mailbox : *mailboxes)
        add(examine_mailbox(mailbox, options.write ? Writing::scratch_folders : Writing::no, clock));
    fmt::print("{}", options.json ? examinations_json(examinations) : verdict_text(examinations, colours));
    return static_cast<int>(gravest(examinations)); // 0, 1 or 2, as of `nixie status`
}

} // namespace

void add_doctor(CLI::App& app, Command& chosen) {
    auto options = std::make_shared<DoctorOptions>();
    auto* command = app.add_subcommand(
        "doctor", "Try everything from the host's name to the folders, and say what it means and what to do");
    add_config_option(*command, options->config_file);
    command->add_option("MAILBOX", options->mailbox, "Only this one; without it all");
    command->add_flag("--write", options->write,
                      "Also create two scratch folders, move a message between them, and remove all of that");
    command->add_flag("--json", options->json, "One JSON object");
    command->footer(
        "Ends with 0 where all is well, 1 for a warning, 2 for a problem. Without --write it changes nothing. One "
        "mailbox\n"
        "that fails does not stop the others; what could not be tried says so.");
    on_chosen(*command, chosen, options, doctor);
}

} // namespace nixie
