#include "mailbox/login_refusals.hpp"

#include <catch2/catch.hpp>

using namespace nixie;

namespace {

struct Row {
    std::string url, reply;
    LoginBy by;
    std::string what, remedy; ///< parts; an empty `what`: nothing is known
};

} // namespace

TEST_CASE("login refusals: what a provider says is told with what to click") {
    constexpr auto password = LoginBy::password;
    constexpr auto token = LoginBy::token;
    const auto row = GENERATE(values<Row>({
        {"imaps://outlook.office365.com:993", "A1 NO AUTHENTICATE failed.", password, "takes no passwords",
         "microsoft365"},
        {"imaps://outlook.office365.com:993", "A1 NO LOGIN failed.", password, "takes no passwords", "microsoft365"},
        {"imaps://outlook.office365.com:993", "A1 NO AUTHENTICATE failed.", token, "token was refused", "Email apps"},
        {"imaps://imap.gmail.com:993",
         "A1 NO [ALERT] Application-specific password required: https://support.google.com/x (Failure)", password,
         "app password", "App passwords"},
        {"imaps://imap.gmail.com:993", "A1 NO [WEBALERT https://accounts.google.com/x] Web login required.", password,
         "browser", "mail.google.com"},
        {"imaps://imap.gmail.com:993", "A1 NO [ALERT] Your account is not enabled for IMAP use.", password,
         "IMAP is switched off", "Enable IMAP"},
        {"imaps://imap.gmail.com:993", "A1 NO [AUTHENTICATIONFAILED] Invalid credentials (Failure)", password,
         "refused", "app password"},
        {"imaps://imap.mail.yahoo.com", "A1 NO [AUTHENTICATIONFAILED] LOGIN Invalid credentials", password, "refused",
         "Yahoo"},
        {"imaps://imap.example.org:993", "A1 NO [UNAVAILABLE] later", password, "cannot check logins now", "later"},
        {"imaps://imap.example.org:993", "A1 NO [AUTHENTICATIONFAILED] wrong", password, "", ""},
        {"imaps://evilgmail.com", "A1 NO [AUTHENTICATIONFAILED] wrong", password, "", ""},
    }));
    CAPTURE(row.url, row.reply);
    const auto* const found = find_login_refusal(row.url, row.reply, row.by);
    REQUIRE((found != nullptr) == !row.what.empty());
    if (!found) return;
    CHECK_THAT(found->what, Catch::Contains(row.what));
    CHECK_THAT(found->remedy, Catch::Contains(row.remedy));
}
