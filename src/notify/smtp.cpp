#include "notify/smtp.hpp"

#include <algorithm>
#include <array>
#include <ctime>

#include <fmt/format.h>

#include "transfer/transfer.hpp"

namespace nixie {
namespace {

struct Upload {
    std::string text;
    std::size_t at = 0;
    bool ended = false; ///< libcurl asked beyond the end: now it sends the final full stop
};

std::size_t send_mail(char* buffer, std::size_t size, std::size_t count, void* data) {
    auto& upload = *static_cast<Upload*>(data);
    const std::size_t part = upload.text.copy(buffer, size * count, upload.at);
    upload.at += part;
    upload.ended = part == 0;
    return part;
}

/// RFC 4954 and RFC 3207: about the connection, not about the message.
bool is_about_login(long reply) {
    constexpr std::array<long, 4> codes{530, 534, 535, 538};
    return std::find(codes.begin(), codes.end(), reply) != codes.end();
}

Fate fate_after(long reply, bool ended) {
    if (reply >= 500 && reply < 600) return is_about_login(reply) ? Fate::not_taken : Fate::refused;
    if (reply >= 400) return Fate::not_taken;
    return ended ? Fate::unknown : Fate::not_taken;
}

} // namespace

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

Submission submit(const SmtpServer& server, const Envelope& envelope, std::string message, const StopAsked& stop) {
    Transfer transfer(server.url, "smtp,smtps", server.ca_file, server.timeout);
    if (server.tls == SmtpServer::Tls::required) transfer.set(CURLOPT_USE_SSL, static_cast<long>(CURLUSESSL_ALL));
    transfer.log_in(server.user, server.password);
    const std::string from = "<" + envelope.from + ">";
    transfer.set(CURLOPT_MAIL_FROM, from.c_str());
    std::vector<std::string> to{"<" + envelope.to + ">"};
    transfer.add(to, CURLOPT_MAIL_RCPT);
    Upload upload{std::move(message)};
    transfer.set(CURLOPT_UPLOAD, 1L);
    transfer.set(CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(upload.text.size())); // for SIZE, RFC 1870
    transfer.set(CURLOPT_READFUNCTION, &send_mail);
    transfer.set(CURLOPT_READDATA, static_cast<void*>(&upload));
    const auto ran = transfer.run(server.url, stop);
    if (ran) return {};
    Error error = ran.error();
    const long reply = transfer.number(CURLINFO_RESPONSE_CODE);
    if (reply >= 400) error.what += fmt::format(" (SMTP reply {})", reply);
    return {fate_after(reply, upload.ended), std::move(error)};
}

} // namespace nixie
