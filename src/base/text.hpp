// Small operations on ASCII and UTF-8 text that every room needs.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace nixie {

/// No byte above 0x7F.
bool is_ascii(std::string_view bytes);
/// Whether to_valid_utf8() would leave it as it is, but for NUL.
bool is_utf8(std::string_view bytes);
/// ASCII letters only; other bytes stay.
std::string to_lower(std::string_view text);
std::string to_upper(std::string_view text);
/// A space or a tab.
constexpr bool is_blank(char c) { return c == ' ' || c == '\t'; }
/// Compares ASCII letters without case.
bool equals_ignoring_case(std::string_view a, std::string_view b);
bool starts_with_ignoring_case(std::string_view text, std::string_view prefix);
/// `word` begins with no letter, but with a sign that is seldom in `text`.
bool contains_ignoring_case(std::string_view text, std::string_view word);
/// Without spaces, tabs, CR and LF at both ends. The result looks into `text`.
std::string_view trim(std::string_view text);
/// Runs of white space and control characters become one space; trimmed.
std::string fold_space(std::string_view text);
/// Whether fold_space() would leave it as it is.
bool is_space_folded(std::string_view text);
/// Invalid sequences become U+FFFD; NUL is dropped.
std::string to_valid_utf8(std::string_view text);
/// At most `bytes` long, cut at the boundary of a UTF-8 character.
std::string_view clip(std::string_view text, std::size_t bytes);
/// For terminals: control characters (C0, DEL, C1) become '?', but line feeds stay.
std::string printable(std::string_view text);

/// Takes the next line off the front of `rest`: ended by LF, CR LF or CR, without its end. False at the end of text.
bool next_line(std::string_view& rest, std::string_view& line);

} // namespace nixie
