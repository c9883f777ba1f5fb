// An RSA key with a certificate, and the check of what was signed with it: by OpenSSL alone, without the code under test.
#pragma once

#include <optional>
#include <string>

#include <nlohmann/json.hpp>

namespace nixie {

struct RsaKey {
    std::string private_pem, certificate_pem;

    /// Made once for all tests of a binary.
    static const RsaKey& shared();
    static RsaKey make();
};

struct CheckedJwt {
    nlohmann::json header, claims;
};

/// Nothing if the token is not of three parts, its signature is not that of the certificate's key, or its algorithm is
/// neither RS256 nor PS256.
std::optional<CheckedJwt> check_jwt(const std::string& token, const std::string& certificate_pem);

/// The SHA-256 of the certificate in hexadecimal, as the openssl program prints it without the colons.
std::string fingerprint(const std::string& certificate_pem);
/// What base64url text stands for.
std::string from_base64url(std::string text);

} // namespace nixie
