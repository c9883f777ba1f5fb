// How addresses are kept: as they are, or only as keyed hashes.
#pragma once

#include <string>
#include <string_view>

#include "store/store.hpp"

namespace nixie {

/// Turns addresses into what the journal keeps of them, at the border of the store; inside, one is as good as the other.
class AddressKeeper {
  public:
    AddressKeeper() = default;
    explicit AddressKeeper(Privacy privacy) : privacy_(std::move(privacy)) {}

    [[nodiscard]] bool hashed() const { return privacy_.addresses == Privacy::Addresses::hashed; }
    /// The address itself, or "hmac:" and the HMAC-SHA256 of it in lower case, in hexadecimal; that is its own hash.
    [[nodiscard]] std::string kept(std::string_view address) const;
    /// The same of all addresses in it. What was said of a recipient keeps no address either: "[address]" stands for it.
    [[nodiscard]] MessageRecord kept(MessageRecord message) const;
    /// What a journal is marked with: differs for each key.
    [[nodiscard]] std::string mark() const;

  private:
    [[nodiscard]] std::string hash(std::string_view text) const;

    Privacy privacy_;
};

/// `text` with "[address]" in the place of whatever looks like an address, and of the local part of `address`.
std::string without_addresses(std::string_view text, std::string_view address);

} // namespace nixie
