#include "worker/metrics.hpp"

#include "log/log.hpp"
#include "report/metrics.hpp"
#include "report/output_file.hpp"
#include "worker/journal.hpp"
#include "worker/retry_policies.hpp"

namespace nixie {

Result<std::string> metrics_now(const Config& config, const Clock& clock) {
    auto store = open_journal(config, StoreAccess::read);
    if (!store) return store.error();
    const auto figures = store->figures(retry_policies(config), clock.now());
    if (!figures) return figures.error();
    std::vector<std::string> mailboxes;
    for (const auto& mailbox : config.mailboxes) mailboxes.push_back(mailbox.name);
    return metrics_text(*figures, mailboxes, clock.now());
}

Result<void> write_metrics(const Config& config, const Clock& clock) {
    if (config.metrics.textfile.empty()) return {};
    const auto text = metrics_now(config, clock);
    if (!text) return text.error();
    return replace_file(config.metrics.textfile, *text, Readers::everyone);
}

void MetricsDesk::attend() {
    const auto settings = house_.settings();
    listen(settings->config.metrics);
    const auto written = write_metrics(settings->config, house_.clock);
    if (written)
        told_file_.clear();
    else
        complain(told_file_, written.error());
}

void MetricsDesk::listen(const MetricsConfig& config) {
    if (listener_ && config == config_) return;
    listener_.reset();
    config_ = config;
    if (config.port == 0) return;
    auto listener = MetricsListener::open(
        config.host, config.port, [&house = house_] { return metrics_now(house.settings()->config, house.clock); });
    if (listener) {
        listener_ = std::move(listener).value();
        told_listener_.clear();
        log(LogLevel::info, "metrics are told", {{"host", config.host}, {"port", config.port}});
    } else {
        complain(told_listener_, listener.error());
    }
}

void MetricsDesk::complain(std::string& told, const Error& error) {
    if (told == error.text()) return;
    told = error.text();
    log(LogLevel::error, error, {{"what", "metrics"}});
}

} // namespace nixie
