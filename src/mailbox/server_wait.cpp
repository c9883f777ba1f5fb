#include "mailbox/server_wait.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <string>

#include "base/text.hpp"

namespace nixie {
namespace {

struct WaitUnit {
    std::string_view name;
    std::uint64_t milliseconds;
};
constexpr std::array<WaitUnit, 15> wait_units{{
    {"ms", 1},
    {"msec", 1},
    {"millisecond", 1},
    {"milliseconds", 1},
    {"s", 1000},
    {"sec", 1000},
    {"secs", 1000},
    {"second", 1000},
    {"seconds", 1000},
    {"min", 60'000},
    {"mins", 60'000},
    {"minute", 60'000},
    {"minutes", 60'000},
    {"hour", 3'600'000},
    {"hours", 3'600'000},
}};

/// Without one of these a length of time tells of something else.
constexpr std::array<std::string_view, 5> wait_words{"backoff", "back off", "retry", "try again", "wait"};

struct KnownLimit {
    std::string_view words;
    Duration wait;
};
constexpr std::array<KnownLimit, 8> known_limits{{
    // Gmail: so many bytes a day; the account stays shut for an hour or more.
    {"bandwidth limit", std::chrono::hours(1)},
    {"exceeded command", std::chrono::hours(1)},
    {"too many simultaneous", std::chrono::minutes(2)},
    {"too many connections", std::chrono::minutes(2)},
    {"maximum number of connections", std::chrono::minutes(2)},
    {"rate limit", std::chrono::minutes(5)}, // Yahoo
    {"is throttled", std::chrono::minutes(5)},
    {"too many login", std::chrono::minutes(15)},
}};

bool is_word_character(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

/// Takes what lies before the next word off the front, then the word: a number and a unit written together are two.
std::string_view next_wait_word(std::string_view& text) {
    const auto begin = std::find_if(text.begin(), text.end(), is_word_character);
    text.remove_prefix(static_cast<std::size_t>(begin - text.begin()));
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    const bool number = !text.empty() && is_digit(text.front());
    const auto end =
        std::find_if(text.begin(), text.end(), [&](char c) { return !is_word_character(c) || is_digit(c) != number; });
    const std::string_view word = text.substr(0, static_cast<std::size_t>(end - text.begin()));
    text.remove_prefix(word.size());
    return word;
}

std::optional<Duration> named_wait(std::string_view text) {
    bool after_number = false;
    std::uint64_t number = 0;
    for (std::string_view word = next_wait_word(text); !word.empty(); word = next_wait_word(text)) {
        if (after_number) {
            const auto unit =
                std::find_if(wait_units.begin(), wait_units.end(), [&](const auto& row) { return row.name == word; });
            if (unit != wait_units.end()) {
                constexpr std::uint64_t most = std::uint64_t{86'400'000};
                const std::uint64_t whole = std::min(number, most) * unit->milliseconds;
                const auto seconds = (std::min(whole, most) + 999) / 1000;
                return std::min(longest_server_wait, Duration{static_cast<Duration::rep>(seconds)});
            }
        }
        const char* const end = word.data() + word.size();
        const auto [stop, error] = std::from_chars(word.data(), end, number);
        after_number = error == std::errc{} && stop == end;
    }
    return std::nullopt;
}

} // namespace

std::optional<Duration> server_wait(std::string_view text) {
    const std::string lower = to_lower(text);
    const auto says = [&](std::string_view words) { return lower.find(words) != std::string::npos; };
    if (std::any_of(wait_words.begin(), wait_words.end(), says))
        if (const auto named = named_wait(lower)) return named;
    const auto known =
        std::find_if(known_limits.begin(), known_limits.end(), [&](const auto& row) { return says(row.words); });
    return known == known_limits.end() ? std::nullopt : std::optional(known->wait);
}

} // namespace nixie
