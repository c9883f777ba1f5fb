#include "mailbox/connection.hpp"

#include <curl/curl.h>
#include <poll.h>

#include <algorithm>
#include <array>
#include <utility>

#include "mailbox/waiting.hpp"

namespace nixie {
namespace {

bool curl_is_ready() {
    static const CURLcode code = curl_global_init(CURL_GLOBAL_DEFAULT);
    return code == CURLE_OK;
}

bool breaks_lines(std::string_view text) {
    return text.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos;
}

/// Keeps the server's last line while libcurl logs in. What was sent is never looked at: it holds the password.
int keep_last_reply(CURL* /*handle*/, curl_infotype type, char* data, std::size_t size, void* reply) {
    if (type == CURLINFO_HEADER_IN) static_cast<std::string*>(reply)->assign(data, size);
    return 0;
}

/// RFC 5530, RFC 2449 and RFC 3206: codes by which a server refuses a login that is right and may succeed later.
bool refuses_for_now(std::string_view reply) {
    constexpr std::array<std::string_view, 6> codes{"[UNAVAILABLE]", "[INUSE]",    "[LIMIT]",
                                                    "[IN-USE]",      "[SYS/TEMP]", "[LOGIN-DELAY]"};
    return std::any_of(codes.begin(), codes.end(),
                       [&](std::string_view code) { return reply.find(code) != std::string_view::npos; });
}

Error login_refused(const Endpoint& endpoint, std::string_view last_reply) {
    if (refuses_for_now(last_reply))
        return {ErrorCode::unavailable, "the server does not let anyone log in now", endpoint.url, "try again later"};
    return {ErrorCode::refused_login, "user name or password refused", endpoint.url,
            "check user, password and which ways to log in the account allows"};
}

/// What libcurl could not do on the way from the host's name to a finished login.
Error open_failed(CURLcode code, const Endpoint& endpoint, std::string_view last_reply) {
    const auto unavailable = [&](const char* what, const char* remedy) {
        return Error{ErrorCode::unavailable, what, endpoint.url, remedy};
    };
    switch (code) {
        case CURLE_COULDNT_RESOLVE_HOST:
            return unavailable("the host name cannot be resolved",
                               "check the host name and this machine's name server");
        case CURLE_COULDNT_CONNECT:
            return unavailable("the server does not accept connections", "check host name, port and firewall");
        case CURLE_OPERATION_TIMEDOUT:
            return unavailable("the server did not answer in time",
                               "check host name, port and firewall, or try again later");
        case CURLE_PEER_FAILED_VERIFICATION:
        case CURLE_SSL_ISSUER_ERROR:
            return unavailable(
                "the server's certificate is not trusted or is for another host name",
                "name the authority that signed it with ca_file, or use the host name in the certificate");
        case CURLE_SSL_CONNECT_ERROR:
            return unavailable("TLS could not be set up (1.2 or newer is needed)",
                               "check that port and tls belong together: implicit or starttls");
        case CURLE_USE_SSL_FAILED:
            return unavailable("the server offers no STARTTLS", "use implicit TLS and its port");
        case CURLE_SSL_CACERT_BADFILE:
            if (endpoint.ca_file.empty())
                return {ErrorCode::config, "this machine has no list of trusted certificate authorities", endpoint.url,
                        "install ca-certificates, or name the server's authority with ca_file"};
            return {ErrorCode::config, "ca_file cannot be read or is not PEM", endpoint.url,
                    "check the path of ca_file"};
        case CURLE_UNSUPPORTED_PROTOCOL:
        case CURLE_URL_MALFORMAT:
            return {ErrorCode::config, "the URL does not fit", endpoint.url,
                    "write imaps://host or pop3s://host for implicit TLS, imap://host or pop3://host for the rest"};
        case CURLE_LOGIN_DENIED:
        case CURLE_AUTH_ERROR:
            return login_refused(endpoint, last_reply);
        case CURLE_WEIRD_SERVER_REPLY:
            return unavailable("the server did not greet, or turned the connection away",
                               "check the port, or try again later");
        default:
            return {ErrorCode::unavailable, std::string("no login: ") + curl_easy_strerror(code), endpoint.url,
                    "try again later"};
    }
}

CURLcode set_options(CURL* handle, const Endpoint& endpoint, std::string& last_reply) {
    CURLcode first = CURLE_OK;
    const auto set = [&](CURLoption option, auto value) {
        if (first == CURLE_OK) first = curl_easy_setopt(handle, option, value);
    };
    const auto seconds = std::max<Duration::rep>(1, endpoint.timeout.count());
    set(CURLOPT_PROTOCOLS_STR, endpoint.tls == Tls::implicit ? "imaps,pop3s" : "imap,pop3");
    set(CURLOPT_URL, endpoint.url.c_str());
    set(CURLOPT_USERNAME, endpoint.user.c_str());
    set(CURLOPT_PASSWORD, endpoint.password.c_str());
    set(CURLOPT_CONNECT_ONLY, 1L);
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_PROXY, "");
    set(CURLOPT_TCP_KEEPALIVE, 1L);
    set(CURLOPT_CONNECTTIMEOUT, static_cast<long>(seconds));
    set(CURLOPT_SERVER_RESPONSE_TIMEOUT, static_cast<long>(seconds));
    set(CURLOPT_USE_SSL, static_cast<long>(endpoint.tls == Tls::none ? CURLUSESSL_NONE : CURLUSESSL_ALL));
    set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    set(CURLOPT_SSL_VERIFYPEER, 1L);
    set(CURLOPT_SSL_VERIFYHOST, 2L);
    if (!endpoint.ca_file.empty()) {
        set(CURLOPT_CAINFO, endpoint.ca_file.c_str());
        set(CURLOPT_CAPATH, static_cast<const char*>(nullptr)); // else the system's authorities stay trusted too
    }
    set(CURLOPT_DEBUGFUNCTION, &keep_last_reply);
    set(CURLOPT_DEBUGDATA, static_cast<void*>(&last_reply));
    set(CURLOPT_VERBOSE, 1L);
    return first;
}

} // namespace

