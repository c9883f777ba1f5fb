#include "mail/charset.hpp"

#include <iconv.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <map>
#include <memory>

#include "base/text.hpp"

namespace nixie {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";

/// An iconv descriptor to UTF-8; not open when iconv does not know the charset.
class Converter {
  public:
    explicit Converter(const std::string& charset) : handle_(iconv_open("UTF-8", charset.c_str())) {}
    ~Converter() {
        if (open()) iconv_close(handle_);
    }
    Converter(const Converter&) = delete;
    Converter& operator=(const Converter&) = delete;

    [[nodiscard]] bool open() const { return handle_ != iconv_t(-1); }

    /// What the charset does not allow becomes U+FFFD, one a byte. False if there was any.
    bool convert(std::string_view bytes, std::string& out) {
        iconv(handle_, nullptr, nullptr, nullptr, nullptr);
        bool clean = true;
        // iconv's signature lacks a const; it does not write to its input.
        char* in = const_cast<char*>(bytes.data());
        std::size_t left = bytes.size();
        while (left > 0) {
            const bool done = step(&in, &left, out);
            if (done || left == 0) break;
            if (errno == E2BIG) continue;
            out += replacement;
            clean = false;
            if (errno == EINVAL) break; // a character cut off at the end
            ++in;
            --left;
        }
        step(nullptr, nullptr, out);
        return clean;
    }

  private:
    bool step(char** in, std::size_t* left, std::string& out) {
        std::array<char, 8192> buffer{};
        char* to = buffer.data();
        std::size_t room = buffer.size();
        const std::size_t result = iconv(handle_, in, left, &to, &room);
        const int error = errno;
        out.append(buffer.data(), buffer.size() - room);
        errno = error;
        return result != static_cast<std::size_t>(-1);
    }

    iconv_t handle_;
};

/// Labels that iconv does not know, or knows as a smaller set than senders mean by them.
std::string iconv_name(const std::string& label) {
    static const std::map<std::string, std::string, std::less<>> names = {
        {"utf8", "utf-8"},
        {"utf-8mb4", "utf-8"},
        {"unicode-1-1-utf-8", "utf-8"},
        {"unicode-1-1-utf-7", "utf-7"}, // Exchange 2003
        {"iso-8859-1", "windows-1252"}, // the C1 controls are never meant
        {"iso8859-1", "windows-1252"},
        {"iso_8859-1", "windows-1252"},
        {"latin1", "windows-1252"},
        {"latin-1", "windows-1252"},
        {"iso-8859-8-i", "iso-8859-8"},
        {"iso-2022-jp", "iso-2022-jp-3"}, // adds half-width kana
        {"shift_jis", "cp932"},
        {"shift-jis", "cp932"},
        {"sjis", "cp932"},
        {"windows-31j", "cp932"},
        {"euc-jp", "euc-jp-ms"},
        {"ks_c_5601-1987", "cp949"},
        {"ks_c_5601", "cp949"},
        {"ksc5601", "cp949"},
        {"euc-kr", "cp949"},
        {"windows-949", "cp949"},
        {"gb2312", "gb18030"},
        {"gb_2312-80", "gb18030"},
        {"gbk", "gb18030"},
        {"cp936", "gb18030"},
        {"big5", "big5-hkscs"},
        {"tis-620", "cp874"},
        {"windows-874", "cp874"},
        {"mac-roman", "macintosh"},
    };
    const std::string_view experimental = "x-";
    const bool prefixed = label.compare(0, experimental.size(), experimental) == 0;
    const std::string plain = prefixed ? label.substr(experimental.size()) : label;
    const auto found = names.find(plain);
    return found == names.end() ? plain : found->second;
}

bool says_nothing(std::string_view label) {
    static constexpr std::array<std::string_view, 11> empty_words = {
        "",        "8bit",    "7bit",        "binary", "us-ascii", "ascii", "ansi_x3.4-1968", "default_charset",
        "default", "unknown", "unknown-8bit"};
    for (const std::string_view word : empty_words)
        if (label == word) return true;
    return false;
}

/// Known to read a byte below 0x80 as that ASCII character, whatever stands around it.
bool extends_ascii(std::string_view charset) {
    for (const std::string_view prefix :
         {"utf-8", "windows-", "iso-8859-", "koi8-", "cp932", "cp949", "gb18030", "big5", "euc-"})
        if (charset.substr(0, prefix.size()) == prefix) return true;
    return false;
}

/// Only these may name a charset (RFC 2978); iconv would read '/' as the start of its own options.
bool is_label(std::string_view label) {
    if (label.empty() || label.size() > 40) return false;
    for (const char c : label)
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || std::strchr("-_.:+", c) != nullptr) || c == '\0')
            return false;
    return true;
}

