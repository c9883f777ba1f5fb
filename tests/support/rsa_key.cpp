#include "support/rsa_key.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <memory>
#include <stdexcept>

namespace nixie {
namespace {

struct Free {
    void operator()(BIO* bio) const { BIO_free(bio); }
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
    void operator()(X509* certificate) const { X509_free(certificate); }
};
template <class T>
using Owned = std::unique_ptr<T, Free>;

std::string text_in(BIO* bio) {
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio, &data);
    return {data, static_cast<std::size_t>(size)};
}

Owned<X509> read_certificate(const std::string& pem) {
    const Owned<BIO> bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    Owned<X509> certificate(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
    if (!certificate) throw std::runtime_error("no certificate");
    return certificate;
}

} // namespace

const RsaKey& RsaKey::shared() {
    static const RsaKey key = make();
    return key;
}

RsaKey RsaKey::make() {
    const Owned<EVP_PKEY> key(EVP_RSA_gen(2048));
    const Owned<X509> certificate(X509_new());
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), 0);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 86400);
    X509_set_pubkey(certificate.get(), key.get());
    if (X509_sign(certificate.get(), key.get(), EVP_sha256()) == 0) throw std::runtime_error("no certificate");
    const Owned<BIO> secret(BIO_new(BIO_s_mem())), open(BIO_new(BIO_s_mem()));
    PEM_write_bio_PrivateKey(secret.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    PEM_write_bio_X509(open.get(), certificate.get());
    return {text_in(secret.get()), text_in(open.get())};
}

std::string from_base64url(std::string text) {
    std::replace(text.begin(), text.end(), '-', '+');
    std::replace(text.begin(), text.end(), '_', '/');
    const std::size_t padding = (4 - text.size() % 4) % 4;
    text.append(padding, '=');
    std::string out(text.size(), '\0');
    const int size =
        EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                        reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
    out.resize(size < 0 ? 0 : static_cast<std::size_t>(size) - padding);
    return out;
}

std::string fingerprint(const std::string& certificate_pem) {
    std::array<unsigned char, 32> bytes{};
    X509_digest(read_certificate(certificate_pem).get(), EVP_sha256(), bytes.data(), nullptr);
    std::string out;
    for (const unsigned char byte : bytes) {
        std::array<char, 3> hex{};
        std::snprintf(hex.data(), hex.size(), "%02x", byte);
        out += hex.data();
    }
    return out;
}

std::optional<CheckedJwt> check_jwt(const std::string& token, const std::string& certificate_pem) {
    const auto first = token.find('.');
    const auto second = token.find('.', first + 1);
    if (first == std::string::npos || second == std::string::npos) return std::nullopt;
    CheckedJwt out{nlohmann::json::parse(from_base64url(token.substr(0, first)), nullptr, false),
                   nlohmann::json::parse(from_base64url(token.substr(first + 1, second - first - 1)), nullptr, false)};
    if (!out.header.is_object() || !out.claims.is_object()) return std::nullopt;
    const std::string algorithm = out.header.value("alg", "");
    if (algorithm != "RS256" && algorithm != "PS256") return std::nullopt;
    const Owned<X509> certificate = read_certificate(certificate_pem);
    const Owned<EVP_MD_CTX> context(EVP_MD_CTX_new());
    EVP_PKEY_CTX* parameters = nullptr;
    EVP_DigestVerifyInit(context.get(), &parameters, EVP_sha256(), nullptr, X509_get0_pubkey(certificate.get()));
    if (algorithm == "PS256") {
        EVP_PKEY_CTX_set_rsa_padding(parameters, RSA_PKCS1_PSS_PADDING);
        EVP_PKEY_CTX_set_rsa_pss_saltlen(parameters, 32);
    }
    const std::string signature = from_base64url(token.substr(second + 1));
    const bool good =
        EVP_DigestVerify(context.get(), reinterpret_cast<const unsigned char*>(signature.data()), signature.size(),
                         reinterpret_cast<const unsigned char*>(token.data()), second) == 1;
    return good ? std::optional<CheckedJwt>(std::move(out)) : std::nullopt;
}

} // namespace nixie
