// JSON Web Tokens signed with an RSA key (RFC 7515, RFC 7519).
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "nixie/result.hpp"

namespace nixie {

/// Base64 with '-' and '_' and without padding (RFC 4648 section 5).
std::string base64url(std::string_view bytes);

enum class JwtAlgorithm { rs256, ps256 };

/// A private RSA key. Errors name `where` it came from, never what it is.
class SigningKey {
  public:
    static Result<SigningKey> from_pem(std::string_view pem, const std::string& where);

    SigningKey(SigningKey&&) noexcept;
    SigningKey& operator=(SigningKey&&) noexcept;
    ~SigningKey();

    /// The whole token; `alg` is added to the header.
    [[nodiscard]] Result<std::string> sign(nlohmann::json header, const nlohmann::json& claims,
                                           JwtAlgorithm algorithm) const;

  private:
    struct Impl;
    explicit SigningKey(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

/// By which a provider finds the certificate that it was shown before: `x5t` and `x5t#S256` of RFC 7515.
struct Thumbprints {
    std::string sha1, sha256; ///< base64url
};
Result<Thumbprints> thumbprints(std::string_view pem, const std::string& where);

/// 128 bits that nobody can guess, in hexadecimal.
std::string random_id();

} // namespace nixie
