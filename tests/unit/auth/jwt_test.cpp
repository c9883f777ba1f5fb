#include "auth/jwt.hpp"

#include <catch2/catch.hpp>

#include "support/rsa_key.hpp"

using namespace nixie;

TEST_CASE("jwt: OpenSSL itself finds the signature good, and one of other claims bad") {
    const auto algorithm = GENERATE(JwtAlgorithm::rs256, JwtAlgorithm::ps256);
    const auto& pair = RsaKey::shared();
    const auto key = SigningKey::from_pem(pair.private_pem, "test");
    REQUIRE(key);
    const auto token = key->sign({{"kid", "k"}}, {{"iss", "me"}, {"exp", 5}}, algorithm);
    REQUIRE(token);
    const auto checked = check_jwt(*token, pair.certificate_pem);
    REQUIRE(checked);
    CHECK(checked->header["kid"] == "k");
    CHECK(checked->header["typ"] == "JWT");
    CHECK(checked->claims["iss"] == "me");
    const auto other = key->sign({{"kid", "k"}}, {{"iss", "you"}, {"exp", 5}}, algorithm);
    const auto forged = other->substr(0, other->rfind('.')) + token->substr(token->rfind('.'));
    CHECK_FALSE(check_jwt(forged, pair.certificate_pem));
    CHECK_FALSE(check_jwt(*token, RsaKey::make().certificate_pem));
}

TEST_CASE("jwt: base64url is that of RFC 4648") {
    using Row = std::tuple<std::string, std::string>;
    const auto [bytes, text] = GENERATE(table<std::string, std::string>(
        {Row{"", ""}, Row{"f", "Zg"}, Row{"fo", "Zm8"}, Row{"foo", "Zm9v"}, Row{"foob", "Zm9vYg"},
         Row{"\xfb\xff\xfe", "-__-"}, Row{std::string("\0\0", 2), "AAA"}}));
    CHECK(base64url(bytes) == text);
    CHECK(from_base64url(text) == bytes);
}

TEST_CASE("jwt: the thumbprint is the certificate's fingerprint") {
    const auto& pem = RsaKey::shared().certificate_pem;
    const auto prints = thumbprints(pem, "test");
    REQUIRE(prints);
    std::string hex;
    for (const char c : from_base64url(prints->sha256)) {
        constexpr std::string_view digits = "0123456789abcdef";
        hex += digits[static_cast<unsigned char>(c) >> 4U];
        hex += digits[static_cast<unsigned char>(c) & 15U];
    }
    CHECK(hex == fingerprint(pem));
    CHECK(from_base64url(prints->sha1).size() == 20);
}

TEST_CASE("jwt: what is no RSA key or no certificate is a configuration error that names the file") {
    const std::string bad =
        GENERATE(as<std::string>(), "", "rubbish",
                 // a locked key: OpenSSL must not ask for its password at the terminal
                 "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIFHDBOBgkqhkiG9w0BBQ0wQTApBgkqhkiG9w0BBQwwHAQI\n"
                 "-----END ENCRYPTED PRIVATE KEY-----\n");
    const auto key = SigningKey::from_pem(bad, "/etc/key.pem");
    REQUIRE_FALSE(key);
    CHECK(key.error().code == ErrorCode::config);
    CHECK(key.error().where == "/etc/key.pem");
    CHECK_FALSE(thumbprints(bad, "/etc/cert.pem"));
}

TEST_CASE("jwt: ids do not repeat") { CHECK(random_id() != random_id()); }
