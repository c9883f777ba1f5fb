#include "auth/http.hpp"

#include <curl/curl.h>

#include <memory>
#include <string_view>

namespace nixie {
namespace {

constexpr long connect_seconds = 20;
constexpr long whole_seconds = 60;
/// Tokens have a few kilobytes.
constexpr std::size_t max_answer = 1 << 20;

struct EasyCleanup {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
struct ListCleanup {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

std::size_t keep_body(const char* data, std::size_t /*one*/, std::size_t size, void* body) {
    auto& out = *static_cast<std::string*>(body);
    if (out.size() + size > max_answer) return 0;
    out.append(data, size);
    return size;
}

std::string percent_encoded(CURL* handle, std::string_view text) {
    char* const escaped = curl_easy_escape(handle, text.data(), static_cast<int>(text.size()));
    std::string out = escaped == nullptr ? "" : escaped;
    curl_free(escaped);
    return out;
}

std::string encoded_form(CURL* handle, const Form& form) {
    std::string out;
    for (const auto& [key, value] : form) {
        if (!out.empty()) out += '&';
        out += percent_encoded(handle, key) + '=' + percent_encoded(handle, value);
    }
    return out;
}

/// As for mailboxes: `none` and what the environment says, which libcurl reads by itself.
Result<void> set_proxy_of(CURL* handle, const ProxyConfig& proxy, std::string_view url) {
    const bool loopback = url.starts_with("http://"); // which the configuration allows on this machine only
    if (proxy.url == "none" || loopback) curl_easy_setopt(handle, CURLOPT_PROXY, "");
    if (proxy.url.empty() || proxy.url == "none" || loopback) return {};
    const auto password = read_secret(proxy.password);
    if (!password) return password.error();
    curl_easy_setopt(handle, CURLOPT_PROXY, proxy.url.c_str());
    if (!proxy.user.empty()) curl_easy_setopt(handle, CURLOPT_PROXYUSERNAME, proxy.user.c_str());
    if (!password->empty()) curl_easy_setopt(handle, CURLOPT_PROXYPASSWORD, password->c_str());
    return {};
}

Error not_answered(CURLcode code, const std::string& url) {
    Error error{ErrorCode::unavailable, std::string("the token server does not answer: ") + curl_easy_strerror(code),
                url, "check this machine's network, name server and proxy, or try again later"};
    if (code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CACERT_BADFILE)
        error.remedy = "name the authority that signed its certificate with `ca_file` in [mailbox.oauth]";
    return error;
}

Result<HttpAnswer> post_form(const std::string& url, const Form& form, const std::string& ca_file,
                             const ProxyConfig& proxy) {
    static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
    const std::unique_ptr<CURL, EasyCleanup> easy(ready == CURLE_OK ? curl_easy_init() : nullptr);
    if (!easy) return Error{ErrorCode::unavailable, "libcurl could not be started", url, {}};
    CURL* const handle = easy.get();
    const std::string body = encoded_form(handle, form);
    const std::unique_ptr<curl_slist, ListCleanup> headers(curl_slist_append(nullptr, "Accept: application/json"));
    HttpAnswer answer;
    curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(handle, CURLOPT_URL, url.c_str());
    curl_easy_setopt(handle, CURLOPT_POST, 1L);
    curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE, static_cast<long>(body.size()));
    curl_easy_setopt(handle, CURLOPT_POSTFIELDS, body.c_str());
    curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers.get());
    curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT, connect_seconds);
    curl_easy_setopt(handle, CURLOPT_TIMEOUT, whole_seconds);
    curl_easy_setopt(handle, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    if (!ca_file.empty()) {
        curl_easy_setopt(handle, CURLOPT_CAINFO, ca_file.c_str());
        curl_easy_setopt(handle, CURLOPT_CAPATH, static_cast<const char*>(nullptr));
    }
    curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, &keep_body);
    curl_easy_setopt(handle, CURLOPT_WRITEDATA, static_cast<void*>(&answer.body));
    if (auto set = set_proxy_of(handle, proxy, url); !set) return set.error();
    if (const CURLcode code = curl_easy_perform(handle); code != CURLE_OK) return not_answered(code, url);
    curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &answer.status);
    curl_off_t seconds = 0;
    curl_easy_getinfo(handle, CURLINFO_RETRY_AFTER, &seconds);
    if (seconds > 0) answer.retry_after = Duration{seconds};
    return answer;
}

} // namespace

HttpPost post_over_network(const std::string& ca_file, const ProxyConfig& proxy) {
    return [ca_file, proxy](const std::string& url, const Form& form) { return post_form(url, form, ca_file, proxy); };
}

} // namespace nixie
