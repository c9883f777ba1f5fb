#include "worker/systemd.hpp"

#include <unistd.h>

#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <ctime>

#include <fmt/format.h>

#include "log/datagram.hpp"
#include "log/line.hpp"

namespace nixie {
namespace {

std::string take_variable(const char* name) {
    const char* const value = std::getenv(name);
    std::string out = value ? value : "";
    ::unsetenv(name);
    return out;
}

template <class Number>
std::optional<Number> whole_number(const std::string& text) {
    Number number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return number;
}

} // namespace

ServiceManager ServiceManager::from_environment() {
    ServiceManager out;
    out.socket_ = take_variable("NOTIFY_SOCKET");
    const auto interval = whole_number<std::int64_t>(take_variable("WATCHDOG_USEC"));
    const std::string pid = take_variable("WATCHDOG_PID");
    if (interval && *interval > 0 && (pid.empty() || whole_number<pid_t>(pid) == ::getpid()))
        // Half of it, as sd_watchdog_enabled(3) advises.
        out.ping_interval_ = std::chrono::ceil<std::chrono::milliseconds>(std::chrono::microseconds(*interval) / 2);
    return out;
}

void ServiceManager::ready(std::string_view status) const { tell(fmt::format("READY=1\nSTATUS={}", log_text(status))); }

void ServiceManager::status(std::string_view status) const { tell(fmt::format("STATUS={}", log_text(status))); }

void ServiceManager::reloading() const {
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now); // what newer systemd wants to know with it
    tell(fmt::format("RELOADING=1\nMONOTONIC_USEC={}\nSTATUS=reading the configuration again",
                     std::int64_t{now.tv_sec} * 1'000'000 + now.tv_nsec / 1000));
}

void ServiceManager::stopping() const { tell("STOPPING=1\nSTATUS=finishing what is in hand"); }

void ServiceManager::ping() const { tell("WATCHDOG=1"); }

void ServiceManager::tell(std::string_view state) const {
    if (!socket_.empty()) send_datagram(socket_, state);
}

} // namespace nixie
