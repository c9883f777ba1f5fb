#include "mail/encoded_words.hpp"

#include "base/text.hpp"
#include "mail/charset.hpp"
#include "mail/transfer.hpp"

namespace nixie {
namespace {

constexpr std::string_view npos_space = " \t\r\n";

struct Word {
    std::string charset;
    std::string bytes;
    std::size_t length = 0; ///< of the encoded form
};

std::string decode_q(std::string_view encoded) {
    std::string out;
    while (!encoded.empty()) {
        const char c = encoded.front();
        const int byte = c == '=' ? hex_byte(encoded.substr(1)) : -1;
        out += c == '_' ? ' ' : byte >= 0 ? static_cast<char>(byte) : c;
        encoded.remove_prefix(byte >= 0 ? 3 : 1);
    }
    return out;
}

bool decode_b(std::string_view encoded, std::string& bytes) {
    Defects broken;
    bytes = decode_base64(encoded, broken);
    return broken.take().empty();
}

/// The word that `text` starts with. A `length` of 0: there is none.
Word word_at(std::string_view text) {
    constexpr std::size_t longest_label = 60;
    Word word;
    const auto label_end = text.substr(0, longest_label).find('?', 2);
    if (label_end == std::string_view::npos || label_end + 2 >= text.size() || text[label_end + 2] != '?') return word;
    const auto end = text.find("?=", label_end + 3);
    if (end == std::string_view::npos) return word;
    std::string_view label = text.substr(2, label_end - 2);
    if (label.empty() || label.find_first_of(npos_space) != std::string_view::npos) return word;
    word.charset = to_lower(label.substr(0, label.find('*'))); // RFC 2231 section 5 puts a language there
    const std::string_view encoded = text.substr(label_end + 3, end - label_end - 3);
    const char encoding = text[label_end + 1];
    if (encoding == 'q' || encoding == 'Q') {
        word.bytes = decode_q(encoded);
    } else if ((encoding != 'b' && encoding != 'B') || !decode_b(encoded, word.bytes)) {
        return word;
    }
    word.length = end + 2;
    return word;
}

/// A decoded line end would look like a second field.
std::string on_one_line(std::string text) {
    for (char& c : text)
        if (c == '\r' || c == '\n') c = ' ';
    return text;
}

} // namespace

std::string decode_words(std::string_view value, Defects& defects) {
    if (value.find("=?") == std::string_view::npos) return std::string(value);
    // Without this, each of many word beginnings would search the rest for an end that is not there.
    const auto last_end = value.rfind("?=");
    std::string out;
    Word pending; // words of one charset are joined before conversion: a character may be split over two
    const auto flush = [&] {
        out += on_one_line(to_utf8(pending.bytes, pending.charset, defects));
        pending = {};
    };
    std::size_t at = 0;
    bool after_word = false;
    while (at < value.size()) {
        const auto start = value.find("=?", at);
        if (start == std::string_view::npos || last_end == std::string_view::npos || start > last_end) break;
        const std::string_view between = value.substr(at, start - at);
        Word word = word_at(value.substr(start));
        if (word.length == 0) {
            flush();
            out += between;
            out += "=?";
            at = start + 2;
            after_word = false;
            continue;
        }
        const bool adjacent = after_word && trim(between).empty();
        if (!adjacent || word.charset != pending.charset) flush();
        if (!adjacent) out += between;
        pending.charset = word.charset;
        pending.bytes += word.bytes;
        after_word = true;
        at = start + word.length;
    }
    flush();
    out += value.substr(at);
    return out;
}

} // namespace nixie
