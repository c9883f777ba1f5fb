#include "evidence/verp_shapes.hpp"

#include <catch2/catch.hpp>

using namespace nixie;

TEST_CASE("verp_recipient: the recipient in a return path") {
    const auto [address, recipient] = GENERATE(table<std::string, std::string>({
        {"bounces+user=example.org@lists.example.com", "user@example.org"},
        {"my-list+user=example.org@lists.example.com", "user@example.org"},
        {"news-user=example.org@lists.example.com", "user@example.org"},
        {"list-bounces+first-last=EXAMPLE.org@lists.example.com", "first-last@example.org"},
        {"list-bounces+user+tag=example.org@lists.example.com", "user+tag@example.org"},
        {"news+bounces+user=example.org@lists.example.com", "user@example.org"},
        {"list-owner-user=example.org@lists.example.com", "user@example.org"},
        {"list-owner-first-last=example.org@lists.example.com", "first-last@example.org"},
        {"list-return-123-first-last=example.org@lists.example.com", "first-last@example.org"},
        {"list-return-123-user+tag=example.org@lists.example.com", "user+tag@example.org"},
        {"list-return-probe-1700000000.abcdefgh-user=example.org@lists.example.com", "user@example.org"},
        {"sentto-123-456-789-user=example.org@returns.example.com", "user@example.org"},
        {"bounce-123-user-name=example.org@example.com", "user-name@example.org"},
        {"bounces+123-ab12-user=example.org@em.example.com", "user@example.org"},
        {"bounces+123-ab12-first-last=example.org@em.example.com", "first-last@example.org"},
        {"bounce+a1b2c3.4d5e6f-user=example.org@mg.example.com", "user@example.org"},
        {"bounce-mc.us1_67.89-user=example.org@mail.example.com", "user@example.org"},
        {"bounces+v1.k.fif.abcdefghijklmnop.news.first.last=example.org@example.com", "first.last@example.org"},
        {"bounce+user==a==example.org==news.letter@lists.example.com", "user@example.org"},
        {"someone+caf_=user=example.org@example.com", "user@example.org"},
    }));
    CHECK(verp_recipient(address) == recipient);
}

TEST_CASE("verp_recipient: nobody where nobody is named") {
    const auto* const address =
        GENERATE("list-bounces@lists.example.com", "a=b@lists.example.com", "x+a=b@lists.example.com",
                 "user=example.org", "=@example.org", "bounces+=example.org@lists.example.com",
                 "bounces+user=.org@example.com", "first-last=example.com__0-3a1b@example.org",
                 "bounces+a=1.2@example.com", "bounce+user==a==@example.com", "==a==@example.com");
    CAPTURE(address);
    CHECK(verp_recipient(address).empty());
}

TEST_CASE("verp_recipient: nobody where several could be meant") {
    const auto* const address =
        GENERATE("my-list-user=example.org@example.com", "a+b+user=example.org@example.com",
                 "owner-list-user=example.org@example.com", "bounce-news-user=example.org@example.com",
                 "bounces+12-user=example.org@example.com", "bounce+dee.abe-user=example.org@example.com",
                 "list-owner-bounces-user=example.org@example.com", "bounces+a=b.example=example.org@example.com",
                 "msprvs1=18abc=bounces-12.example@example.com");
    CAPTURE(address);
    CHECK(verp_recipient(address).empty());
}

TEST_CASE("verp_recipient: forwarders and signing senders wrap a return path") {
    const auto [address, recipient] = GENERATE(table<std::string, std::string>({
        {"SRS0=HHHH=TT=lists.example.com=list-bounces+user=example.org@fwd.example", "user@example.org"},
        {"srs0+HHHH=TT=lists.example.com=bounces+user=example.org@fwd.example", "user@example.org"},
        {"SRS0-HHHH=TT=lists.example.com=bounces+user=example.org@fwd.example", "user@example.org"},
        {"SRS1=GGGG=fwd.example==HHHH=TT=lists.example.com=bounces+user=example.org@other.example", "user@example.org"},
        {"SRS1=GGGG=fwd.example=+HHHH=TT=lists.example.com=bounces+user=example.org@other.example", "user@example.org"},
        {"whom+SRS=HHHHH=TT=lists.example.com=bounces+user=example.org@example.net", "user@example.org"},
        {"prvs=1234abcdef=bounces+user=example.org@example.com", "user@example.org"},
        {"prvs=bounces+user=example.org=1234abcdef@example.com", "user@example.org"},
        {"btv1==1234abcdef==bounces+user=example.org@example.com", "user@example.org"},
        {"SRS0=HHHH=TT=example.com=prvs=1234abcdef=bounces+user=example.org@fwd.example", "user@example.org"},
    }));
    CHECK(verp_recipient(address) == recipient);
}

TEST_CASE("verp_recipient: the sender inside a wrapper is no recipient") {
    const auto* const address = GENERATE(
        "SRS0=HHH=TT=my-example.org=first.last@fwd.example", "SRS0+HHH=TT=my-example.org=first.last@fwd.example",
        "SRS1=GGG=fwd.example==HHH=TT=my-example.org=first.last@other.example",
        "SRS1+GGG=fwd-a.example=+HHH=TT=my-example.org=first.last@other.example",
        "whom+SRS=44ldt=IX=my-example.com=first.last@example.net", "bounces+SRS=44ldt=IX@example.net",
        "prvs=1234abcdef=first.last@example.com", "prvs=1234abcdef=first-last@example.com",
        "prvs=no-tag=example.org@example.com", "btv1==1234abcdef==first-last@example.com", "btv1==x@example.com",
        "SRS0=@fwd.example", "SRS1=@fwd.example", "SRS0=a=b=c@fwd.example", "SRS1=a=b=@fwd.example");
    CAPTURE(address);
    CHECK(verp_recipient(address).empty());
}

TEST_CASE("verp_recipient: wrappers without end say nothing") {
    std::string local = "bounces+user=example.org";
    for (int i = 0; i < 1'000; ++i) local.insert(0, "prvs=1234abcdef=");
    CHECK(verp_recipient(local + "@example.com").empty());
}
