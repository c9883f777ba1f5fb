#include "mailbox/connection.hpp"

#include <curl/curl.h>
#include <poll.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <utility>

#include "base/text.hpp"
#include "mailbox/connecting.hpp"
#include "mailbox/login.hpp"
#include "mailbox/waiting.hpp"

namespace nixie {
namespace {

/// Who shall stop waits no longer for a server's next byte: one at work on a batch says so sooner.
constexpr Duration silence = std::chrono::seconds(2);

bool curl_is_ready() {
    static const CURLcode code = curl_global_init(CURL_GLOBAL_DEFAULT);
    return code == CURLE_OK;
}

bool breaks_lines(std::string_view text) {
    return text.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos;
}

/// Line breaks would let the secret speak for itself.
Result<void> check_credentials(const Endpoint& endpoint, std::string_view secret) {
    if (breaks_lines(endpoint.user) || breaks_lines(secret))
        return Error{ErrorCode::config, "user name, password or token contains a line break", endpoint.url, {}};
    return {};
}

} // namespace

struct Connection::Impl {
    struct Cleanup {
        void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
    };

    std::unique_ptr<CURL, Cleanup> easy;
    curl_socket_t socket = CURL_SOCKET_BAD;
    std::string url;
    std::string login_reply;
    std::string announced;
    Duration timeout{};
    std::function<bool()> stop;

    static Result<Connection> open(const Attempt& attempt);
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
    auto options = login_options(endpoint);
    if (!options) return options.error();
    auto secret = endpoint.token ? endpoint.token({}) : endpoint.password;
    if (!secret) return secret.error();
    LoginTrace trace;
    auto opened = Impl::open({endpoint, *options, *secret, trace});
    if (opened || opened.error().code != ErrorCode::refused_login) return opened;
    LoginTrace second;
    if (const auto other = other_login_options(endpoint, trace)) return Impl::open({endpoint, *other, *secret, second});
    if (!endpoint.token || trace.tried().empty()) return opened;
    // The token may have been withdrawn, or expired by the server's clock. Once only: a server counts refusals.
    const auto fresh = endpoint.token(*secret);
    if (!fresh) return fresh.error();
    return *fresh == *secret ? std::move(opened) : Impl::open({endpoint, *options, *fresh, second});
}

Result<Connection> Connection::Impl::open(const Attempt& attempt) {
    const Endpoint& endpoint = attempt.endpoint;
    if (auto checked = check_credentials(endpoint, attempt.secret); !checked) return checked.error();
    auto impl = std::make_unique<Impl>();
    if (curl_is_ready()) impl->easy.reset(curl_easy_init());
    if (!impl->easy) return Error{ErrorCode::unavailable, "libcurl could not be started", endpoint.url, {}};
    CURL* const handle = impl->easy.get();
    CURLcode code = set_options(handle, attempt);
    if (code == CURLE_OK) code = curl_easy_perform(handle);
    if (code == CURLE_OK) code = curl_easy_getinfo(handle, CURLINFO_ACTIVESOCKET, &impl->socket);
    curl_easy_setopt(handle, CURLOPT_VERBOSE, 0L);
    curl_easy_setopt(handle, CURLOPT_NOPROGRESS, 1L);
    curl_easy_setopt(handle, CURLOPT_DEBUGDATA, static_cast<void*>(nullptr));
    if (code != CURLE_OK) return open_failed(code, attempt);
    impl->url = endpoint.url;
    if (impl->socket == CURL_SOCKET_BAD) return impl->lost("the connection was closed after the login");
    impl->timeout = endpoint.timeout;
    impl->stop = endpoint.stop;
    impl->login_reply = trim(attempt.trace.last_reply());
    impl->announced = attempt.trace.capabilities();
    return Connection(std::move(impl));
}

const std::string& Connection::login_reply() const { return impl_->login_reply; }

const std::string& Connection::announced() const { return impl_->announced; }

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
    for (Duration left = std::max(impl_->timeout, Duration{1}); left > Duration::zero(); left -= silence) {
        auto got = receive(buffer, std::min(left, silence), -1);
        if (!got || *got > 0) return got;
        if (impl_->stop && impl_->stop())
            return Error{ErrorCode::interrupted, "asked to stop while the server was silent", impl_->url, {}};
    }
    return impl_->silent();
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
