#include "store/privacy.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <cassert>

#include "base/text.hpp"

namespace nixie {
namespace {

constexpr std::string_view hash_prefix = "hmac:";
constexpr std::string_view placeholder = "[address]";
/// A shorter local part is a word that the text may well hold for another reason.
constexpr std::size_t least_local_part = 3;

bool is_address_byte(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x80 || (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') ||
           (byte >= 'A' && byte <= 'Z') || std::string_view("!#$%&'*+-/=?^_`{|}~.").find(c) != std::string_view::npos;
}

/// Each '@' with what belongs to it on both sides. Every byte is looked at twice at most.
std::string without_addr_specs(std::string_view text) {
    std::string out;
    std::size_t taken = 0;
    for (std::size_t at = text.find('@'); at != std::string_view::npos; at = text.find('@', at)) {
        std::size_t begin = at, end = at + 1;
        if (begin > taken && text[begin - 1] == '"') { // a quoted local part
            const auto open = text.substr(taken, begin - 1 - taken).rfind('"');
            if (open != std::string_view::npos) begin = taken + open;
        }
        while (begin > taken && is_address_byte(text[begin - 1])) --begin;
        while (end < text.size() && is_address_byte(text[end])) ++end;
        out.append(text.substr(taken, begin - taken)).append(placeholder);
        taken = at = end;
    }
    return out.append(text.substr(taken));
}

std::string without_word(std::string text, const std::string& word) {
    if (word.size() < least_local_part) return text;
    const std::string lower = to_lower(text);
    std::string out;
    std::size_t taken = 0;
    for (std::size_t at = lower.find(word); at != std::string::npos; at = lower.find(word, at)) {
        const std::size_t end = at + word.size();
        const bool begins = at == 0 || !is_address_byte(text[at - 1]);
        const bool ends = end == text.size() || !is_address_byte(text[end]) || text[end] == '.';
        if (begins && ends) {
            out.append(text, taken, at - taken).append(placeholder);
            taken = end;
        }
        at = end;
    }
    return out.append(text, taken);
}

} // namespace

std::string without_addresses(std::string_view text, std::string_view address) {
    const auto local = address.substr(0, std::min(address.rfind('@'), address.size()));
    return without_word(without_addr_specs(text), to_lower(local));
}

std::string AddressKeeper::hash(std::string_view text) const {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int length = 0;
    const auto* done = HMAC(EVP_sha256(), privacy_.key.data(), static_cast<int>(privacy_.key.size()),
                            reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data(), &length);
    assert(done != nullptr);
    static_cast<void>(done);
    return fmt::format("{}{:02x}", hash_prefix, fmt::join(digest.begin(), digest.begin() + length, ""));
}

std::string AddressKeeper::kept(std::string_view address) const {
    // A real address holds '@', so nobody's can be taken for a hash.
    const bool is_hash = address.starts_with(hash_prefix) && address.find('@') == std::string_view::npos;
    if (!hashed() || address.empty() || is_hash) return std::string(address);
    return hash(to_lower(address));
}

MessageRecord AddressKeeper::kept(MessageRecord message) const {
    if (!hashed()) return message;
    message.from = kept(message.from);
    for (auto& bounce : message.bounces) {
        bounce.diagnostic = without_addresses(bounce.diagnostic, bounce.address);
        bounce.matched = without_addresses(bounce.matched, bounce.address);
        bounce.told_address = bounce.address;
        bounce.address = kept(bounce.address);
    }
    message.original_envelope_id = without_addresses(message.original_envelope_id, {});
    message.original_subject = without_addresses(message.original_subject, {});
    return message;
}

std::string AddressKeeper::mark() const { return hashed() ? hash("nixie journal") : "plain"; }

} // namespace nixie
