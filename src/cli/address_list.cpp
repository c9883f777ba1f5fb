#include "cli/address_list.hpp"

#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <ctime>
#include <fstream>
#include <iostream>

#include "base/text.hpp"

namespace nixie {
namespace {

constexpr std::size_t longest_line = 64 * 1024;
/// RFC 5321 section 4.5.3.1: 64 of the local part, 255 of the domain.
constexpr std::size_t longest_address = 320;

int number_at(std::string_view text, std::size_t at, std::size_t digits) {
    int value = -1;
    if (at + digits > text.size()) return -1;
    const auto* first = text.data() + at;
    const auto read = std::from_chars(first, first + digits, value);
    return read.ec == std::errc{} && read.ptr == first + digits ? value : -1;
}

std::optional<Time> local_time(std::tm parts) {
    parts.tm_isdst = -1;
    const std::time_t seconds = ::mktime(&parts);
    if (seconds == -1) return std::nullopt;
    return Time{Duration{seconds}};
}

/// "2026-11-21T12:00:00.123+01:00" or "2026-11-21 12:00:00.123 +0100", zone and fraction as may be.
std::optional<Time> iso_time(std::string_view text) {
    std::tm parts{};
    parts.tm_year = number_at(text, 0, 4) - 1900;
    parts.tm_mon = number_at(text, 5, 2) - 1;
    parts.tm_mday = number_at(text, 8, 2);
    parts.tm_hour = number_at(text, 11, 2);
    parts.tm_min = number_at(text, 14, 2);
    parts.tm_sec = number_at(text, 17, 2);
    const bool read = text.size() >= 19 && text[4] == '-' && text[7] == '-' && text[13] == ':' && parts.tm_year >= 70 &&
                      parts.tm_mon >= 0 && parts.tm_mday > 0 && parts.tm_hour >= 0 && parts.tm_min >= 0 &&
                      parts.tm_sec >= 0;
    if (!read) return std::nullopt;
    std::size_t at = 19;
    if (at < text.size() && text[at] == '.') do
            ++at;
        while (at < text.size() && text[at] >= '0' && text[at] <= '9');
    if (at < text.size() && text[at] == 'Z') return Time{Duration{::timegm(&parts)}};
    if (at < text.size() && text[at] == ' ') ++at;
    if (at >= text.size() || (text[at] != '+' && text[at] != '-')) return local_time(parts);
    const int hours = number_at(text, at + 1, 2);
    const std::size_t colon = at + 3 < text.size() && text[at + 3] == ':' ? 1 : 0;
    const int minutes = number_at(text, at + 3 + colon, 2);
    if (hours < 0 || minutes < 0) return local_time(parts);
    const Duration zone = std::chrono::hours(hours) + std::chrono::minutes(minutes);
    const Time utc{Duration{::timegm(&parts)}};
    return text[at] == '+' ? utc - zone : utc + zone;
}

/// "Nov 21 12:00:00" of syslog, which tells no year.
std::optional<Time> syslog_time(std::string_view text, Time now) {
    constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    std::tm parts{};
    parts.tm_mon = -1;
    for (std::size_t i = 0; i < months.size(); ++i)
        if (text.starts_with(months[i])) parts.tm_mon = static_cast<int>(i);
    if (text.size() < 15 || parts.tm_mon < 0) return std::nullopt;
    parts.tm_mday = text[4] == ' ' ? number_at(text, 5, 1) : number_at(text, 4, 2);
    parts.tm_hour = number_at(text, 7, 2);
    parts.tm_min = number_at(text, 10, 2);
    parts.tm_sec = number_at(text, 13, 2);
    if (parts.tm_mday <= 0 || parts.tm_hour < 0 || parts.tm_min < 0 || parts.tm_sec < 0) return std::nullopt;
    const std::chrono::year_month_day today(std::chrono::floor<std::chrono::days>(now));
    for (int year = static_cast<int>(today.year()) + 1;; --year) {
        std::tm tried = parts;
        tried.tm_year = year - 1900;
        const auto time = local_time(tried);
        if (!time || *time <= now + std::chrono::hours(24)) return time;
    }
}

std::optional<Time> time_of(std::string_view line, Time now) {
    if (const auto iso = iso_time(line)) return iso;
    return syslog_time(line, now);
}

/// What stands behind `key` up to one of `ends`.
std::string_view behind(std::string_view line, std::string_view key, std::string_view ends) {
    const auto at = line.find(key);
    if (at == std::string_view::npos) return {};
    const auto rest = line.substr(at + key.size());
    return rest.substr(0, std::min(rest.find_first_of(ends), rest.size()));
}

/// A content filter that will hand the message back is not the recipient.
bool goes_to_filter(std::string_view line) {
    if (line.find("/smtp[") == std::string_view::npos) return false;
    const auto relay = behind(line, " relay=", ",");
    for (const std::string_view own : {"127.", "localhost", "::1", "[127.", "[::1"})
        if (relay.starts_with(own)) return true;
    return relay.find("[127.") != std::string_view::npos || relay.find("[::1]") != std::string_view::npos;
}

std::optional<ListedAddress> read_postfix(std::string_view line, Time now) {
    if (line.find(" status=sent ") == std::string_view::npos || goes_to_filter(line)) return std::nullopt;
    const auto address = behind(line, " to=<", ">");
    if (!is_address(address)) return std::nullopt;
    return ListedAddress{std::string(address), time_of(line, now)};
}

/// "2026-11-21 12:00:00 1abcde-000001-AB => bob <bob@example.org> R=… T=…", perhaps behind what syslog puts first.
std::optional<ListedAddress> read_exim(std::string_view line, Time now) {
    for (const std::string_view arrow : {" => ", " -> ", " >> "}) {
        const auto at = line.find(arrow);
        if (at == std::string_view::npos) continue;
        auto rest = line.substr(at + arrow.size());
        const auto router = rest.find(" R=");
        if (router == std::string_view::npos) return std::nullopt;
        rest = rest.substr(0, router);
        if (rest.starts_with(":blackhole:")) return std::nullopt;
        const auto open = rest.find('<');
        auto address = open == std::string_view::npos ? rest.substr(0, std::min(rest.find(' '), rest.size()))
                                                      : behind(rest, "<", ">");
        if (!is_address(address)) return std::nullopt;
        return ListedAddress{std::string(address), time_of(line, now)};
    }
    return std::nullopt;
}

} // namespace

bool is_address(std::string_view text) {
    const auto at = text.rfind('@');
    if (at == 0 || at == std::string_view::npos || at + 1 == text.size() || text.size() > longest_address) return false;
    for (const char c : text)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) return false;
    const auto domain = text.substr(at + 1);
    const bool quoted = text.front() == '"' && text[at - 1] == '"' && at > 1;
    const bool spaced = text.substr(0, at).find_first_of(" \t<>,") != std::string_view::npos;
    return domain.find_first_of(" \t<>,;\"()") == std::string_view::npos && (quoted || !spaced);
}

