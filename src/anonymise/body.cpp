#include "anonymise/body.hpp"

#include <mimetic/codec/base64.h>

#include <algorithm>
#include <iterator>

#include "base/text.hpp"
#include "mail/charset.hpp"
#include "mail/header_block.hpp"

namespace nixie {
namespace {

constexpr std::size_t base64_line = 57; ///< bytes that make a line of 76 characters
constexpr std::size_t quoted_line = 75;
constexpr int fewest_copy_fields = 3;

std::string base64(std::string_view decoded, std::string_view eol) {
    std::string out;
    for (std::size_t at = 0; at < decoded.size(); at += base64_line) {
        const std::string_view piece = decoded.substr(at, base64_line);
        mimetic::Base64::Encoder encoder(0);
        if (at > 0) out += eol;
        encoder.process(piece.begin(), piece.end(), std::back_inserter(out));
    }
    return out;
}

std::string quoted_printable(std::string_view decoded, std::string_view eol) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out;
    std::size_t width = 0;
    for (std::size_t i = 0; i < decoded.size(); ++i) {
        const auto byte = static_cast<unsigned char>(decoded[i]);
        if (byte == '\n') {
            out += eol;
            width = 0;
            continue;
        }
        const bool last = i + 1 == decoded.size() || decoded[i + 1] == '\n';
        const bool plain = byte == '\t' || (byte >= ' ' && byte < 127 && byte != '=');
        const bool as_is = plain && !(last && byte <= ' ');
        if (width + (as_is ? 1 : 3) > quoted_line) {
            out += '=';
            out += eol;
            width = 0;
        }
        if (as_is)
            out += decoded[i];
        else
            (out += '=') += {digits[byte / 16], digits[byte % 16]};
        width += as_is ? 1 : 3;
    }
    return out;
}

bool is_utf8_name(std::string_view charset) {
    return charset.empty() || charset == "utf-8" || charset == "utf8" || charset == "us-ascii" || charset == "ascii";
}

/// A line with what ends it, and without the quote marks or the indentation before it.
struct Line {
    std::string_view whole, lead, text;
};

Line take_whole_line(std::string_view& rest) {
    const auto end = rest.find_first_of("\r\n");
    std::size_t after = end == std::string_view::npos ? rest.size() : end + 1;
    if (end != std::string_view::npos && rest[end] == '\r' && after < rest.size() && rest[after] == '\n') ++after;
    const std::string_view whole = rest.substr(0, after);
    std::string_view text = rest.substr(0, end);
    const auto lead = std::min(text.find_first_not_of(">| \t"), text.size());
    rest.remove_prefix(after);
    return {whole, text.substr(0, lead), text.substr(lead)};
}

bool tells_a_copy(std::string_view line) {
    for (const std::string_view name : {"Received:", "From:", "To:", "Subject:", "Message-ID:", "Date:", "Return-Path:",
                                        "MIME-Version:", "Content-Type:", "X-Mailer:", "Reply-To:"})
        if (starts_with_ignoring_case(line, name)) return true;
    return false;
}

/// Whether a returned message's header begins at `rest`: enough fields that only messages have.
bool begins_copy(std::string_view rest) {
    constexpr int most_lines = 60;
    int telling = 0;
    for (int i = 0; i < most_lines && !rest.empty(); ++i) {
        const Line line = take_whole_line(rest);
        if (line.text.empty() || (!starts_field(line.text) && (i == 0 || line.lead.empty()))) break;
        if (i == 0 && !tells_a_copy(line.text)) return false;
        telling += tells_a_copy(line.text) ? 1 : 0;
    }
    return telling >= fewest_copy_fields;
}

/// Takes the header at the front of `rest`, field by field.
std::string take_copied_header(std::string_view& rest, std::string_view eol, Scrubber& scrubber) {
    std::string out;
    while (!rest.empty()) {
        std::string_view after = rest;
        const Line first = take_whole_line(after);
        if (first.text.empty() || !starts_field(first.text)) break;
        // Folded lines belong to it; under quote marks, those that are indented further.
        for (std::string_view next = after; !next.empty(); after = next) {
            const Line more = take_whole_line(next);
            if (more.text.empty() || more.lead.size() <= first.lead.size()) break;
        }
        const auto length = static_cast<std::size_t>(after.data() - first.text.data());
        std::string_view raw(first.text.data(), length);
        const auto end = raw.find_last_not_of("\r\n") + 1;
        const std::string_view name = trim(raw.substr(0, raw.find(':')));
        out += first.lead;
        out += rewrite_field({name, raw.substr(0, end), eol}, Header::returned, {}, scrubber);
        out += raw.substr(end);
        rest = after;
    }
    return out;
}

std::string removed(std::string_view what, std::string_view eol) {
    return "[" + std::string(what) + " removed]" + std::string(eol);
}

/// Prose, with the header of a message copied into it rewritten and its body removed.
std::string prose(std::string_view text, std::string_view eol, Scrubber& scrubber) {
    std::string out;
    std::string_view rest = text;
    const char* copied = rest.data();
    const auto flush = [&](const char* until) {
        out += scrubber.text({copied, static_cast<std::size_t>(until - copied)});
    };
    while (!rest.empty()) {
        if (begins_copy(rest)) {
            flush(rest.data());
            out += take_copied_header(rest, eol, scrubber);
            copied = rest.data();
            if (scrubber.settings().empty_copies && !rest.empty()) return out + std::string(eol) + removed("body", eol);
            if (rest.empty()) return out;
        }
        take_whole_line(rest);
    }
    flush(text.data() + text.size());
    return out;
}

/// Soft line breaks are known with LF alone.
std::string with_line_feeds_only(const BodyText& body) {
    std::string out(body.raw);
    if (body.eol == "\r") std::replace(out.begin(), out.end(), '\r', '\n');
    return out;
}

std::string rewritten(std::string_view text, Body purpose, std::string_view eol, Scrubber& scrubber) {
    if (purpose == Body::returned) return removed("body", eol);
    if (purpose == Body::attachment) return removed("attachment", eol);
    if (purpose == Body::text) return prose(text, eol, scrubber);
    std::string out = take_copied_header(text, eol, scrubber);
    if (!trim(text).empty()) out += std::string(eol) + removed("body", eol);
    return out;
}

} // namespace

bool becomes_utf8(std::string_view charset) { return !is_utf8_name(charset); }

std::string encode(std::string_view decoded, TransferEncoding transfer, std::string_view eol) {
    if (transfer == TransferEncoding::base64) return base64(decoded, eol);
    if (transfer == TransferEncoding::quoted_printable) return quoted_printable(decoded, eol);
    return std::string(decoded);
}

std::string rewrite_body(const BodyText& body, Body purpose, Scrubber& scrubber) {
    Defects ignored;
    const bool encoded = body.transfer != TransferEncoding::none;
    std::string decoded;
    if (body.transfer == TransferEncoding::base64)
        decoded = decode_base64(body.raw, ignored);
    else if (body.transfer == TransferEncoding::quoted_printable)
        decoded = decode_quoted_printable(with_line_feeds_only(body));
    const bool as_it_stands = !encoded && !becomes_utf8(body.charset);
    if (becomes_utf8(body.charset))
        decoded = to_utf8(encoded ? std::string_view(decoded) : body.raw, body.charset, ignored);
    const std::string_view inner_eol = encoded ? std::string_view("\n") : body.eol;
    return encode(rewritten(as_it_stands ? body.raw : std::string_view(decoded), purpose, inner_eol, scrubber),
                  body.transfer, body.eol);
}

} // namespace nixie
