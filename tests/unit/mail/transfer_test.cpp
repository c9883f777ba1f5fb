#include <catch2/catch.hpp>

#include "mail/transfer.hpp"

using namespace nixie;

TEST_CASE("base64: what decodes is kept") {
    const auto [encoded, expected, broken] = GENERATE(table<std::string, std::string, bool>({
        {"", "", false},
        {"aGVsbG8=", "hello", false},
        {"aGVs\r\nbG8=\r\n", "hello", false},
        {"aGVsbG8", "hello", false},               // padding lost
        {"aGVsbG8=aGVsbG8=", "hellohello", false}, // two texts joined
        {"aGVsb\nG8=\n-- \nfooter!", "hello~\x8A(\xB5\xEC\xA7", true},
        {"aG*Vs", "hel", true},
        {"====", "", false},
        {"aGVsb", "hel", true}, // a lone character says nothing
    }));
    CAPTURE(encoded);
    Defects defects;
    const std::string decoded = decode_base64(encoded, defects);
    CHECK(decoded.substr(0, 5) == expected.substr(0, 5));
    CHECK(base64_size(encoded) == decoded.size());
    CHECK(defects.take().empty() == !broken);
}

TEST_CASE("base64: every byte survives") {
    Defects defects;
    const std::string decoded = decode_base64("AAECf4CB/v8=", defects);
    CHECK(decoded == std::string("\x00\x01\x02\x7f\x80\x81\xfe\xff", 8));
}

TEST_CASE("quoted-printable: codes, soft line ends and what is neither") {
    const auto [encoded, expected] = GENERATE(table<std::string, std::string>({
        {"gr=C3=BC=c3=9f", "gr\xC3\xBC\xC3\x9F"},
        {"one=\r\nword", "oneword"},
        {"one=  \nword", "oneword"},
        {"two\r\nlines\r\n", "two\nlines\n"},
        {"blanks  \nat the end", "blanks\nat the end"},
        {"a=b =ZZ =", "a=b =ZZ "},
        {"=3D3D", "=3D"},
        {"=", ""},
        {"=4", "=4"},
        {"\n\n", "\n\n"},
    }));
    CAPTURE(encoded);
    CHECK(decode_quoted_printable(encoded) == expected);
}

TEST_CASE("transfer encoding: names are known in any case, others are a defect") {
    const auto [value, transfer, known] = GENERATE(table<std::string, TransferEncoding, bool>({
        {"BASE64", TransferEncoding::base64, true},
        {" quoted-printable (comment)", TransferEncoding::quoted_printable, true},
        {"7bit", TransferEncoding::none, true},
        {"8BIT", TransferEncoding::none, true},
        {"binary;", TransferEncoding::none, true},
        {"", TransferEncoding::none, true},
        {"x-uuencode", TransferEncoding::none, false},
    }));
    CAPTURE(value);
    Defects defects;
    CHECK(transfer_named(value, defects) == transfer);
    CHECK(defects.take().empty() == known);
}
