// Places on the network that a URL names, and servers that take mail.
#include <algorithm>

#include <fmt/format.h>

#include "config/sections.hpp"
#include "config/url.hpp"

namespace nixie {

std::string_view host_in(std::string_view url) {
    url.remove_prefix(std::min(url.size(), url.find("://") + 3));
    if (url.starts_with('[')) return url.substr(1, url.find(']') - 1);
    return url.substr(0, url.find_first_of(":/?#"));
}

bool is_mail_address(std::string_view text) {
    const auto at = text.find('@');
    return at != std::string::npos && at > 0 && at + 1 < text.size() &&
           text.find_first_of(std::string_view("<>\r\n\0 ", 6)) == std::string::npos;
}

void check_place(TableReader& in, std::string_view key, const std::string& url, std::string_view secure,
                 std::string_view clear) {
    const auto end = url.find('/', std::min(url.size(), url.find("://") + 3));
    if (url.substr(0, end).find('@') != std::string::npos)
        in.complain(key, fmt::format("`{}` holds a user name", key),
                    "move it to `user`, and the password to `password_file`");
    else if (!url.starts_with(secure) && !url.starts_with(clear))
        in.complain(key, fmt::format("`{}` must be a URL that begins with {}", key, secure), "write all of it");
}

SmtpConfig read_smtp(TableReader& in) {
    SmtpConfig smtp;
    smtp.url = in.text("server", smtp.url);
    check_place(in, "server", smtp.url, "smtps://", "smtp://");
    smtp.user = in.text("user");
    smtp.password = read_secret_source(in, "password");
    smtp.ca_file = in.text("ca_file");
    // A server on this machine rarely has a certificate for its name there.
    const bool here = is_loopback(host_in(smtp.url));
    const std::string tls = in.text("tls", here ? "none" : "starttls");
    smtp.encryption = tls == "none" ? Encryption::none : Encryption::starttls;
    if (smtp.url.starts_with("smtps://")) smtp.encryption = Encryption::implicit;
    if (tls != "none" && tls != "starttls")
        in.complain("tls", "`tls` must be \"starttls\" or \"none\"", "leave it out, and the URL decides");
    else if (smtp.encryption == Encryption::none && !here)
        in.complain("tls", "mail and password would cross the network readable to all", "use STARTTLS, or smtps://");
    return smtp;
}

} // namespace nixie
