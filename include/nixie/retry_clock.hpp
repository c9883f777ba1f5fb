// The states of a recipient and the moves between them, as one table. decide() looks up every change of state in it, and the
// diagram in the documentation is printed from it.
#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "nixie/decision.hpp"

namespace nixie {

/// What may move a recipient from one state to another.
enum class Trigger {
    soft,            ///< in waiting: before the try was due; in due and retried: another window is left
    soft_after_last, ///< no window is left
    soft_days,       ///< Thresholds::soft
    hard,            ///< Thresholds::hard
    complaint,
    success,
    window_over,
    tried,
    silence,
    suppress,
    clear,
};

struct TriggerInfo {
    Trigger trigger;
    std::string_view name; ///< as the diagram calls it
};

inline constexpr std::array<TriggerInfo, 11> triggers{{
    {Trigger::soft, "soft bounce"},
    {Trigger::soft_after_last, "soft bounce after the last window"},
    {Trigger::soft_days, "soft bounces on too many days"},
    {Trigger::hard, "hard bounce"},
    {Trigger::complaint, "complaint"},
    {Trigger::success, "success"},
    {Trigger::window_over, "window over"},
    {Trigger::tried, "another try made"},
    {Trigger::silence, "silence"},
    {Trigger::suppress, "suppressed by command"},
    {Trigger::clear, "cleared by command"},
}};
static_assert(detail::in_order(triggers, &TriggerInfo::trigger));

struct Move {
    State from;
    Trigger on;
    State to;
};

inline constexpr std::array<Move, 44> moves{{
    {State::clear, Trigger::soft, State::waiting},
    {State::clear, Trigger::soft_days, State::exhausted},
    {State::clear, Trigger::hard, State::suppressed},
    {State::clear, Trigger::complaint, State::suppressed},
    {State::clear, Trigger::suppress, State::suppressed},
    {State::clear, Trigger::success, State::clear},
    {State::clear, Trigger::clear, State::clear},

    {State::waiting, Trigger::soft, State::waiting},
    {State::waiting, Trigger::window_over, State::due},
    {State::waiting, Trigger::soft_days, State::exhausted},
    {State::waiting, Trigger::hard, State::suppressed},
    {State::waiting, Trigger::complaint, State::suppressed},
    {State::waiting, Trigger::suppress, State::suppressed},
    {State::waiting, Trigger::success, State::clear},
    {State::waiting, Trigger::clear, State::clear},

    {State::due, Trigger::tried, State::retried},
    {State::due, Trigger::soft, State::waiting},
    {State::due, Trigger::soft_after_last, State::exhausted},
    {State::due, Trigger::soft_days, State::exhausted},
    {State::due, Trigger::hard, State::suppressed},
    {State::due, Trigger::complaint, State::suppressed},
    {State::due, Trigger::suppress, State::suppressed},
    {State::due, Trigger::success, State::clear},
    {State::due, Trigger::silence, State::clear},
    {State::due, Trigger::clear, State::clear},

    {State::retried, Trigger::soft, State::waiting},
    {State::retried, Trigger::soft_after_last, State::exhausted},
    {State::retried, Trigger::soft_days, State::exhausted},
    {State::retried, Trigger::hard, State::suppressed},
    {State::retried, Trigger::complaint, State::suppressed},
    {State::retried, Trigger::suppress, State::suppressed},
    {State::retried, Trigger::success, State::clear},
    {State::retried, Trigger::silence, State::clear},
    {State::retried, Trigger::clear, State::clear},

    {State::exhausted, Trigger::hard, State::suppressed},
    {State::exhausted, Trigger::complaint, State::suppressed},
    {State::exhausted, Trigger::suppress, State::suppressed},
    {State::exhausted, Trigger::success, State::clear},
    {State::exhausted, Trigger::clear, State::clear},

    {State::suppressed, Trigger::hard, State::suppressed},
    {State::suppressed, Trigger::complaint, State::suppressed},
    {State::suppressed, Trigger::suppress, State::suppressed},
    {State::suppressed, Trigger::success, State::clear}, // only what a hard bounce suppressed
    {State::suppressed, Trigger::clear, State::clear},
}};

/// Nothing where that trigger moves nothing.
constexpr std::optional<State> next_state(State from, Trigger on) {
    for (const auto& move : moves)
        if (move.from == from && move.on == on) return move.to;
    return std::nullopt;
}

} // namespace nixie
