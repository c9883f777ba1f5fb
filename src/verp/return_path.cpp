#include "verp/return_path.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "base/text.hpp"

namespace nixie {
namespace {

constexpr std::string_view version = "v1";
constexpr std::size_t mac_bytes = 10; ///< 80 bits: nobody guesses that by sending mail
constexpr std::size_t mac_characters = 16;
constexpr std::size_t most_local_part = 64;
constexpr std::size_t most_mailing = 24;
constexpr std::size_t most_key_id = 8;
constexpr std::size_t least_secret = 16;
constexpr std::string_view base32_digits = "abcdefghijklmnopqrstuvwxyz234567";
constexpr std::string_view base36_digits = "0123456789abcdefghijklmnopqrstuvwxyz";

bool all_of(std::string_view text, std::string_view allowed) {
    return text.find_first_not_of(allowed) == std::string_view::npos;
}

std::string base32(std::span<const unsigned char> bytes) {
    std::string out;
    unsigned bits = 0;
    unsigned held = 0;
    for (const unsigned char byte : bytes) {
        held = (held << 8) | byte;
        for (bits += 8; bits >= 5; bits -= 5) out += base32_digits[(held >> (bits - 5)) & 31];
    }
    return out;
}

std::string base36(long long number) {
    std::array<char, 16> buffer{};
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number, 36).ptr;
    return {buffer.data(), end};
}

struct Parts {
    std::string_view local, domain;
};

Parts split_address(std::string_view address) {
    const auto at = address.rfind('@');
    if (at == std::string_view::npos || at == 0 || at + 1 == address.size()) return {};
    return {address.substr(0, at), address.substr(at + 1)};
}

/// Fields are joined by a byte that none of them can hold.
std::string mac(const ReturnPathKey& key, std::string_view base, std::string_view expiry, std::string_view mailing,
                std::string_view recipient) {
    std::string text;
    for (const auto field : {version, base, expiry, mailing, recipient}) text.append(field).push_back('\0');
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned length = 0;
    const auto* made = HMAC(EVP_sha256(), key.secret.data(), static_cast<int>(key.secret.size()),
                            reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data(), &length);
    if (!made) return {}; // equal to no 16 characters
    return base32(std::span(digest).first(mac_bytes));
}

constexpr std::chrono::hours day{24};

/// In lower case, without what quoted-printable makes of '=' and of long lines. Ends at the first line's end.
std::string decoded(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        if (starts_with_ignoring_case(text, "=3d")) {
            out += '=';
            text.remove_prefix(3);
        } else if (text.starts_with("=\r\n") || text.starts_with("=\n")) {
            text.remove_prefix(text[1] == '\r' ? 3 : 2);
        } else if (text.front() == '\r' || text.front() == '\n') {
            break;
        } else {
            out += text.front();
            text.remove_prefix(1);
        }
    }
    return to_lower(out);
}

/// The field up to the next dot, taken off the front.
std::string_view next_field(std::string_view& rest) {
    const auto dot = std::min(rest.find('.'), rest.size());
    const auto field = rest.substr(0, dot);
    rest.remove_prefix(std::min(dot + 1, rest.size()));
    return field;
}

} // namespace

std::string_view name(ReturnPathFault fault) {
    constexpr std::array<std::string_view, 6> names{"none",        "unsigned", "malformed",
                                                    "unknown-key", "forged",   "expired"};
    return names[static_cast<std::size_t>(fault)];
}

Result<std::vector<ReturnPathKey>> read_key_ring(std::string_view text, const std::string& where) {
    const auto wrong = [&](int number, std::string what) {
        return Error{ErrorCode::config, std::move(what), where + ":" + std::to_string(number),
                     "write a line for each key: an id of a-z and 0-9, a space, and a secret of 16 bytes or more; "
                     "`openssl rand -hex 32` makes one"};
    };
    std::vector<ReturnPathKey> keys;
    std::string_view line;
    for (int number = 1; next_line(text, line); ++number) {
        line = trim(line);
        if (line.empty() || line.front() == '#') continue;
        const auto space = line.find_first_of(" \t");
        const auto id = line.substr(0, space);
        const auto secret = space == std::string_view::npos ? std::string_view{} : trim(line.substr(space));
        if (id.size() > most_key_id || !all_of(id, base36_digits))
            return wrong(number, "the id of a key is of another form");
        if (secret.size() < least_secret) return wrong(number, "a key has no secret, or a short one");
        if (std::any_of(keys.begin(), keys.end(), [&](const auto& key) { return key.id == id; }))
            return wrong(number, "two keys have the same id");
        keys.push_back({std::string(id), std::string(secret)});
    }
    if (keys.empty()) return wrong(1, "there is no key");
    return keys;
}

