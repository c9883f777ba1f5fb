#include "notify/mail_way.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "notify/compose.hpp"
#include "notify/shapes.hpp"

namespace nixie {
namespace {

/// Longer lines than RFC 5321 allows are cut: servers refuse or break them.
constexpr std::size_t line_bytes = 900;

MailHead head_of(const MailOptions& options, const Telling& event, std::string subject, Time now) {
    return {options.from, options.to, std::move(subject),
            webhook_id(event.key) + options.from.substr(options.from.find('@')), now};
}

std::string word_of(const nlohmann::ordered_json& facts, const char* key) {
    const auto found = facts.find(key);
    return found != facts.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

} // namespace

std::string event_mail(const MailOptions& options, const Telling& event, Time now) {
    const auto facts = nlohmann::ordered_json::parse(event.body, nullptr, false);
    if (event.type == "digest" && facts.is_object())
        return compose_report(head_of(options, event, word_of(facts, "subject"), now), word_of(facts, "text"),
                              word_of(facts, "html"));
    std::string about;
    std::string text;
    if (facts.is_object())
        for (const auto& [key, value] : facts.items()) {
            const std::string shown = fold_space(value.is_string() ? value.get<std::string>() : value.dump());
            if (key == "address" && is_ascii(shown)) about = " " + std::string(clip(shown, 200));
            text += std::string(clip(key + ": " + shown, line_bytes)) + "\r\n";
        }
    return compose_head(head_of(options, event, fmt::format("[nixie] {}{}", event.type, about), now)) +
           "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n" + text;
}

Result<void> MailWay::tell(const Telling& event, Time now, const StopAsked& stop) {
    const auto done = submit(options_.server, {options_.from, options_.to}, event_mail(options_, event, now), stop);
    if (done.error) return *done.error;
    return {};
}

} // namespace nixie