std::string without_nul(std::string text) {
    if (text.find('\0') != std::string::npos) std::erase(text, '\0');
    return text;
}

/// Opening a converter loads a library, which costs more than all else that is done for a message. The charsets of the
/// world's mail fit; hostile messages name more.
Converter& converter_for(const std::string& charset) {
    constexpr std::size_t most = 64;
    thread_local std::map<std::string, std::unique_ptr<Converter>> cache;
    const auto found = cache.find(charset);
    if (found != cache.end()) return *found->second;
    if (cache.size() >= most) cache.clear();
    return *(cache[charset] = std::make_unique<Converter>(charset));
}

bool has_japanese_escape(std::string_view bytes) {
    for (const std::string_view escape : {"\x1b$B", "\x1b$@", "\x1b(J"})
        if (bytes.find(escape) != std::string_view::npos) return true;
    return false;
}

/// False if the charset does not allow all of `bytes`; `out` holds what it does allow.
bool convert(std::string_view bytes, const std::string& charset, std::string& out) {
    out.clear();
    out.reserve(bytes.size() + bytes.size() / 2);
    const bool clean = converter_for(charset).convert(bytes, out);
    if (out.find('\0') != std::string::npos) std::erase(out, '\0');
    return clean;
}

/// Japanese servers put EUC-JP or Shift_JIS under the label of the 7-bit ISO-2022-JP.
std::string mislabelled(std::string_view bytes, const std::string& charset, std::string as_labelled) {
    if (std::string valid = to_valid_utf8(bytes); valid == bytes) return valid;
    if (charset.compare(0, 11, "iso-2022-jp") != 0) return as_labelled;
    std::string out;
    for (const char* candidate : {"euc-jp-ms", "cp932"})
        if (convert(bytes, candidate, out)) return out;
    return as_labelled;
}

/// U+FFFD, which stands for bytes that are no UTF-8.
bool holds_only_ascii_and_replacements(std::string_view text) {
    for (std::size_t i = 0; i < text.size();) {
        const bool is_replacement = text.substr(i, replacement.size()) == replacement;
        if (!is_replacement && (text[i] & '\x80') != 0) return false;
        i += is_replacement ? replacement.size() : 1;
    }
    return true;
}

} // namespace

std::string guess_utf8(std::string_view bytes) {
    if (bytes.find('\0') != std::string_view::npos) return guess_utf8(without_nul(std::string(bytes)));
    const bool japanese = has_japanese_escape(bytes);
    if (!japanese && is_ascii(bytes)) return std::string(bytes);
    std::string out;
    if (japanese && convert(bytes, "iso-2022-jp-3", out)) return out;
    out = to_valid_utf8(bytes);
    if (out != bytes) convert(bytes, "windows-1252", out);
    return out;
}

std::string to_utf8(std::string_view bytes, std::string_view label, Defects& defects) {
    const std::string lower = to_lower(trim(label));
    if (says_nothing(lower)) return guess_utf8(bytes);
    const std::string charset = iconv_name(lower);
    if (extends_ascii(charset) && is_ascii(bytes)) return without_nul(std::string(bytes));
    if (!is_label(charset) || !converter_for(charset).open()) {
        defects.add(Defect::unknown_charset);
        return guess_utf8(bytes);
    }
    std::string out;
    if (charset == "utf-8") {
        out = to_valid_utf8(bytes);
        if (out != bytes) {
            defects.add(Defect::bad_charset);
            // Not a single character beyond ASCII is in UTF-8: the label is wrong, not the text broken.
            if (holds_only_ascii_and_replacements(out)) convert(bytes, "windows-1252", out);
        }
    } else if (!convert(bytes, charset, out)) {
        defects.add(Defect::bad_charset);
        out = mislabelled(bytes, charset, std::move(out));
    }
    return out;
}

} // namespace nixie
