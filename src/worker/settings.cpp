#include "worker/settings.hpp"

#include <future>

namespace nixie {

const Judge& LazyJudge::get() const {
    std::call_once(made_, [this] {
        if (judge_) return;
        // Both take a while, and every message waits for them.
        auto rules = std::async(std::launch::async, [] { return Rules::built_in(); });
        auto formats = Formats::built_in();
        judge_ = std::make_shared<const Judge>(std::move(formats), rules.get(), attribution_);
    });
    return *judge_;
}

SettingsResult load_settings(const std::string& file, const Clock& clock) {
    ConfigResult read = load_config(file);
    if (!read.config) return {nullptr, std::move(read.errors)};
    const VerpConfig verp = read.config->verp;
    std::shared_ptr<Settings> settings;
    if (read.config->rules_directory.empty()) {
        settings = std::make_shared<Settings>(std::move(*read.config));
    } else {
        auto judge = Judge::with_own(read.config->rules_directory, read.config->attribution);
        if (!judge) return {nullptr, {judge.error()}};
        settings = std::make_shared<Settings>(std::move(*read.config),
                                              std::make_shared<const Judge>(std::move(judge).value()));
    }
    if (!verp.address.empty()) {
        auto guard = ReturnPathGuard::make(verp, clock);
        if (!guard) return {nullptr, {guard.error()}};
        settings->judge.set_guard(std::move(guard).value());
    }
    return {std::move(settings), {}};
}

} // namespace nixie
