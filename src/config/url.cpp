#include "config/url.hpp"

#include <array>
#include <charconv>

#include "base/text.hpp"

namespace nixie {
namespace {

struct Scheme {
    std::string_view prefix;
    Protocol protocol;
    Encryption encryption;
    int port;
};

constexpr std::array<Scheme, 4> schemes{{
    {"imaps://", Protocol::imap, Encryption::implicit, 993},
    {"imap://", Protocol::imap, Encryption::starttls, 143},
    {"pop3s://", Protocol::pop3, Encryption::implicit, 995},
    {"pop3://", Protocol::pop3, Encryption::starttls, 110},
}};

Error bad_url(std::string what, std::string remedy) {
    return {ErrorCode::config, std::move(what), {}, std::move(remedy)};
}

/// "host", "host:port", "[::1]:port"; a single '/' may follow.
Result<void> read_authority(std::string_view text, MailboxConfig& mailbox) {
    if (text.ends_with('/')) text.remove_suffix(1);
    if (text.find('@') != std::string_view::npos)
        return bad_url("the URL holds a user name", "move it to `user`, and the password to `password_file`");
    if (text.find_first_of("/?#% \t") != std::string_view::npos)
        return bad_url("the URL holds more than a host and a port", "name the folder in `inbox`");
    std::string_view port;
    if (const auto bracket = text.find(']'); text.starts_with('[') && bracket != std::string_view::npos) {
        mailbox.host = text.substr(1, bracket - 1);
        port = text.substr(bracket + 1);
    } else {
        const auto colon = text.find(':');
        mailbox.host = text.substr(0, colon);
        port = colon == std::string_view::npos ? std::string_view{} : text.substr(colon);
    }
    if (mailbox.host.empty()) return bad_url("the URL names no host", "write it as imaps://imap.example.org");
    if (port.empty()) return {};
    port.remove_prefix(1);
    const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), mailbox.port);
    if (error != std::errc{} || end != port.data() + port.size() || mailbox.port < 1 || mailbox.port > 65535)
        return bad_url("the port is not a number from 1 to 65535", "leave it out for the usual one");
    return {};
}

} // namespace

bool is_loopback(std::string_view host) {
    return equals_ignoring_case(host, "localhost") || host == "::1" ||
           (host.starts_with("127.") && host.find_first_not_of("0123456789.") == std::string_view::npos);
}

Result<void> read_url(std::string_view url, MailboxConfig& mailbox) {
    mailbox.url = url;
    constexpr std::string_view maildir = "maildir:";
    if (starts_with_ignoring_case(url, maildir)) {
        mailbox.protocol = Protocol::maildir;
        mailbox.encryption = Encryption::none;
        mailbox.path = url.substr(maildir.size());
        if (mailbox.path.starts_with("///")) mailbox.path.erase(0, 2); // maildir:///path
        if (!mailbox.path.starts_with('/')) return bad_url("the Maildir's path is not absolute", "write maildir:/path");
        return {};
    }
    for (const auto& scheme : schemes) {
        if (!starts_with_ignoring_case(url, scheme.prefix)) continue;
        mailbox.protocol = scheme.protocol;
        mailbox.port = scheme.port;
        if (auto read = read_authority(url.substr(scheme.prefix.size()), mailbox); !read) return read;
        const bool plain = scheme.encryption == Encryption::starttls && is_loopback(mailbox.host);
        mailbox.encryption = plain ? Encryption::none : scheme.encryption;
        return {};
    }
    return bad_url("the URL's protocol is not known", "use imaps://, imap://, pop3s://, pop3:// or maildir:");
}

} // namespace nixie
