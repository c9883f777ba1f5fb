// Text made fit to be searched for words without regard to case, byte by byte.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace nixie {

/// ASCII, Latin-1, Latin Extended-A and Cyrillic letters in lower case; every text keeps its length.
std::string fold_case(std::string_view text);
/// The same into a string that is used again.
void fold_case(std::string_view text, std::string& out);

/// Whether `text` holds a character that is a letter of another script to Unicode's case folding, such as the Kelvin sign: then
/// fold_case() says nothing about what RE2 would find in it.
bool folds_oddly(std::string_view text);

/// The bytes of a code point in UTF-8.
std::string utf8_of(std::uint32_t code_point);

/// Whether the code point's case is one of those that fold_case() undoes, or it has none.
bool folds_plainly(std::uint32_t code_point);

/// Which characters a text holds, in 64 classes: letters without their case, digits, most signs; all else is one class.
using CharacterMask = std::uint64_t;
CharacterMask characters_of(std::string_view text);

} // namespace nixie
