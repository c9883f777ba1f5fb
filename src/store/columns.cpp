#include "store/columns.hpp"

#include <charconv>

namespace nixie {
namespace {

/// So that each number of so many digits fits.
constexpr std::size_t longest_number = 18;

int digit_of(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool is_written_as_number(std::string_view text) {
    if (text.empty() || text.size() > longest_number || (text[0] == '0' && text.size() > 1)) return false;
    return text.find_first_not_of("0123456789") == std::string_view::npos;
}

} // namespace

std::string bytes_of(std::string_view hex) {
    std::string out;
    if (hex.size() % 2 != 0) return out;
    for (std::size_t i = 0; i < hex.size(); i += 2) {
        const int high = digit_of(hex[i]), low = digit_of(hex[i + 1]);
        if (high < 0 || low < 0) return {};
        out += static_cast<char>(high * 16 + low);
    }
    return out;
}

void bind_value(SQLite::Statement& statement, int index, const Coded& value) {
    if (const auto* const number = std::get_if<std::int64_t>(&value))
        statement.bind(index, *number);
    else
        statement.bind(index, std::get<std::string>(value));
}

void bind_value(SQLite::Statement& statement, int index, Uid uid) {
    if (!is_written_as_number(uid.text)) return statement.bind(index, std::string(uid.text));
    std::int64_t number = 0;
    std::from_chars(uid.text.data(), uid.text.data() + uid.text.size(), number);
    statement.bind(index, number);
}

void bind_value(SQLite::Statement& statement, int index, Digest digest) {
    const std::string bytes = bytes_of(digest.hex);
    if (bytes.empty()) return statement.bind(index, std::string(digest.hex));
    statement.bind(index, bytes.data(), static_cast<int>(bytes.size()));
}

} // namespace nixie