Result<std::string> sign_return_path(std::string_view base, std::string_view recipient, std::string_view mailing,
                                     std::span<const ReturnPathKey> keys, Time expires) {
    const std::string lower_base = to_lower(base);
    const std::string address = to_lower(recipient);
    const std::string lower_mailing = to_lower(mailing);
    const auto to = split_address(lower_base);
    const auto whom = split_address(address);
    if (to.local.empty())
        return Error{ErrorCode::config, "no address for bounces", std::string(base), "name one as local@domain"};
    if (whom.local.empty() || address.find_first_of(" \t\r\n<>\",") != std::string::npos)
        return Error{ErrorCode::usage, "no address of a recipient", std::string(recipient), "write it as local@domain"};
    if (lower_mailing.size() > most_mailing || !all_of(lower_mailing, "abcdefghijklmnopqrstuvwxyz0123456789_-"))
        return Error{ErrorCode::usage, "a mailing cannot be called that in an address", std::string(mailing),
                     "use at most 24 letters, digits, '_' and '-'"};
    if (keys.empty())
        return Error{ErrorCode::config, "there is no key to sign with", {}, "make a key ring and name it in [verp]"};

    const std::string expiry = base36(expires.time_since_epoch() / day);
    const auto assemble = [&](const std::string& inside) {
        std::string local(to.local);
        local.append("+").append(version).append(".").append(keys.front().id).append(".").append(expiry).append(".");
        local.append(
            mac(keys.front(), lower_base, expiry, lower_mailing, inside.empty() ? std::string_view{} : address));
        return local.append(".").append(lower_mailing).append(".").append(inside);
    };
    std::string local = assemble(std::string(whom.local) + "=" + std::string(whom.domain));
    if (local.size() > most_local_part) local = assemble("");
    if (local.size() > most_local_part)
        return Error{ErrorCode::config, "the signed return path is longer than a server need accept", local,
                     "take a shorter address for bounces or a shorter name for the mailing"};
    return local + "@" + std::string(to.domain);
}

ReturnPathCheck check_return_path(std::string_view base, std::string_view address, std::span<const ReturnPathKey> keys,
                                  Time now) {
    ReturnPathCheck check;
    const std::string lower_base = to_lower(base);
    const std::string lower = to_lower(address);
    const auto ours = split_address(lower_base);
    const auto got = split_address(lower);
    if (ours.local.empty() || got.domain != ours.domain || !got.local.starts_with(ours.local)) return check;
    std::string_view rest = got.local.substr(ours.local.size());
    if (!rest.starts_with("+")) return check;
    rest.remove_prefix(1);
    if (next_field(rest) != version) return check;

    const auto id = next_field(rest);
    const auto expiry = next_field(rest);
    const auto signature = next_field(rest);
    const auto mailing = next_field(rest);
    check.fault = ReturnPathFault::malformed;
    long long last_day = 0;
    const auto read = std::from_chars(expiry.data(), expiry.data() + expiry.size(), last_day, 36);
    constexpr long long most_days = 1'000'000; // until the year 4707; beyond it times would overflow
    if (id.empty() || signature.size() != mac_characters || read.ec != std::errc{} ||
        read.ptr != expiry.data() + expiry.size() || last_day < 0 || last_day > most_days)
        return check;
    std::string recipient(rest);
    if (const auto equals = recipient.rfind('='); equals != std::string::npos)
        recipient[equals] = '@';
    else if (!recipient.empty())
        return check;

    check.claim = {recipient, std::string(mailing), Time{day * (last_day + 1)}, std::string(id)};
    const auto key = std::find_if(keys.begin(), keys.end(), [&](const auto& one) { return one.id == id; });
    if (key == keys.end()) {
        check.fault = ReturnPathFault::unknown_key;
        return check;
    }
    const std::string right = mac(*key, lower_base, expiry, mailing, recipient);
    if (right.size() != signature.size() || CRYPTO_memcmp(right.data(), signature.data(), right.size()) != 0)
        check.fault = ReturnPathFault::forged;
    else
        check.fault = now >= check.claim.expires ? ReturnPathFault::expired : ReturnPathFault::none;
    return check;
}

std::vector<std::string> find_return_paths(std::string_view base, std::string_view bytes) {
    std::vector<std::string> out;
    const std::string lower_base = to_lower(base);
    const auto ours = split_address(lower_base);
    if (ours.local.empty()) return out;
    const std::string lead = std::string(ours.local) + "+" + std::string(version) + ".";
    const std::string end = "@" + std::string(ours.domain);
    constexpr std::size_t most_bytes = 1024; // of one address, with all that a transfer encoding adds
    for (std::size_t at = 0; at < bytes.size() && out.size() < most_return_paths;) {
        const auto plus = bytes.find('+', at); // rarer in mail than any letter
        if (plus == std::string_view::npos) break;
        at = plus + 1;
        if (plus < ours.local.size()) continue;
        const auto begin = plus - ours.local.size();
        if (!starts_with_ignoring_case(bytes.substr(begin), lead)) continue;
        const std::string text = decoded(bytes.substr(begin, most_bytes));
        const auto stop = text.find(end);
        if (stop == std::string::npos || text.find_first_of(" \t<>\"") < stop) continue;
        std::string address = text.substr(0, stop + end.size());
        if (std::find(out.begin(), out.end(), address) == out.end()) out.push_back(std::move(address));
    }
    return out;
}

} // namespace nixie
