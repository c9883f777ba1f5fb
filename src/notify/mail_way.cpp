#include "notify/mail_way.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "notify/shapes.hpp"

namespace nixie {
namespace {

/// Longer lines than RFC 5321 allows are cut: servers refuse or break them.
constexpr std::size_t line_bytes = 900;

} // namespace

std::string event_mail(const MailOptions& options, const Telling& event, Time now) {
    const auto facts = nlohmann::ordered_json::parse(event.body, nullptr, false);
    std::string about;
    std::string text;
    if (facts.is_object())
        for (const auto& [key, value] : facts.items()) {
            const std::string shown = fold_space(value.is_string() ? value.get<std::string>() : value.dump());
            if (key == "address" && is_ascii(shown)) about = " " + std::string(clip(shown, 200));
            text += std::string(clip(key + ": " + shown, line_bytes)) + "\r\n";
        }
    const std::string id = webhook_id(event.key);
    return fmt::format(
        "Date: {}\r\nFrom: {}\r\nTo: {}\r\nSubject: [nixie] {}{}\r\nMessage-ID: <{}@{}>\r\n"
        "Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n"
        "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{}",
        mail_date(now), options.from, options.to, event.type, about, id,
        options.from.substr(options.from.find('@') + 1), text);
}

Result<void> MailWay::tell(const Telling& event, Time now, const StopAsked& stop) {
    const auto done = submit(options_.server, {options_.from, options_.to}, event_mail(options_, event, now), stop);
    if (done.error) return *done.error;
    return {};
}

} // namespace nixie
