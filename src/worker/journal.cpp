#include "worker/journal.hpp"

namespace nixie {
namespace {

/// A shorter key could be found by trying.
constexpr std::size_t least_key_bytes = 32;

} // namespace

Result<Store> open_journal(const Config& config, StoreAccess access) {
    Privacy privacy;
    if (config.privacy.hashed) {
        auto key = read_secret({SecretSource::From::file, config.privacy.key_file});
        if (!key) return key.error();
        if (key->size() < least_key_bytes)
            return Error{ErrorCode::config, "the key for addresses is shorter than 32 characters",
                         config.privacy.key_file, "make one with `openssl rand -hex 32`"};
        privacy = {Privacy::Addresses::hashed, std::move(key).value()};
    }
    return Store::open(config.state, access, std::move(privacy));
}

} // namespace nixie
