#include "explain/shadows.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <optional>

#include "explain/literal_runs.hpp"
#include "patterns/regex.hpp"

namespace nixie {
namespace {

enum class Reach { anywhere, whole };

/// A pattern with what is known of it, made once.
struct Known {
    std::string text;
    std::unique_ptr<Regex> regex;
    bool usable;
    std::optional<std::vector<PatternBranch>> branches;
    bool assertion;
};

class PatternTable {
  public:
    const Known& operator[](const std::string& text) {
        auto& entry = table_[text];
        if (entry.regex == nullptr) {
            auto regex = std::make_unique<Regex>(text);
            const bool usable = !regex->complaint();
            entry = {text, std::move(regex), usable, literal_runs(text), has_assertion(text)};
        }
        return entry;
    }

  private:
    std::map<std::string, Known> table_;
};

bool matches_each(const Known& pattern, const Literals& texts, Reach reach) {
    return std::all_of(texts.begin(), texts.end(), [&](const std::string& text) {
        return reach == Reach::whole ? pattern.regex->matches_whole(text) : pattern.regex->found_in(text);
    });
}

/// Whether `later` can only match where `earlier` does too.
bool implies(const Known& later, const Known& earlier, Reach reach) {
    if (later.text == earlier.text) return true;
    if (!later.branches || !earlier.usable) return false;
    if (reach == Reach::anywhere && earlier.assertion) return false;
    return std::all_of(later.branches->begin(), later.branches->end(), [&](const PatternBranch& branch) {
        if (reach == Reach::whole) return branch.finite && matches_each(earlier, branch.runs.front(), reach);
        return std::any_of(branch.runs.begin(), branch.runs.end(),
                           [&](const Literals& texts) { return matches_each(earlier, texts, reach); });
    });
}

using Patterns = std::vector<std::string>;

class ShadowFinder {
  public:
    /// Whether each of `later` can only match where some of `earlier` does. No `earlier` asks for nothing.
    bool covers(const Patterns& earlier, const Patterns& later, Reach reach) {
        if (earlier.empty()) return true;
        if (later.empty()) return false;
        return std::all_of(later.begin(), later.end(), [&](const std::string& pattern) {
            return std::any_of(earlier.begin(), earlier.end(), [&](const std::string& other) {
                return implies(table_[pattern], table_[other], reach);
            });
        });
    }
    bool covers_but_text(const Rule& earlier, const Rule& later) {
        return covers(earlier.status, later.status, Reach::whole) && covers(earlier.code, later.code, Reach::whole) &&
               covers(earlier.command, later.command, Reach::whole) &&
               covers(earlier.action, later.action, Reach::whole) && covers(earlier.mta, later.mta, Reach::anywhere) &&
               covers(earlier.domain, later.domain, Reach::anywhere);
    }

  private:
    PatternTable table_;
};

} // namespace

std::vector<Shadow> find_shadows(const std::vector<Rule>& rules) {
    std::vector<Shadow> out;
    ShadowFinder finder;
    for (auto later = rules.begin(); later != rules.end(); ++later) {
        std::vector<const Rule*> possible;
        for (auto earlier = rules.begin(); earlier != later; ++earlier)
            if (finder.covers_but_text(*earlier, *later)) possible.push_back(&*earlier);
        const auto whole = std::find_if(possible.begin(), possible.end(), [&](const Rule* earlier) {
            return finder.covers(earlier->text, later->text, Reach::anywhere);
        });
        if (whole != possible.end()) {
            out.push_back({&*later, *whole, {}, 0});
            continue;
        }
        for (std::size_t i = 0; i < later->text.size(); ++i) {
            const auto by = std::find_if(possible.begin(), possible.end(), [&](const Rule* earlier) {
                return finder.covers(earlier->text, {later->text[i]}, Reach::anywhere);
            });
            if (by != possible.end())
                out.push_back({&*later, *by, later->text[i], i < later->lines.text.size() ? later->lines.text[i] : 0});
        }
    }
    return out;
}

} // namespace nixie
