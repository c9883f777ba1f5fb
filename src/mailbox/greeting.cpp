#include "mailbox/greeting.hpp"

#include <curl/curl.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <ctime>
#include <memory>

#include <fmt/format.h>

#include "base/text.hpp"
#include "mailbox/connecting.hpp"

namespace nixie {
namespace {

constexpr std::size_t most_names = 8;
constexpr std::size_t longest_name = 256;

using Handle = std::unique_ptr<CURL, decltype(&curl_easy_cleanup)>;

std::string host_of(const std::string& url) {
    const std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> parts(curl_url(), &curl_url_cleanup);
    char* host = nullptr;
    if (!parts || curl_url_set(parts.get(), CURLUPART_URL, url.c_str(), CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK ||
        curl_url_get(parts.get(), CURLUPART_HOST, &host, 0) != CURLUE_OK)
        return {};
    std::string out = host;
    curl_free(host);
    if (out.starts_with('[')) out = out.substr(1, out.size() - 2);
    return out;
}

std::vector<std::string> names_in(X509* certificate) {
    std::vector<std::string> out;
    auto* const names =
        static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr));
    for (int i = 0; i < sk_GENERAL_NAME_num(names) && out.size() < most_names; ++i) {
        const GENERAL_NAME* const name = sk_GENERAL_NAME_value(names, i);
        if (name->type != GEN_DNS) continue;
        const std::string_view text(reinterpret_cast<const char*>(ASN1_STRING_get0_data(name->d.dNSName)),
                                    static_cast<std::size_t>(ASN1_STRING_length(name->d.dNSName)));
        out.push_back(printable(to_valid_utf8(clip(text, longest_name))));
    }
    GENERAL_NAMES_free(names);
    return out;
}

ServerCertificate read_certificate(X509* certificate, const std::string& host) {
    ServerCertificate out;
    char* const issuer = X509_NAME_oneline(X509_get_issuer_name(certificate), nullptr, 0);
    if (issuer) out.issuer = printable(to_valid_utf8(clip(issuer, longest_name)));
    OPENSSL_free(issuer);
    out.names = names_in(certificate);
    out.names_host = X509_check_host(certificate, host.c_str(), host.size(), 0, nullptr) == 1 ||
                     X509_check_ip_asc(certificate, host.c_str(), 0) == 1;
    std::tm end{};
    if (ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &end) == 1) out.expires = Time(Duration(::timegm(&end)));
    return out;
}

/// What libcurl tells while it connects.
struct Listener {
    CURL* handle;
    const std::string& host;
    Greeting& greeting;

    /// Only meanwhile libcurl gives access to its TLS session.
    void look_at_session() const {
        curl_tlssessioninfo* session = nullptr;
        if (curl_easy_getinfo(handle, CURLINFO_TLS_SSL_PTR, &session) != CURLE_OK || !session || !session->internals ||
            session->backend != CURLSSLBACKEND_OPENSSL)
            return;
        auto* const ssl = static_cast<SSL*>(session->internals);
        greeting.tls = SSL_get_version(ssl);
        if (X509* const certificate = SSL_get0_peer_certificate(ssl))
            greeting.certificate = read_certificate(certificate, host);
    }
};

int hear(CURL* /*handle*/, curl_infotype type, char* data, std::size_t size, void* listener) {
    const auto& self = *static_cast<const Listener*>(listener);
    if (type == CURLINFO_HEADER_IN) {
        self.greeting.ways.received({data, size});
        self.look_at_session();
    }
    if (type == CURLINFO_HEADER_OUT) self.greeting.ways.sent({data, size});
    return 0;
}

enum class Trust { needed, not_needed };

/// Of the endpoint only how to get there: without a user libcurl logs nobody in.
CURLcode connect(const Endpoint& endpoint, Trust trust, Greeting& greeting) {
    const Handle handle(curl_easy_init(), &curl_easy_cleanup);
    if (!handle) return CURLE_FAILED_INIT;
    LoginTrace unused;
    const std::string options = "AUTH=*", no_secret;
    const CURLcode set = set_options(handle.get(), {endpoint, options, no_secret, unused});
    if (set != CURLE_OK) return set;
    curl_easy_setopt(handle.get(), CURLOPT_USERNAME, static_cast<const char*>(nullptr));
    curl_easy_setopt(handle.get(), CURLOPT_PASSWORD, static_cast<const char*>(nullptr));
    curl_easy_setopt(handle.get(), CURLOPT_XOAUTH2_BEARER, static_cast<const char*>(nullptr));
    if (trust == Trust::not_needed) {
        curl_easy_setopt(handle.get(), CURLOPT_SSL_VERIFYPEER, 0L);
        curl_easy_setopt(handle.get(), CURLOPT_SSL_VERIFYHOST, 0L);
    }
    const std::string host = host_of(endpoint.url);
    Listener listener{handle.get(), host, greeting};
    curl_easy_setopt(handle.get(), CURLOPT_DEBUGFUNCTION, &hear);
    curl_easy_setopt(handle.get(), CURLOPT_DEBUGDATA, static_cast<void*>(&listener));
    return curl_easy_perform(handle.get());
}

Error distrust_of(const std::optional<ServerCertificate>& certificate, const Endpoint& endpoint, Time now) {
    Error error{ErrorCode::unavailable, "the server's certificate is not trusted", endpoint.url,
                "name the authority that signed it with ca_file"};
    if (!certificate) return error;
    if (certificate->expires <= now) {
        error.what = "the server's certificate expired on " + format_time(certificate->expires).substr(0, 10);
        error.remedy = "renew it on the server, then let the mail server read it (often: systemctl reload)";
    } else if (!certificate->names_host) {
        error.what = certificate->names.empty()
                         ? "the server's certificate is for another host name"
                         : fmt::format("the server's certificate is for {}", fmt::join(certificate->names, ", "));
        error.remedy = "use one of its names in `url`, or have the server's own name put into it";
    } else {
        error.what += fmt::format(" by this machine; it was signed by {}", certificate->issuer);
    }
    return error;
}

} // namespace

Result<Greeting> greet(const Endpoint& endpoint, Time now) {
    Greeting greeting;
    CURLcode code = connect(endpoint, Trust::needed, greeting);
    const bool distrusted = code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_ISSUER_ERROR;
    if (distrusted) {
        greeting = {};
        code = connect(endpoint, Trust::not_needed, greeting);
    }
    if (code != CURLE_OK) {
        const std::string nothing;
        return open_failed(code, {endpoint, nothing, nothing, greeting.ways});
    }
    if (distrusted) greeting.distrust = distrust_of(greeting.certificate, endpoint, now);
    return greeting;
}

} // namespace nixie
