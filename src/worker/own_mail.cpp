#include "worker/own_mail.hpp"

#include <algorithm>
#include <string_view>

namespace nixie {
namespace {

/// The login, where that is an address that a header can hold as it is.
std::string own_address(const MailboxConfig& mailbox) {
    const std::string& user = mailbox.login.user;
    const bool plain = std::all_of(user.begin(), user.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               std::string_view("@.-_+").find(c) != std::string_view::npos;
    });
    const auto at = user.find('@');
    const bool whole =
        at != std::string::npos && at > 0 && at + 1 < user.size() && user.find('@', at + 1) == std::string::npos;
    return plain && whole ? user : "nixie@localhost";
}

} // namespace

MailHead own_mail(const MailboxConfig& mailbox, std::string subject, const std::string& id, Time now) {
    const std::string address = own_address(mailbox);
    return {"nixie <" + address + ">", address, std::move(subject), id + address.substr(address.find('@')), now};
}

} // namespace nixie
