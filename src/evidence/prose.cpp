#include "evidence/prose.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "evidence/fields.hpp"

namespace nixie {
namespace {

constexpr std::size_t most_lines = 50'000;
constexpr std::size_t most_head = 32 * 1024;
constexpr std::size_t longest_line = 8'000;

/// A marker that is the returned message's own first line belongs to it.
bool is_header_line(std::string_view line) {
    return starts_with_ignoring_case(line, "Received:") || starts_with_ignoring_case(line, "Return-Path:");
}

} // namespace

Prose collect_prose(const Message& message, const Layout& layout, const Formats::Impl& formats) {
    Prose out;
    for (const int index : layout.prose) {
        const std::string_view text = message.parts[static_cast<std::size_t>(index)].text;
        std::string_view rest = text;
        std::string_view line;
        std::size_t end = text.size();
        bool said_something = false;
        const auto in_head = out.head.size();
        const auto room = in_head < most_head ? most_head : 0;
        for (int number = 1; out.lines.size() < most_lines; ++number) {
            const auto begin = text.size() - rest.size();
            if (!next_line(rest, line)) break;
            line = line.substr(0, longest_line);
            LineMarks marks = marks_of(line);
            if ((said_something || !out.lines.empty() || is_header_line(line)) &&
                formats.original.found_in(line, marks)) {
                end = begin;
                if (out.returned.empty()) out.returned = is_header_line(trim(line)) ? text.substr(begin) : rest;
                break;
            }
            said_something = said_something || !trim(line).empty();
            if (const auto at = in_head + begin; begin + line.size() <= room)
                marks.places = places_between(at, at + line.size());
            out.lines.push_back({line, {index, number}, marks});
        }
        out.pieces.push_back({index, text.substr(0, end)});
        out.lines.push_back({{}, {index, 0}, {}}); // parts never run into each other
        if (room > 0) out.head.append(text.substr(0, std::min(end, room))).append("\n");
    }
    return out;
}

} // namespace nixie
