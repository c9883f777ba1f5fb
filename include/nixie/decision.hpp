// What to do about a recipient: the retry clock and the thresholds as pure functions of verdict, history and time.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "nixie/sender.hpp"
#include "nixie/taxonomy.hpp"
#include "nixie/time.hpp"

namespace nixie {

/// Where a recipient stands; retry_clock.hpp tells what leads from where to where. `due` is never stored: it is `waiting`
/// whose time has come.
enum class State {
    clear,      ///< nothing known against the address
    waiting,    ///< soft bounce; another try is due at History::due_at
    due,        ///< the time for another try has come
    retried,    ///< another try was made; its outcome is awaited
    exhausted,  ///< bounced after every window, or on too many days: recommended for removal
    suppressed, ///< hard bounce, complaint or a person's wish: stop mailing
};

/// "clear", …
std::string_view name(State state);
/// The inverse; nothing for any other word.
std::optional<State> find_state(std::string_view name);

/// Why an address is suppressed. A success takes back only what a hard bounce did.
enum class Ground { none, hard_bounce, complaint, person };

/// "", "hard-bounce", …
std::string_view name(Ground ground);
/// The inverse; Ground::none for any other word.
Ground find_ground(std::string_view name);

/// A day on which an address bounced, as the thresholds count it.
struct Strike {
    int day = 0; ///< days since 1970-01-01, UTC
    BounceType type = BounceType::soft;
    Category category = Category::other;

    friend bool operator==(const Strike&, const Strike&) = default;
};

/// What is known of one recipient so far.
struct History {
    State state = State::clear;
    int window = 0;          ///< index of the window the recipient waits in; meaningful for waiting and retried
    Time due_at{};           ///< waiting: when another try is due; retried: when it was made, or due if that is later
    Time last_bounce{};      ///< arrival of the newest report
    Time last_success{};     ///< arrival of the newest sign that the address works
    int soft_bounces = 0;    ///< since the address was last clear
    int hard_bounces = 0;    ///< ever
    int blocked_bounces = 0; ///< ever
    int complaints = 0;      ///< ever
    Ground ground = Ground::none; ///< meaningful for suppressed
    std::vector<Strike> strikes;  ///< since the last success, oldest first; bounded: see note_strike()

    friend bool operator==(const History&, const History&) = default;
};

/// What a report adds.
struct Incident {
    Kind kind = Kind::bounce;
    BounceType type = BounceType::soft; ///< meaningful for bounces, like reason and category
    Time arrived{};                     ///< the report's own arrival, not when it was read
    Reason reason = Reason::undefined;
    Category category = Category::other;
};

/// Bounces on so many distinct days (UTC) within so long a time. `days` 0: never.
struct Threshold {
    int days = 0;
    Duration within{};

    friend bool operator==(const Threshold&, const Threshold&) = default;
};

/// When bounces add up to more than each of them says. `blocked` has none: it says nothing about the address.
struct Thresholds {
    Threshold soft{5, std::chrono::hours(24 * 30)};  ///< then recommended for removal
    Threshold hard{1, std::chrono::hours(24 * 365)}; ///< then suppressed
    /// Categories that are counted by themselves.
    std::map<Category, Threshold> soft_in, hard_in;
    bool replies_clear = true; ///< whether an auto-reply or other mail from an address shows that it works

    friend bool operator==(const Thresholds&, const Thresholds&) = default;
};

/// The most distinct days that a threshold may ask for; bounds History::strikes.
inline constexpr int most_threshold_days = 30;

/// Settings of the retry clock.
struct RetryPolicy {
    std::vector<Duration> windows = {std::chrono::hours(1), std::chrono::hours(24), std::chrono::hours(24 * 7)};
    /// Silence for that long after a try was due clears the address; a report that old starts no clock.
    Duration settle = std::chrono::hours(24 * 7);
    /// Other windows, or none; a reason's come before its category's.
    std::map<Reason, std::vector<Duration>> windows_for_reason = {};
    std::map<Category, std::vector<Duration>> windows_for_category = {};
    Thresholds thresholds = {};
    SenderPolicy sender = {};

    [[nodiscard]] const std::vector<Duration>& windows_for(Reason reason, Category category) const;
    /// Of all windows.
    [[nodiscard]] Duration longest_window() const;

    friend bool operator==(const RetryPolicy&, const RetryPolicy&) = default;
};

enum class Action {
    none,     ///< nothing changes but counts
    retry,    ///< another try is due at Decision::history.due_at
    exhaust,  ///< the windows are used up, or too many days: recommend removal
    suppress, ///< stop mailing
    clear,    ///< the address works
    hold,     ///< would suppress, but the sender seems to be in trouble: a person decides
};

/// "none", …
std::string_view name(Action action);
/// The inverse; Action::none for any other word.
Action find_action(std::string_view name);

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
///   hard bounce or a complaint. What is older than a success is no evidence against the address, unless it is a complaint.
/// - A report from the future arrives now: a wrong clock must not make all later reports old.
/// - A success (`delivered`; auto-replies and other mail where Thresholds::replies_clear) clears any state, but not a
///   suppression that a complaint or a person caused.
/// - Without windows nothing is retried: a soft bounce is counted, and the address stays as it is.
Decision decide(const Incident& incident, const History& history, const RetryPolicy& policy, Time now);

/// What people and time do to a recipient.
enum class Order {
    tried,    ///< another try was made; only of an address that is due
    suppress, ///< stop mailing, until `clear` or another command
    clear,    ///< nothing is known against the address any more
};

/// "tried", …
std::string_view name(Order order);
std::optional<Order> find_order(std::string_view name);

Decision carry_out(Order order, const History& history, const RetryPolicy& policy, Time now);

/// Makes lasting what state_at() says after a silence; Action::clear if that changes the state.
Decision settle(const History& history, const RetryPolicy& policy, Time now);

} // namespace nixie
