// What to do about a recipient: the retry clock as a pure function of verdict, history and time.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "nixie/taxonomy.hpp"
#include "nixie/time.hpp"

namespace nixie {

/// Where a recipient stands. `due` is never stored: it is `waiting` whose time has come.
enum class State {
    clear,      ///< nothing known against the address
    waiting,    ///< soft bounce; another try is due at History::due_at
    due,        ///< the time for another try has come
    retried,    ///< another try was made; its outcome is awaited
    exhausted,  ///< bounced after every window: recommended for removal
    suppressed, ///< hard bounce or complaint: stop mailing
};

/// "clear", …
std::string_view name(State state);
/// The inverse; nothing for any other word.
std::optional<State> find_state(std::string_view name);

/// What is known of one recipient so far.
struct History {
    State state = State::clear;
    int window = 0;          ///< index of the window the recipient waits in; meaningful for waiting and retried
    Time due_at{};           ///< when another try is due; meaningful for waiting and retried
    Time last_bounce{};      ///< arrival of the newest report
    int soft_bounces = 0;    ///< since the address was last clear
    int hard_bounces = 0;    ///< ever
    int blocked_bounces = 0; ///< ever
};

/// What a report adds.
struct Incident {
    Kind kind = Kind::bounce;
    BounceType type = BounceType::soft; ///< meaningful for bounces
    Time arrived{};                     ///< the report's own arrival, not when it was read
};

/// Settings of the retry clock.
struct RetryPolicy {
    std::vector<Duration> windows = {std::chrono::hours(1), std::chrono::hours(24), std::chrono::hours(24 * 7)};
    /// Silence for that long after a try was due clears the address; a report that old starts no clock.
    Duration settle = std::chrono::hours(24 * 7);

    friend bool operator==(const RetryPolicy&, const RetryPolicy&) = default;
};

enum class Action {
    none,     ///< nothing changes but counts
    retry,    ///< another try is due at Decision::history.due_at
    exhaust,  ///< the windows are used up: recommend removal
    suppress, ///< stop mailing
    clear,    ///< the address works
};

/// "none", …
std::string_view name(Action action);

/// What to do, why, and the history after it.
struct Decision {
    Action action = Action::none;
    std::string cause; ///< one short sentence for people
    History history;
};

/// The state as of `now`: `waiting` becomes `due` at due_at, and what stayed silent for RetryPolicy::settle after it is `clear`.
State state_at(const History& history, const RetryPolicy& policy, Time now);

/// Pure: no clock, no I/O. The history after it depends on the order of arrival times, not on `now`: a backlog ends where
/// reading it on time would have ended, only without asking for tries whose time is over (Action::none).
/// - Time never runs back: a report older than the newest known one is counted and changes nothing else, unless it is a
///   hard bounce or a complaint.
/// - `delivered` clears any state, but not a suppression with no hard bounce on record (a complaint, or a person's wish).
/// - Without windows nothing is retried: a soft bounce is counted, and the address stays as it is.
Decision decide(const Incident& incident, const History& history, const RetryPolicy& policy, Time now);

} // namespace nixie
