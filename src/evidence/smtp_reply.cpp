// Read by hand, not by patterns: every diagnostic is searched for replies, and most of what they could begin at is none.
#include "evidence/smtp_reply.hpp"

#include <array>

#include "base/text.hpp"

namespace nixie {
namespace {

constexpr std::size_t code_length = 3;

constexpr bool is_reply_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_reply_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
constexpr bool is_reply_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r' && c != '\v'); }
constexpr bool is_gap(char c) { return is_reply_blank(c) || c == '-'; }

/// A place in a text: what stands before it and from it on.
struct Spot {
    std::string_view text;
    std::size_t at;

    [[nodiscard]] std::string_view before() const { return text.substr(0, at); }
    [[nodiscard]] bool at_end() const { return at >= text.size(); }
    [[nodiscard]] bool at_line_end() const { return at_end() || text[at] == '\n'; }
    [[nodiscard]] bool at_digit() const { return !at_end() && is_reply_digit(text[at]); }
    [[nodiscard]] bool at_one_of(std::string_view set) const {
        return !at_end() && set.find(text[at]) != std::string_view::npos;
    }
    [[nodiscard]] Spot plus(std::size_t count) const { return {text, at + count}; }
    template <class Is>
    [[nodiscard]] Spot past(Is is) const {
        Spot out = *this;
        while (!out.at_end() && is(text[out.at])) ++out.at;
        return out;
    }
};

template <class Is>
std::string_view without_last(std::string_view text, Is is) {
    while (!text.empty() && is(text.back())) text.remove_suffix(1);
    return text;
}

/// One to three digits. Their number, or 0 where there are none or more.
std::size_t digits_at(Spot spot) {
    const auto count = spot.past(is_reply_digit).at - spot.at;
    return count <= 3 ? count : 0;
}

/// Of "5.1.1", whatever its class; 0 where it is part of an address or a version such as 5.0.2195.6713.
std::size_t status_length(Spot spot) {
    const auto dot = spot.plus(1);
    const auto subject = digits_at(dot.plus(1));
    const auto second_dot = dot.plus(1 + subject);
    const auto detail = digits_at(second_dot.plus(1));
    if (!dot.at_one_of(".") || subject == 0 || !second_dot.at_one_of(".") || detail == 0) return 0;
    const auto end = second_dot.plus(1 + detail);
    if (end.at_one_of(".") && end.plus(1).at_digit()) return 0;
    return end.at - spot.at;
}

constexpr bool is_in_number(char c) { return is_reply_digit(c) || c == '.'; }

/// Where the status of the reply code at `spot` begins: right behind it, but for a few signs.
Spot behind_code(Spot spot) {
    const auto is_opening = [](char c) { return c == '\'' || c == '"' || c == '#' || c == '(' || c == '['; };
    return spot.plus(code_length).past(is_gap).past(is_opening);
}

/// "said: ", "Error code: ", but no more than one colon.
bool ends_in_announcement(std::string_view text) {
    constexpr std::array<std::string_view, 10> words{"said",     "says",  "replied", "responded", "returned",
                                                     "response", "reply", "error",   "code",      "status"};
    if (text.ends_with(':')) text.remove_suffix(1);
    const auto ends_in = [&](std::string_view word) {
        return text.size() >= word.size() && equals_ignoring_case(text.substr(text.size() - word.size()), word);
    };
    for (const auto word : words)
        if (ends_in(word)) return true;
    if (!ends_in("with")) return false;
    const auto said = text.substr(0, text.size() - 4);
    text = without_last(said, is_reply_blank);
    return text.size() < said.size() && ends_in("responded");
}

/// Nothing but a few signs stands between the line's beginning and the end of `text`.
bool is_near_line_begin(std::string_view text) {
    constexpr int most_signs = 4;
    for (int signs = 0;; ++signs) {
        if (text.empty() || text.back() == '\n') return true;
        const char last = text.back();
        if (signs == most_signs || is_reply_digit(last) || is_reply_letter(last) || last == '_') return false;
        text = clip(text, text.size() - 1); // a whole character
    }
}

/// The likeliest place of a reply code.
bool is_announced(Spot code) {
    const auto end = code.plus(code_length);
    if (!end.at_line_end() && !end.at_one_of(" \t\r\f:,.;)'\"-")) return false;
    const auto before = without_last(code.before(), is_reply_blank);
    return before.ends_with("<<<") || (before.size() < code.at && ends_in_announcement(before)) ||
           is_near_line_begin(code.before());
}

/// Behind a sign, and in front of some words or of a closing sign.
bool is_after_sign(Spot code) {
    const auto before = without_last(code.before(), is_reply_blank);
    constexpr std::string_view signs = ":;'\"([<#/-";
    if (before.empty() || signs.find(before.back()) == std::string_view::npos) return false;
    const auto end = code.plus(code_length);
    const auto words = end.past(is_gap);
    if (words.at == end.at) return end.at_one_of(")'\"]");
    const auto gap = code.text.substr(end.at + 1, words.at - end.at - 1);
    return gap.find('-') != std::string_view::npos || (!words.at_end() && !words.at_digit());
}

/// A usual code among words.
bool is_among_words(Spot code) {
    const auto before = code.before();
    const bool usual = code.plus(1).at_one_of(code.at_one_of("4") ? "25" : "0235");
    if (!usual || before.empty() || !is_reply_blank(before.back())) return false;
    const auto gap = code.plus(code_length);
    const auto end = gap.past(is_gap);
    const auto word = end.plus(end.at_one_of("#<(\"'") ? 1 : 0);
    return end.at > gap.at && !word.at_end() && is_reply_letter(code.text[word.at]);
}

/// From the likeliest place of a code to the least.
constexpr std::array<bool (*)(Spot), 3> likely_places{is_announced, is_after_sign, is_among_words};

/// Which of `likely_places` a code stands at, if one before `most`; else `most`.
std::size_t rank_of(Spot code, std::size_t most) {
    // No code of RFC 5321 or of what is written like one has another second digit.
    if (!code.plus(1).at_one_of("0123457")) return most;
    std::size_t rank = 0;
    while (rank < most && !likely_places[rank](code)) ++rank;
    return rank;
}

bool is_within_number(Spot spot) { return spot.at > 0 && is_in_number(spot.text[spot.at - 1]); }
bool is_within_name(Spot spot) { return spot.at > 0 && is_reply_letter(spot.text[spot.at - 1]); }

std::string text_of(Spot spot, std::size_t length) { return std::string(spot.text.substr(spot.at, length)); }

} // namespace

SmtpReply find_reply(std::string_view text) {
    SmtpReply out;
    auto rank = likely_places.size();
    for (Spot spot{text, 0}; !spot.at_end(); ++spot.at) {
        if (text[spot.at] != '4' && text[spot.at] != '5') continue;
        if (const bool is_code = spot.plus(1).at_digit() && spot.plus(2).at_digit(); is_code) {
            // A reply code with its enhanced status right behind it is the surest reading.
            if (const auto status = behind_code(spot); status.at_one_of("45") && !is_within_number(spot))
                if (const auto length = status_length(status); length > 0)
                    return {text_of(spot, code_length), text_of(status, length), true};
            if (const auto its_rank = rank_of(spot, rank); its_rank < rank) {
                out.code = text_of(spot, code_length);
                rank = its_rank;
            }
        } else if (out.status.empty() && !is_within_number(spot) && !is_within_name(spot)) {
            out.status = text_of(spot, status_length(spot));
        }
    }
    return out;
}

std::string find_status(std::string_view text) {
    for (Spot spot{text, 0}; !spot.at_end(); ++spot.at)
        if (spot.at_one_of("245") && !is_within_number(spot))
            if (const auto length = status_length(spot); length > 0) return text_of(spot, length);
    return {};
}

bool is_generic(std::string_view status) { return status.empty() || status.ends_with(".0.0"); }

} // namespace nixie
