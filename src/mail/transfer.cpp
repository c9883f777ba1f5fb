#include "mail/transfer.hpp"

#include <mimetic/codec/base64.h>

#include <array>
#include <iterator>

#include "base/text.hpp"
#include "mail/source.hpp"

namespace nixie {
namespace {

constexpr bool is_base64(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '/';
}
constexpr bool is_space(char c) { return is_blank(c) || c == '\r' || c == '\n'; }

constexpr std::array<bool, 256> base64_table = [] {
    std::array<bool, 256> table{};
    for (std::size_t i = 0; i < table.size(); ++i) table[i] = is_base64(static_cast<char>(i));
    return table;
}();
bool in_base64(char c) { return base64_table[static_cast<unsigned char>(c)]; }

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return -1;
}

/// mimetic takes padding for data unless it ends a group of four, so each run between padding is decoded by itself.
void decode_run(std::string& run, std::string& out) {
    if (run.empty()) return;
    const auto* begin = reinterpret_cast<const unsigned char*>(run.data());
    mimetic::Base64::Decoder().process(begin, begin + run.size(), std::back_inserter(out));
    run.clear();
}

} // namespace

TransferEncoding transfer_named(std::string_view value, Defects& defects) {
    std::string_view word = trim(value);
    word = word.substr(0, word.find_first_of(" \t;("));
    if (equals_ignoring_case(word, "base64")) return TransferEncoding::base64;
    if (equals_ignoring_case(word, "quoted-printable")) return TransferEncoding::quoted_printable;
    for (const std::string_view known : {"", "7bit", "8bit", "binary", "7-bit", "8-bit"})
        if (equals_ignoring_case(word, known)) return TransferEncoding::none;
    defects.add(Defect::bad_encoding);
    return TransferEncoding::none;
}

std::string decode_base64(std::string_view encoded, Defects& defects) {
    std::string out;
    out.reserve(encoded.size() / 4 * 3 + 3);
    std::string run;
    run.reserve(encoded.size());
    bool garbage = false;
    for (const char c : encoded) {
        if (in_base64(c)) {
            run += c;
        } else if (c == '=') {
            if (run.size() % 4 == 1) garbage = true;
            decode_run(run, out);
        } else if (!is_space(c)) {
            garbage = true;
        }
    }
    if (run.size() % 4 == 1) garbage = true;
    decode_run(run, out);
    if (garbage) defects.add(Defect::bad_encoding);
    return out;
}

std::size_t base64_size(std::string_view encoded) {
    std::size_t total = 0;
    std::size_t run = 0;
    const auto close = [&] {
        total += run / 4 * 3 + (run % 4 == 0 ? 0 : run % 4 - 1);
        run = 0;
    };
    for (const char c : encoded) {
        if (in_base64(c)) ++run;
        if (c == '=') close();
    }
    close();
    return total;
}

// mimetic's own decoder joins lines that end in a blank and loses the last line feed.
std::string decode_quoted_printable(std::string_view encoded) {
    std::string out;
    out.reserve(encoded.size());
    std::string_view line;
    while (!encoded.empty()) {
        const std::string_view before = encoded;
        take_line(encoded, line);
        const bool ended = line.size() < before.size();
        while (!line.empty() && is_blank(line.back())) line.remove_suffix(1);
        const bool soft = !line.empty() && line.back() == '=';
        if (soft) line.remove_suffix(1);
        while (!line.empty()) {
            const auto code = line.find('=');
            out += line.substr(0, code);
            if (code == std::string_view::npos) break;
            const int byte = hex_byte(line.substr(code + 1));
            out += byte < 0 ? '=' : static_cast<char>(byte);
            line.remove_prefix(code + (byte < 0 ? 1 : 3));
        }
        if (ended && !soft) out += '\n';
    }
    return out;
}

int hex_byte(std::string_view text) {
    if (text.size() < 2) return -1;
    const int high = hex_digit(text[0]);
    const int low = hex_digit(text[1]);
    return high < 0 || low < 0 ? -1 : high * 16 + low;
}

} // namespace nixie
