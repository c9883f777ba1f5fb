#include "worker/metrics_listener.hpp"

#include <arpa/inet.h>
#include <microhttpd.h>

#include <cerrno>
#include <cstring>
#include <string_view>

#include <fmt/format.h>

#include "log/log.hpp"

namespace nixie {
namespace {

constexpr unsigned most_connections = 16;
constexpr unsigned idle_seconds = 5;
/// Of each connection: its request must fit in, the answer is not part of it.
constexpr std::size_t connection_memory = 8192;

constexpr const char* plain_text = "text/plain; charset=utf-8";
constexpr const char* prometheus_text = "text/plain; version=0.0.4; charset=utf-8";

sockaddr_storage address_of(const std::string& host, int port) {
    sockaddr_storage out{};
    if (host.find(':') == std::string::npos) {
        auto& address = reinterpret_cast<sockaddr_in&>(out);
        address.sin_family = AF_INET;
        address.sin_port = htons(static_cast<std::uint16_t>(port));
        ::inet_pton(AF_INET, host.c_str(), &address.sin_addr);
    } else {
        auto& address = reinterpret_cast<sockaddr_in6&>(out);
        address.sin6_family = AF_INET6;
        address.sin6_port = htons(static_cast<std::uint16_t>(port));
        ::inet_pton(AF_INET6, host.c_str(), &address.sin6_addr);
    }
    return out;
}

MHD_Result answer(MHD_Connection* connection, unsigned status, std::string_view body, const char* type = plain_text) {
    // The library copies the body and never changes it.
    MHD_Response* const response =
        MHD_create_response_from_buffer(body.size(), const_cast<char*>(body.data()), MHD_RESPMEM_MUST_COPY);
    if (response == nullptr) return MHD_NO;
    MHD_add_response_header(response, "Content-Type", type);
    if (status == MHD_HTTP_METHOD_NOT_ALLOWED) MHD_add_response_header(response, "Allow", "GET, HEAD");
    const auto queued = MHD_queue_response(connection, status, response);
    MHD_destroy_response(response);
    return queued;
}

MHD_Result handle(void* listener, MHD_Connection* connection, const char* url, const char* method, const char*,
                  const char*, std::size_t*, void**) {
    const std::string_view verb = method;
    if (verb != "GET" && verb != "HEAD") return answer(connection, MHD_HTTP_METHOD_NOT_ALLOWED, "Only GET.\n");
    if (std::string_view(url) != "/metrics")
        return answer(connection, MHD_HTTP_NOT_FOUND, "The metrics are at /metrics.\n");
    const auto text = static_cast<const MetricsListener*>(listener)->text()();
    if (text) return answer(connection, MHD_HTTP_OK, *text, prometheus_text);
    log(LogLevel::warning, text.error(), {{"what", "metrics"}});
    return answer(connection, MHD_HTTP_SERVICE_UNAVAILABLE, "The journal cannot be read now; the log says why.\n");
}

} // namespace

Result<std::unique_ptr<MetricsListener>> MetricsListener::open(const std::string& host, int port, Text text) {
    std::unique_ptr<MetricsListener> out(new MetricsListener(std::move(text)));
    const sockaddr_storage address = address_of(host, port);
    const unsigned family = address.ss_family == AF_INET6 ? MHD_USE_IPv6 : MHD_NO_FLAG;
    errno = 0;
    out->daemon_ =
        MHD_start_daemon(MHD_USE_AUTO | MHD_USE_INTERNAL_POLLING_THREAD | family, 0, nullptr, nullptr, &handle,
                         out.get(), MHD_OPTION_SOCK_ADDR, reinterpret_cast<const sockaddr*>(&address),
                         MHD_OPTION_CONNECTION_LIMIT, most_connections, MHD_OPTION_CONNECTION_TIMEOUT, idle_seconds,
                         MHD_OPTION_CONNECTION_MEMORY_LIMIT, connection_memory, MHD_OPTION_END);
    if (out->daemon_ == nullptr)
        return Error{ErrorCode::config, fmt::format("metrics cannot be told here: {}", std::strerror(errno)),
                     fmt::format("{}:{}", host, port), "choose another address or port for `listen` in [metrics]"};
    return out;
}

MetricsListener::~MetricsListener() {
    if (daemon_ != nullptr) MHD_stop_daemon(daemon_);
}

int MetricsListener::port() const { return MHD_get_daemon_info(daemon_, MHD_DAEMON_INFO_BIND_PORT)->port; }

} // namespace nixie