struct Connection::Impl {
    struct Cleanup {
        void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
    };

    std::unique_ptr<CURL, Cleanup> easy;
    curl_socket_t socket = CURL_SOCKET_BAD;
    std::string url;
    Duration timeout{};

    [[nodiscard]] Error lost(std::string what) const {
        return {ErrorCode::unavailable, std::move(what), url, "try again later"};
    }
    [[nodiscard]] Error silent() const {
        return lost("the server was silent for " + format_duration(std::max(timeout, Duration{1})));
    }
};

Connection::Connection(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Connection::Connection(Connection&&) noexcept = default;
Connection& Connection::operator=(Connection&&) noexcept = default;
Connection::~Connection() = default;

Result<Connection> Connection::open(const Endpoint& endpoint) {
    if (endpoint.url.find('@') != std::string::npos) // not shown: what stands before the '@' may be a password
        return Error{ErrorCode::config, "the URL of a mailbox holds a user name", {}, "give user and password apart"};
    if (breaks_lines(endpoint.user) || breaks_lines(endpoint.password))
        return Error{ErrorCode::config, "user name or password contains a line break", endpoint.url, {}};
    auto impl = std::make_unique<Impl>();
    if (curl_is_ready()) impl->easy.reset(curl_easy_init());
    if (!impl->easy) return Error{ErrorCode::unavailable, "libcurl could not be started", endpoint.url, {}};
    CURL* const handle = impl->easy.get();
    std::string last_reply;
    CURLcode code = set_options(handle, endpoint, last_reply);
    if (code == CURLE_OK) code = curl_easy_perform(handle);
    if (code == CURLE_OK) code = curl_easy_getinfo(handle, CURLINFO_ACTIVESOCKET, &impl->socket);
    curl_easy_setopt(handle, CURLOPT_VERBOSE, 0L);
    curl_easy_setopt(handle, CURLOPT_DEBUGDATA, static_cast<void*>(nullptr));
    if (code != CURLE_OK) return open_failed(code, endpoint, last_reply);
    if (impl->socket == CURL_SOCKET_BAD) return impl->lost("the connection was closed after the login");
    impl->url = endpoint.url;
    impl->timeout = endpoint.timeout;
    return Connection(std::move(impl));
}

Result<void> Connection::send(std::string_view bytes) {
    auto until = from_now(impl_->timeout);
    while (!bytes.empty()) {
        std::size_t sent = 0;
        const CURLcode code = curl_easy_send(impl_->easy.get(), bytes.data(), bytes.size(), &sent);
        if (code == CURLE_AGAIN) {
            if (wait_for(impl_->socket, POLLOUT, until, -1) == Ready::timeout) return impl_->silent();
            continue;
        }
        if (code != CURLE_OK) return impl_->lost("the connection was lost while sending");
        bytes.remove_prefix(sent);
        until = from_now(impl_->timeout);
    }
    return {};
}

Result<std::size_t> Connection::receive(std::span<char> buffer) {
    auto got = receive(buffer, std::max(impl_->timeout, Duration{1}), -1);
    if (got && *got == 0) return impl_->silent();
    return got;
}

Result<std::size_t> Connection::receive(std::span<char> buffer, Duration timeout, int stop_fd) {
    assert(!buffer.empty());
    const auto until = from_now(timeout);
    while (true) {
        // Before any poll(): TLS may already hold bytes that the socket will never announce.
        std::size_t got = 0;
        const CURLcode code = curl_easy_recv(impl_->easy.get(), buffer.data(), buffer.size(), &got);
        if (code == CURLE_OK && got > 0) return got;
        if (code == CURLE_OK) return impl_->lost("the server closed the connection");
        if (code != CURLE_AGAIN) return impl_->lost("the connection was lost while reading");
        if (wait_for(impl_->socket, POLLIN, until, stop_fd) != Ready::descriptor) return std::size_t{0};
    }
}

} // namespace nixie
