#include "mailbox/connecting.hpp"

#include <algorithm>

namespace nixie {
namespace {

int trace_login(CURL* /*handle*/, curl_infotype type, char* data, std::size_t size, void* trace) {
    if (type == CURLINFO_HEADER_IN) static_cast<LoginTrace*>(trace)->received({data, size});
    if (type == CURLINFO_HEADER_OUT) static_cast<LoginTrace*>(trace)->sent({data, size});
    return 0;
}

int asked_to_stop(void* endpoint, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    return static_cast<const Endpoint*>(endpoint)->stop() ? 1 : 0;
}

/// Sets one option after the other until one fails.
class Options {
  public:
    explicit Options(CURL* handle) : handle_(handle) {}

    template <class Value>
    void set(CURLoption option, Value value) {
        if (first_ == CURLE_OK) first_ = curl_easy_setopt(handle_, option, value);
    }
    void set(CURLoption option, const std::string& value) { set(option, value.c_str()); }
    void set_if(CURLoption option, const std::string& value) {
        if (!value.empty()) set(option, value);
    }
    [[nodiscard]] CURLcode first_failure() const { return first_; }

  private:
    CURL* handle_;
    CURLcode first_ = CURLE_OK;
};

void set_tls(Options& options, const Endpoint& endpoint) {
    options.set(CURLOPT_USE_SSL, static_cast<long>(endpoint.tls == Tls::none ? CURLUSESSL_NONE : CURLUSESSL_ALL));
    options.set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    options.set(CURLOPT_SSL_VERIFYPEER, 1L);
    options.set(CURLOPT_SSL_VERIFYHOST, 2L);
    if (!endpoint.ca_file.empty()) {
        options.set(CURLOPT_CAINFO, endpoint.ca_file);
        options.set(CURLOPT_CAPATH, static_cast<const char*>(nullptr)); // else the system's stay trusted too
    }
    const ClientCertificate& certificate = endpoint.certificate;
    if (certificate.file.empty()) return;
    options.set(CURLOPT_SSLCERT, certificate.file);
    options.set(CURLOPT_SSLKEY, certificate.key.empty() ? certificate.file : certificate.key);
    // Never empty: OpenSSL would ask for the password of a locked key at the terminal.
    options.set(CURLOPT_KEYPASSWD, certificate.key_password.empty() ? std::string("-") : certificate.key_password);
}

void set_proxy(Options& options, const Proxy& proxy) {
    if (proxy.from == Proxy::From::environment) return; // libcurl looks there by itself
    options.set(CURLOPT_PROXY, proxy.from == Proxy::From::url ? proxy.url : std::string());
    if (proxy.from == Proxy::From::nowhere) return;
    options.set(CURLOPT_NOPROXY, "");
    options.set_if(CURLOPT_PROXYUSERNAME, proxy.user);
    options.set_if(CURLOPT_PROXYPASSWORD, proxy.password);
}

void set_login(Options& options, const Attempt& attempt) {
    const Endpoint& endpoint = attempt.endpoint;
    options.set(CURLOPT_LOGIN_OPTIONS, attempt.login_options);
    options.set(CURLOPT_USERNAME, endpoint.user);
    const bool by_certificate = endpoint.mechanism == "EXTERNAL"; // which libcurl chooses only without a password
    options.set(CURLOPT_PASSWORD, endpoint.token || by_certificate ? std::string() : attempt.secret);
    if (endpoint.token) options.set(CURLOPT_XOAUTH2_BEARER, attempt.secret);
}

Error unavailable(const Endpoint& endpoint, const char* what, const char* remedy) {
    return {ErrorCode::unavailable, what, endpoint.url, remedy};
}

Error misconfigured(const Endpoint& endpoint, const char* what, const char* remedy) {
    return {ErrorCode::config, what, endpoint.url, remedy};
}

/// From the name of the host to a connection.
std::optional<Error> not_connected(CURLcode code, const Endpoint& endpoint) {
    switch (code) {
        case CURLE_COULDNT_RESOLVE_HOST:
            return unavailable(endpoint, "the host name cannot be resolved",
                               "check the host name and this machine's name server");
        case CURLE_COULDNT_CONNECT:
            return unavailable(endpoint, "the server does not accept connections",
                               "check host name, port and firewall");
        case CURLE_COULDNT_RESOLVE_PROXY:
            return unavailable(endpoint, "the proxy's host name cannot be resolved",
                               "check `proxy`, or ALL_PROXY in the environment");
        case CURLE_PROXY:
        case CURLE_RECV_ERROR:
            if (code == CURLE_RECV_ERROR && endpoint.proxy.from != Proxy::From::url) return std::nullopt;
            return unavailable(endpoint, "the proxy does not connect to the server",
                               "check `proxy` (or ALL_PROXY), and whether it allows this host and port");
        case CURLE_OPERATION_TIMEDOUT:
            return unavailable(endpoint, "the server did not answer in time",
                               "check host name, port and firewall, or try again later");
        case CURLE_UNSUPPORTED_PROTOCOL:
        case CURLE_URL_MALFORMAT:
            return misconfigured(
                endpoint, "the URL does not fit",
                "write imaps://host or pop3s://host for implicit TLS, imap://host or pop3://host for the rest");
        default:
            return std::nullopt;
    }
}

std::optional<Error> not_encrypted(CURLcode code, const Endpoint& endpoint) {
    switch (code) {
        case CURLE_PEER_FAILED_VERIFICATION:
        case CURLE_SSL_ISSUER_ERROR:
            return unavailable(
                endpoint, "the server's certificate is not trusted or is for another host name",
                "name the authority that signed it with ca_file, or use the host name in the certificate");
        case CURLE_SSL_CONNECT_ERROR:
            return unavailable(endpoint, "TLS could not be set up (1.2 or newer is needed)",
                               "check that port and tls belong together: implicit or starttls; some servers want a "
                               "client_certificate");
        case CURLE_USE_SSL_FAILED:
            return unavailable(endpoint, "the server offers no STARTTLS, or refuses it",
                               "use implicit TLS and its port; if that worked before, someone may be listening in");
        case CURLE_SSL_CACERT_BADFILE:
            if (endpoint.ca_file.empty())
                return misconfigured(endpoint, "this machine has no list of trusted certificate authorities",
                                     "install ca-certificates, or name the server's authority with ca_file");
            return misconfigured(endpoint, "ca_file cannot be read or is not PEM", "check the path of ca_file");
        case CURLE_SSL_CERTPROBLEM:
            return misconfigured(endpoint, "the client certificate cannot be used",
                                 "check that client_certificate and client_key are PEM files that belong together, "
                                 "and the key's password");
        default:
            return std::nullopt;
    }
}

} // namespace

CURLcode set_options(CURL* handle, const Attempt& attempt) {
    const Endpoint& endpoint = attempt.endpoint;
    const auto seconds = static_cast<long>(std::max<Duration::rep>(1, endpoint.timeout.count()));
    Options options(handle);
    options.set(CURLOPT_PROTOCOLS_STR, endpoint.tls == Tls::implicit ? "imaps,pop3s" : "imap,pop3");
    options.set(CURLOPT_URL, endpoint.url);
    options.set(CURLOPT_CONNECT_ONLY, 1L);
    options.set(CURLOPT_NOSIGNAL, 1L);
    options.set(CURLOPT_TCP_KEEPALIVE, 1L);
    options.set(CURLOPT_CONNECTTIMEOUT, seconds);
    options.set(CURLOPT_SERVER_RESPONSE_TIMEOUT, seconds);
    set_proxy(options, endpoint.proxy);
    set_tls(options, endpoint);
    set_login(options, attempt);
    if (endpoint.stop) {
        options.set(CURLOPT_XFERINFOFUNCTION, &asked_to_stop);
        options.set(CURLOPT_XFERINFODATA, static_cast<const void*>(&endpoint));
        options.set(CURLOPT_NOPROGRESS, 0L);
    }
    options.set(CURLOPT_DEBUGFUNCTION, &trace_login);
    options.set(CURLOPT_DEBUGDATA, static_cast<void*>(&attempt.trace));
    options.set(CURLOPT_VERBOSE, 1L);
    return options.first_failure();
}

Error open_failed(CURLcode code, const Attempt& attempt) {
    const Endpoint& endpoint = attempt.endpoint;
    if (code == CURLE_ABORTED_BY_CALLBACK)
        return {ErrorCode::interrupted, "asked to stop while connecting", endpoint.url, {}};
    if (code == CURLE_LOGIN_DENIED || code == CURLE_AUTH_ERROR)
        return login_refused(endpoint, attempt.trace, attempt.secret);
    if (auto error = not_connected(code, endpoint)) return *error;
    if (auto error = not_encrypted(code, endpoint)) return *error;
    if (code == CURLE_WEIRD_SERVER_REPLY)
        return unavailable(endpoint, "the server did not greet, turned the connection away, or spoke out of turn",
                           "check the port, or try again later");
    return {ErrorCode::unavailable, std::string("no login: ") + curl_easy_strerror(code), endpoint.url,
            "try again later"};
}

} // namespace nixie
