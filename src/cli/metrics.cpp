#include <sysexits.h>

#include <fmt/format.h>

#include "base/clock.hpp"
#include "cli/commands.hpp"
#include "cli/exit_code.hpp"
#include "cli/load_config.hpp"
#include "report/output_file.hpp"
#include "worker/metrics.hpp"

namespace nixie {
namespace {

struct MetricsOptions {
    std::string config_file;
    std::string file;
};

int show_metrics(const MetricsOptions& options) {
    const auto config = load_config_or_complain(options.config_file);
    if (!config) return EX_CONFIG;
    const auto text = metrics_now(*config, SystemClock());
    if (!text) return fail(text.error());
    if (options.file.empty()) {
        fmt::print("{}", *text);
        return EX_OK;
    }
    const auto written = replace_file(options.file, *text, Readers::everyone);
    return written ? EX_OK : fail(written.error());
}

} // namespace

void add_metrics(CLI::App& app, Command& chosen) {
    auto options = std::make_shared<MetricsOptions>();
    auto* command = app.add_subcommand("metrics", "Print the journal's figures for Prometheus");
    add_config_option(*command, options->config_file);
    command
        ->add_option("file", options->file,
                     "Put them there instead, in one step, for node_exporter's textfile collector")
        ->option_text("FILE");
    command->footer("`nixie run` writes them itself, or answers a scraper: see [metrics] in the configuration.");
    on_chosen(*command, chosen, options, show_metrics);
}

} // namespace nixie
