#include "notify/mail_way.hpp"

#include <algorithm>
#include <ctime>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "notify/shapes.hpp"
#include "notify/transfer.hpp"

namespace nixie {
namespace {

/// Longer lines than RFC 5321 allows are cut: servers refuse or break them.
constexpr std::size_t line_bytes = 900;

/// RFC 5322, 3.3; the locale has no say.
std::string mail_date(Time at) {
    const std::time_t seconds = at.time_since_epoch().count();
    std::tm parts{};
    ::gmtime_r(&seconds, &parts);
    constexpr const char* days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr const char* months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    return fmt::format("{}, {:02} {} {} {:02}:{:02}:{:02} +0000", days[parts.tm_wday], parts.tm_mday,
                       months[parts.tm_mon], parts.tm_year + 1900, parts.tm_hour, parts.tm_min, parts.tm_sec);
}

struct Upload {
    std::string text;
    std::size_t at = 0;
};

std::size_t send_mail(char* buffer, std::size_t size, std::size_t count, void* data) {
    auto& upload = *static_cast<Upload*>(data);
    const std::size_t part = std::min(size * count, upload.text.size() - upload.at);
    upload.text.copy(buffer, part, upload.at);
    upload.at += part;
    return part;
}

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
    Transfer transfer(options_.server, "smtp,smtps", options_.ca_file, options_.timeout);
    if (options_.tls == MailOptions::Tls::required) transfer.set(CURLOPT_USE_SSL, static_cast<long>(CURLUSESSL_ALL));
    transfer.log_in(options_.user, options_.password);
    const std::string from = "<" + options_.from + ">";
    transfer.set(CURLOPT_MAIL_FROM, from.c_str());
    std::vector<std::string> to{"<" + options_.to + ">"};
    transfer.add(to, CURLOPT_MAIL_RCPT);
    Upload upload{event_mail(options_, event, now)};
    transfer.set(CURLOPT_UPLOAD, 1L);
    transfer.set(CURLOPT_READFUNCTION, &send_mail);
    transfer.set(CURLOPT_READDATA, static_cast<void*>(&upload));
    auto ran = transfer.run(options_.server, stop);
    if (ran) return ran;
    Error error = ran.error();
    const long reply = transfer.number(CURLINFO_RESPONSE_CODE);
    if (reply >= 400) error.what += fmt::format(" (SMTP reply {})", reply);
    return error;
}

} // namespace nixie
