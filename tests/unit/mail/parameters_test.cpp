#include <catch2/catch.hpp>

#include "mail/parameters.hpp"

using namespace nixie;

TEST_CASE("parameters: a value of one") {
    const auto [field, name, expected] = GENERATE(table<std::string, std::string, std::string>({
        {"text/plain; charset=utf-8", "charset", "utf-8"},
        {"text/plain; CHARSET = \"utf-8\" ; x=y", "charset", "utf-8"},
        {"text/plain; charset=us-ascii (plain; text)", "charset", "us-ascii"},
        {"text/plain (a \"(b)\" comment); (more) charset=us-ascii", "charset", "us-ascii"},
        {"multipart/mixed; boundary=\"a;b=c\\\"d\"; x=1", "boundary", "a;b=c\"d"},
        {"multipart/mixed; boundary=a=b", "boundary", "a=b"},
        {"multipart/mixed; boundary=\"open", "boundary", "open"},
        {"multipart/mixed;; ;boundary=x", "boundary", "x"},
        {"multipart/mixed boundary=x", "boundary", ""},
        {"text/plain; charset", "charset", ""},
        {"text/plain; =x; charset=a; charset=b", "charset", "a"},
        {"x; name=two words.txt; y=z", "name", "two words.txt"},
        {"x; name=\"=?utf-8?Q?gr=C3=BC?=\"", "name", "grü"},
        {"x; name*=iso-8859-1'de'gr%FC", "name", "grü"},
        {"x; name*=UTF-8''100%25%ZZ", "name", "100%%ZZ"},
        {"x; name*=no quotes", "name", "no quotes"},
        {"x; name=plain; name*=utf-8''better", "name", "better"},
        {"x; name*1=\"b\"; name*0=\"a\"; name*2=c", "name", "abc"},
        {"x; name*0*=utf-8''%C3; name*1*=%BC; name*2=%20", "name", "ü%20"},
        {"x; name*0=a; name*2=c", "name", "a"}, // a section is missing
        {"x; name*99999999999999999999=a", "name", ""},
        {"", "name", ""},
        {"(", "name", ""},
    }));
    CAPTURE(field);
    Defects defects;
    CHECK(ParameterList(field, defects).get(name) == expected);
}

TEST_CASE("parameters: what stands before them is the value") {
    const auto [field, expected] = GENERATE(table<std::string, std::string>({
        {" Multipart/REPORT ; x=y", "multipart/report"},
        {"text/plain (comment)", "text/plain"},
        {"(comment) text/plain", "text/plain"},
        {"", ""},
        {";;;", ""},
    }));
    CAPTURE(field);
    Defects defects;
    CHECK(ParameterList(field, defects).value() == expected);
}
