#include "store/provider.hpp"

#include <libpsl.h>

#include "base/text.hpp"

namespace nixie {
namespace {

/// RFC 1035 section 2.3.4.
constexpr std::size_t longest_host = 255;

bool is_host(std::string_view text) {
    if (text.empty() || text.size() > longest_host || text.find('.') == std::string_view::npos) return false;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        const bool fits =
            byte >= 0x80 || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
        if (!fits) return false;
    }
    // An IP address has no owner by name.
    return text.back() < '0' || text.back() > '9';
}

} // namespace

std::string domain_of(std::string_view address) {
    const auto at = address.rfind('@');
    if (at == std::string_view::npos) return {};
    std::string domain = to_lower(address.substr(at + 1));
    return is_host(domain) ? domain : std::string();
}

std::string registrable_domain(std::string_view host) {
    std::string lower = to_lower(host);
    while (lower.ends_with('.')) lower.pop_back();
    const char* const found = psl_registrable_domain(psl_builtin(), lower.c_str());
    return found != nullptr ? std::string(found) : lower;
}

std::string provider_of(std::string_view address, std::string_view remote_mta, std::string_view reporting_mta) {
    const std::string domain = domain_of(address);
    const std::string remote = to_lower(remote_mta), reporting = to_lower(reporting_mta);
    if (is_host(remote)) {
        const std::string owner = registrable_domain(remote);
        if (!is_host(reporting) || owner != registrable_domain(reporting)) return owner;
    }
    return domain.empty() ? domain : registrable_domain(domain);
}

} // namespace nixie
