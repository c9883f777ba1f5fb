#include "auth/http.hpp"

#include <string_view>

#include "transfer/transfer.hpp"

namespace nixie {
namespace {

constexpr Duration whole_time = std::chrono::seconds(60);

std::string percent_encoded(std::string_view text) {
    char* const escaped = curl_easy_escape(nullptr, text.data(), static_cast<int>(text.size()));
    std::string out = escaped == nullptr ? "" : escaped;
    curl_free(escaped);
    return out;
}

std::string encoded_form(const Form& form) {
    std::string out;
    for (const auto& [key, value] : form) {
        if (!out.empty()) out += '&';
        out += percent_encoded(key) + '=' + percent_encoded(value);
    }
    return out;
}

/// As for mailboxes: `none` and what the environment says, which libcurl reads by itself.
Result<void> set_proxy_of(Transfer& transfer, const ProxyConfig& proxy, std::string_view url) {
    const bool loopback = url.starts_with("http://"); // which the configuration allows on this machine only
    if (proxy.url == "none" || loopback) transfer.set(CURLOPT_PROXY, "");
    if (proxy.url.empty() || proxy.url == "none" || loopback) return {};
    const auto password = read_secret(proxy.password);
    if (!password) return password.error();
    transfer.set(CURLOPT_PROXY, proxy.url.c_str());
    if (!proxy.user.empty()) transfer.set(CURLOPT_PROXYUSERNAME, proxy.user.c_str());
    if (!password->empty()) transfer.set(CURLOPT_PROXYPASSWORD, password->c_str());
    return {};
}

Error not_answered(const Transfer& transfer, Error error) {
    error.what = "the token server does not answer: " + error.what;
    error.remedy = transfer.is_untrusted()
                       ? "name the authority that signed its certificate with `ca_file` in [mailbox.oauth]"
                       : "check this machine's network, name server and proxy, or try again later";
    return error;
}

Result<HttpAnswer> post_form(const std::string& url, const Form& form, const std::string& ca_file,
                             const ProxyConfig& proxy) {
    const std::string body = encoded_form(form);
    Transfer transfer(url, "http,https", ca_file, whole_time);
    std::vector<std::string> headers{"Accept: application/json"};
    transfer.add(headers, CURLOPT_HTTPHEADER);
    transfer.set(CURLOPT_POST, 1L);
    transfer.set(CURLOPT_POSTFIELDSIZE, static_cast<long>(body.size()));
    transfer.set(CURLOPT_POSTFIELDS, body.c_str());
    if (auto set = set_proxy_of(transfer, proxy, url); !set) return set.error();
    if (auto ran = transfer.run(url, {}); !ran) return not_answered(transfer, ran.error());
    HttpAnswer answer{transfer.number(CURLINFO_RESPONSE_CODE), transfer.answer()};
    if (const curl_off_t seconds = transfer.large(CURLINFO_RETRY_AFTER); seconds > 0)
        answer.retry_after = Duration{seconds};
    return answer;
}

} // namespace

HttpPost post_over_network(const std::string& ca_file, const ProxyConfig& proxy) {
    return [ca_file, proxy](const std::string& url, const Form& form) { return post_form(url, form, ca_file, proxy); };
}

} // namespace nixie
