#include "auth/jwt.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <array>

#include <fmt/format.h>

namespace nixie {
namespace {

struct Free {
    void operator()(BIO* bio) const { BIO_free(bio); }
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
    void operator()(X509* certificate) const { X509_free(certificate); }
};
template <class T>
using Owned = std::unique_ptr<T, Free>;

/// OpenSSL would ask at the terminal.
int know_no_password(char* /*buffer*/, int /*size*/, int /*purpose*/, void* /*data*/) { return -1; }

Owned<BIO> reader_of(std::string_view text) {
    return Owned<BIO>(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

std::string json_text(const nlohmann::json& json) {
    return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string digest_of(const X509* certificate, const EVP_MD* method) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
    unsigned size = 0;
    if (X509_digest(certificate, method, bytes.data(), &size) != 1) return {};
    return base64url({reinterpret_cast<const char*>(bytes.data()), size});
}

} // namespace

std::string base64url(std::string_view bytes) {
    constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    std::string out;
    unsigned bits = 0, count = 0;
    for (const char c : bytes) {
        bits = (bits << 8U) | static_cast<unsigned char>(c);
        for (count += 8; count >= 6; count -= 6) out += alphabet[(bits >> (count - 6)) & 63U];
    }
    if (count > 0) out += alphabet[(bits << (6 - count)) & 63U];
    return out;
}

struct SigningKey::Impl {
    struct FreeKey {
        void operator()(EVP_PKEY* owned) const { EVP_PKEY_free(owned); }
    };
    std::unique_ptr<EVP_PKEY, FreeKey> key;
    std::string where;
};

SigningKey::SigningKey(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
SigningKey::SigningKey(SigningKey&&) noexcept = default;
SigningKey& SigningKey::operator=(SigningKey&&) noexcept = default;
SigningKey::~SigningKey() = default;

Result<SigningKey> SigningKey::from_pem(std::string_view pem, const std::string& where) {
    auto impl = std::make_unique<Impl>();
    impl->where = where;
    impl->key.reset(PEM_read_bio_PrivateKey(reader_of(pem).get(), nullptr, &know_no_password, nullptr));
    if (!impl->key)
        return Error{ErrorCode::config, "the key cannot be read", where,
                     "it must be a private key in PEM that is not locked with a password"};
    if (EVP_PKEY_get_base_id(impl->key.get()) != EVP_PKEY_RSA)
        return Error{ErrorCode::config, "the key is no RSA key", where, "make one of 2048 bits or more"};
    return SigningKey(std::move(impl));
}

Result<std::string> SigningKey::sign(nlohmann::json header, const nlohmann::json& claims,
                                     JwtAlgorithm algorithm) const {
    header["alg"] = algorithm == JwtAlgorithm::ps256 ? "PS256" : "RS256";
    header["typ"] = "JWT";
    const std::string text = base64url(json_text(header)) + "." + base64url(json_text(claims));
    const Owned<EVP_MD_CTX> context(EVP_MD_CTX_new());
    EVP_PKEY_CTX* parameters = nullptr; // the context owns it
    std::size_t size = 0;
    bool done = EVP_DigestSignInit(context.get(), &parameters, EVP_sha256(), nullptr, impl_->key.get()) == 1;
    if (done && algorithm == JwtAlgorithm::ps256)
        done = EVP_PKEY_CTX_set_rsa_padding(parameters, RSA_PKCS1_PSS_PADDING) == 1 &&
               EVP_PKEY_CTX_set_rsa_pss_saltlen(parameters, RSA_PSS_SALTLEN_DIGEST) == 1; // RFC 7518 section 3.5
    const auto* const data = reinterpret_cast<const unsigned char*>(text.data());
    done = done && EVP_DigestSign(context.get(), nullptr, &size, data, text.size()) == 1;
    std::string signature(size, '\0');
    done = done && EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size, data,
                                  text.size()) == 1;
    if (!done) return Error{ErrorCode::config, "the key cannot sign", impl_->where, "use an RSA key of 2048 bits"};
    signature.resize(size);
    return text + "." + base64url(signature);
}

Result<Thumbprints> thumbprints(std::string_view pem, const std::string& where) {
    const Owned<X509> certificate(PEM_read_bio_X509(reader_of(pem).get(), nullptr, &know_no_password, nullptr));
    if (!certificate)
        return Error{ErrorCode::config, "the certificate cannot be read", where, "it must be a certificate in PEM"};
    return Thumbprints{digest_of(certificate.get(), EVP_sha1()), digest_of(certificate.get(), EVP_sha256())};
}

std::string random_id() {
    std::array<unsigned char, 16> bytes{};
    if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) return {};
    std::string out;
    for (const unsigned char byte : bytes) out += fmt::format("{:02x}", byte);
    return out;
}

} // namespace nixie
