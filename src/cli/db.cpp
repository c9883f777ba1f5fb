#include <sysexits.h>

#include <filesystem>

#include <fmt/format.h>

#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/exit_code.hpp"
#include "cli/load_config.hpp"
#include "cli/with_journal.hpp"
#include "report/figures.hpp"
#include "store/lock.hpp"

namespace nixie {
namespace {

struct DbOptions {
    std::string config_file;
    std::string file;
};

int check_journal(const DbOptions& options) {
    return with_journal(options.config_file, StoreAccess::read, [&](const Config& config, Store& store) {
        const auto problems = store.check();
        if (!problems) return fail(problems.error());
        for (const auto& problem : *problems) fmt::print("{}\n", printable(problem));
        fmt::print("{}: {}\n", config.state,
                   problems->empty() ? "whole" : "damaged: restore a backup, or begin a new journal");
        return problems->empty() ? EX_OK : EX_DATAERR;
    });
}

int back_up_journal(const DbOptions& options) {
    return with_journal(options.config_file, StoreAccess::amend, [&](const Config& config, Store& store) {
        if (const auto done = store.back_up(options.file); !done) return fail(done.error());
        fmt::print("{}: a copy of {}\n", options.file, config.state);
        return EX_OK;
    });
}

int vacuum_journal(const DbOptions& options) {
    return with_journal(options.config_file, StoreAccess::amend, [](const Config& config, Store& store) {
        const auto lock = InstanceLock::take(config.state);
        if (!lock) return fail(lock.error());
        const auto before = std::filesystem::file_size(config.state);
        if (const auto done = store.vacuum(); !done) return fail(done.error());
        fmt::print("{}: {}, {} before\n", config.state, bytes_text(std::filesystem::file_size(config.state)),
                   bytes_text(before));
        return EX_OK;
    });
}

} // namespace

void add_db(CLI::App& app, Command& chosen) {
    auto options = std::make_shared<DbOptions>();
    auto* command = app.add_subcommand("db", "Look after the journal: check, backup, vacuum");
    command->require_subcommand(1);
    const auto add = [&](const char* name, const char* meaning, auto work) {
        auto* one = command->add_subcommand(name, meaning);
        add_config_option(*one, options->config_file);
        on_chosen(*one, chosen, options, work);
        return one;
    };
    add("check", "Read all of it and say what is damaged or contradicts itself; changes nothing", check_journal);
    add("backup", "Copy it, also while nixie runs", back_up_journal)
        ->add_option("file", options->file, "The copy; must not be there yet")
        ->required();
    add("vacuum", "Give back the space of what was removed; not while nixie runs", vacuum_journal);
}

} // namespace nixie