std::optional<ListedAddress> read_listed_address(std::string_view line, Time now) {
    auto bare = trim(line);
    if (bare.starts_with('<') && bare.ends_with('>')) bare = bare.substr(1, bare.size() - 2);
    if (is_address(bare)) return ListedAddress{std::string(bare), std::nullopt};
    if (auto postfix = read_postfix(line, now)) return postfix;
    return read_exim(line, now);
}

Result<ListSummary> read_address_list(const std::string& path, Time now,
                                      const std::function<void(ListedAddress&&)>& each) {
    std::ifstream file;
    struct stat status {};
    const bool is_folder = ::stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
    if (path != "-") file.open(path, std::ios::binary);
    if (is_folder || (path != "-" && !file))
        return Error{ErrorCode::input, is_folder ? "a folder, not a file" : std::strerror(errno), path,
                     "give a file with one address a line, a mail server's log, or - for standard input"};
    std::istream& in = path == "-" ? std::cin : file;
    ListSummary summary;
    std::string line;
    for (bool more = true; more;) {
        line.clear();
        bool too_long = false;
        int c = 0;
        while ((c = in.get()) != std::istream::traits_type::eof() && c != '\n') {
            too_long = too_long || line.size() >= longest_line;
            if (!too_long) line += static_cast<char>(c);
        }
        more = c == '\n';
        const auto text = trim(line);
        if (text.empty() || text.front() == '#') continue;
        ++summary.lines;
        auto listed = too_long ? std::nullopt : read_listed_address(line, now);
        if (!listed) continue;
        ++summary.addresses;
        each(*std::move(listed));
    }
    if (in.bad()) return Error{ErrorCode::input, "reading broke off", path, "check the disk"};
    return summary;
}

} // namespace nixie
