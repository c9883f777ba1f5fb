// The program's commands, one file each.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>

namespace nixie {

/// What the chosen command does; answers the exit code. Set while the command line is parsed, called afterwards.
using Command = std::function<int()>;

/// What `command` does if it is the one: `run`, with the options that the command line filled in.
template <class Options, class Run>
void on_chosen(CLI::App& command, Command& chosen, std::shared_ptr<Options> options, Run run) {
    command.callback([&chosen, options, run] { chosen = [options, run] { return run(*options); }; });
}

void add_run(CLI::App& app, Command& chosen);
void add_status(CLI::App& app, Command& chosen);
void add_classify(CLI::App& app, Command& chosen);
void add_anonymise(CLI::App& app, Command& chosen);
void add_explain(CLI::App& app, Command& chosen);
void add_rules(CLI::App& app, Command& chosen);
void add_due(CLI::App& app, Command& chosen);
void add_recipient(CLI::App& app, Command& chosen);
void add_corrections(CLI::App& app, Command& chosen);
void add_reprocess(CLI::App& app, Command& chosen);
void add_outbox(CLI::App& app, Command& chosen);
void add_metrics(CLI::App& app, Command& chosen);
void add_report(CLI::App& app, Command& chosen);
void add_verp(CLI::App& app, Command& chosen);
void add_db(CLI::App& app, Command& chosen);
void add_held(CLI::App& app, Command& chosen);
void add_rates(CLI::App& app, Command& chosen);
void add_sent(CLI::App& app, Command& chosen);
void add_suppressions(CLI::App& app, Command& chosen);
void add_delivered(CLI::App& app, Command& chosen);
void add_config(CLI::App& app, Command& chosen);
void add_init(CLI::App& app, Command& chosen);
void add_doctor(CLI::App& app, Command& chosen);
void add_auth(CLI::App& app, Command& chosen);
void add_completion(CLI::App& app, Command& chosen);
void add_manual(CLI::App& app, Command& chosen);

} // namespace nixie
