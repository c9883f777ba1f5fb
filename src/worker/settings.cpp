#include "worker/settings.hpp"

namespace nixie {

const Judge& LazyJudge::get() const {
    std::call_once(made_, [this] {
        if (!judge_) judge_ = Judge::built_in();
    });
    return *judge_;
}

SettingsResult load_settings(const std::string& file) {
    ConfigResult read = load_config(file);
    if (!read.config) return {nullptr, std::move(read.errors)};
    if (read.config->rules_directory.empty()) return {std::make_shared<const Settings>(std::move(*read.config)), {}};
    auto judge = Judge::with_own(read.config->rules_directory);
    if (!judge) return {nullptr, {judge.error()}};
    return {std::make_shared<const Settings>(std::move(*read.config), std::move(judge).value()), {}};
}

} // namespace nixie
