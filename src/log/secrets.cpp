#include "log/secrets.hpp"

#include <algorithm>
#include <deque>
#include <mutex>

namespace nixie {
namespace {

constexpr std::size_t least_secret = 5;
/// Tokens come anew every hour; a year of them need not be kept.
constexpr std::size_t most_secrets = 256;

struct Guarded {
    std::mutex mutex;
    std::deque<std::string> secrets;
};

Guarded& guarded() {
    static Guarded all;
    return all;
}

} // namespace

void guard_secret(std::string_view secret) {
    if (secret.size() < least_secret) return;
    Guarded& all = guarded();
    const std::lock_guard lock(all.mutex);
    if (std::find(all.secrets.begin(), all.secrets.end(), secret) != all.secrets.end()) return;
    all.secrets.emplace_back(secret);
    if (all.secrets.size() > most_secrets) all.secrets.pop_front();
}

std::string redacted(std::string_view text) {
    std::string out(text);
    Guarded& all = guarded();
    const std::lock_guard lock(all.mutex);
    for (const auto& secret : all.secrets)
        for (std::size_t at = 0; (at = out.find(secret, at)) != std::string::npos; at += 3)
            out.replace(at, secret.size(), "***");
    return out;
}

} // namespace nixie
