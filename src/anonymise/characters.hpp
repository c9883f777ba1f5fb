// ASCII letters and digits; the library's own functions ask the locale.
#pragma once

namespace nixie {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
constexpr bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
constexpr bool is_letter(char c) { return is_lower(c) || is_upper(c); }
constexpr bool is_alnum(char c) { return is_digit(c) || is_letter(c); }
constexpr bool in_host(char c) { return is_alnum(c) || c == '-' || c == '.' || c == '_'; }
/// Part of a character that is not ASCII.
constexpr bool is_foreign(char c) { return static_cast<unsigned char>(c) >= 0x80; }

} // namespace nixie
