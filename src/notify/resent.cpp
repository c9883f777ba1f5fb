#include "notify/resent.hpp"

#include <array>

#include <fmt/format.h>

#include "base/text.hpp"
#include "notify/smtp.hpp"

namespace nixie {
namespace {

constexpr std::array<std::string_view, 3> left_out_fields{"Return-Path:", "Bcc:", "Resent-Bcc:"};

bool is_left_out(std::string_view line) {
    for (const auto field : left_out_fields)
        if (starts_with_ignoring_case(line, field)) return true;
    return false;
}

} // namespace

std::string resent_message(std::string_view original, const Resent& resent) {
    std::string out =
        fmt::format("Resent-Date: {}\r\nResent-From: <{}>\r\nResent-To: <{}>\r\nResent-Message-ID: <{}>\r\n",
                    mail_date(resent.date), resent.from, resent.to, resent.id);
    bool in_header = true, leaving_out = false;
    std::string_view line;
    while (next_line(original, line)) {
        if (in_header && line.empty()) in_header = false;
        const bool goes_on = line.starts_with(' ') || line.starts_with('\t');
        if (in_header && !goes_on) leaving_out = is_left_out(line);
        if (!in_header || !leaving_out) out.append(line).append("\r\n");
    }
    return out;
}

} // namespace nixie
