#include "mailbox/imap/sets.hpp"

#include <algorithm>
#include <cassert>
#include <charconv>

namespace nixie {
namespace {

/// "4294967295:4294967295" and the comma before it.
constexpr std::size_t longest_range = 22;

} // namespace

std::vector<UidSet> make_sets(std::vector<ImapUid> uids, std::size_t max_count, std::size_t max_length) {
    assert(max_count > 0 && max_length >= longest_range);
    std::sort(uids.begin(), uids.end());
    uids.erase(std::unique(uids.begin(), uids.end()), uids.end());
    std::vector<UidSet> sets;
    for (std::size_t begin = 0; begin < uids.size();) {
        const std::size_t room = sets.empty() ? 0 : max_count - std::min(max_count, sets.back().uids.size());
        if (room == 0 || sets.back().text.size() + longest_range > max_length) {
            sets.emplace_back();
            continue;
        }
        UidSet& set = sets.back();
        std::size_t end = begin + 1;
        while (end < uids.size() && end - begin < room && uids[end] == uids[end - 1] + 1) ++end;
        if (!set.text.empty()) set.text += ',';
        set.text += std::to_string(uids[begin]);
        if (end - begin > 1) set.text += ':' + std::to_string(uids[end - 1]);
        const auto at = [&](std::size_t i) { return uids.begin() + static_cast<std::ptrdiff_t>(i); };
        set.uids.insert(set.uids.end(), at(begin), at(end));
        begin = end;
    }
    return sets;
}

std::optional<std::vector<ImapUid>> read_set(std::string_view text, std::size_t max_count) {
    std::vector<ImapUid> uids;
    while (!text.empty()) {
        const auto comma = text.find(',');
        const auto range = text.substr(0, comma);
        text.remove_prefix(comma == std::string_view::npos ? text.size() : comma + 1);
        const auto colon = range.find(':');
        const auto first = read_uid(range.substr(0, colon));
        const auto last = colon == std::string_view::npos ? first : read_uid(range.substr(colon + 1));
        if (!first || !last) return std::nullopt;
        const auto [low, high] = std::minmax(*first, *last); // RFC 3501: 4:2 is 2:4
        if (high - low >= max_count - uids.size()) return std::nullopt;
        for (ImapUid i = 0; i <= high - low; ++i) uids.push_back(low + i);
    }
    return uids;
}

std::optional<ImapUid> read_uid(std::string_view text) {
    ImapUid uid = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, uid);
    if (error != std::errc{} || stop != end || uid == 0) return std::nullopt;
    return uid;
}

std::vector<ImapUid> read_uids(std::span<const std::string> uids) {
    std::vector<ImapUid> out;
    out.reserve(uids.size());
    for (const auto& text : uids)
        if (const auto uid = read_uid(text)) out.push_back(*uid);
    return out;
}

} // namespace nixie
