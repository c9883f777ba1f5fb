// One reading of the configuration, with the rules that it names.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "config/config.hpp"
#include "nixie/judge.hpp"
#include "nixie/result.hpp"
#include "worker/return_paths.hpp"

namespace nixie {

/// A Judge that is made when first asked for: a service may find no message for long, and a single pass makes it while the servers
/// answer. What signed return paths say is part of its judgement. Thread-safe.
class LazyJudge {
  public:
    /// That with the built-in rules alone.
    explicit LazyJudge(Attribution attribution = {}) : attribution_(std::move(attribution)) {}
    explicit LazyJudge(std::shared_ptr<const Judge> judge) : judge_(std::move(judge)) {}

    [[nodiscard]] Judgement operator()(std::string_view bytes, const Limits& limits) const {
        Judgement judgement = get()(bytes, limits);
        if (guard_) guard_->apply(bytes, judgement);
        return judgement;
    }
    [[nodiscard]] const ReturnPathGuard* guard() const { return guard_ ? &*guard_ : nullptr; }
    /// Before any thread uses it.
    void set_guard(ReturnPathGuard guard) { guard_ = std::move(guard); }
    [[nodiscard]] const Judge& get() const;

  private:
    mutable std::once_flag made_;
    mutable std::shared_ptr<const Judge> judge_;
    Attribution attribution_; ///< of a judge that is still to be made
    std::optional<ReturnPathGuard> guard_;
};

/// Shared by threads, and never changed.
struct Settings {
    explicit Settings(Config read) : config(std::move(read)), judge(config.attribution) {}
    Settings(Config read, std::shared_ptr<const Judge> made) : config(std::move(read)), judge(std::move(made)) {}

    Config config;
    LazyJudge judge;
};

/// Either settings, or at least one complaint.
struct SettingsResult {
    std::shared_ptr<const Settings> settings;
    std::vector<Error> errors;
};

/// Reads the configuration, and the rules of one's own and the key ring where there are any. `clock` must outlive the settings.
SettingsResult load_settings(const std::string& file, const Clock& clock);

} // namespace nixie
