#include "notify/signature.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>

namespace nixie {
namespace {

/// What the specification allows.
constexpr std::size_t least_key = 24, most_key = 64;
constexpr std::string_view secret_prefix = "whsec_";

} // namespace

std::string base64(std::string_view bytes) {
    std::string out(4 * ((bytes.size() + 2) / 3) + 1, '\0');
    const int length =
        EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                        reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
    out.resize(static_cast<std::size_t>(length));
    return out;
}

Result<std::string> webhook_key(std::string_view secret) {
    const Error wrong{ErrorCode::config,
                      "the webhook's secret is not whsec_ and the base64 of 24 to 64 bytes",
                      {},
                      "make one: echo whsec_$(openssl rand -base64 32)"};
    if (!secret.starts_with(secret_prefix)) return wrong;
    secret.remove_prefix(secret_prefix.size());
    if (secret.empty() || secret.size() % 4 != 0 || secret.size() > 2 * most_key) return wrong;
    std::string key(secret.size() / 4 * 3, '\0');
    const int length =
        EVP_DecodeBlock(reinterpret_cast<unsigned char*>(key.data()),
                        reinterpret_cast<const unsigned char*>(secret.data()), static_cast<int>(secret.size()));
    const std::size_t padding = secret.ends_with("==") ? 2 : secret.ends_with('=') ? 1 : 0;
    if (length < 0) return wrong;
    key.resize(static_cast<std::size_t>(length) - padding);
    if (key.size() < least_key || key.size() > most_key) return wrong;
    return key;
}

std::string webhook_signature(const std::vector<std::string>& keys, std::string_view id, Time at,
                              std::string_view body) {
    std::string signed_text(id);
    signed_text += "." + std::to_string(at.time_since_epoch().count()) + ".";
    signed_text += body;
    std::string out;
    for (const auto& key : keys) {
        std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
        unsigned int length = 0;
        HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
             reinterpret_cast<const unsigned char*>(signed_text.data()), signed_text.size(), digest.data(), &length);
        if (!out.empty()) out += ' ';
        out += "v1," + base64({reinterpret_cast<const char*>(digest.data()), length});
    }
    return out;
}

} // namespace nixie
