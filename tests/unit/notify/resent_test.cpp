#include <catch2/catch.hpp>

#include "notify/resent.hpp"

using namespace nixie;

namespace {

const Resent again{"bounces@news.example", "ann@example.org", "evt_1@news.example",
                   Time{std::chrono::seconds(1795262400)}};
const std::string fields =
    "Resent-Date: Sat, 21 Nov 2026 12:00:00 +0000\r\nResent-From: <bounces@news.example>\r\n"
    "Resent-To: <ann@example.org>\r\nResent-Message-ID: <evt_1@news.example>\r\n";

} // namespace

TEST_CASE("resent message: the resender's fields stand in front, and the original stays as it is") {
    CHECK(resent_message("Received: by a\nSubject: x\n y\n\nBcc: in the text\n\n", again) ==
          fields + "Received: by a\r\nSubject: x\r\n y\r\n\r\nBcc: in the text\r\n\r\n");
    CHECK(resent_message(resent_message("Subject: x\r\n\r\ny\r\n", again), again) ==
          fields + fields + "Subject: x\r\n\r\ny\r\n");
}

TEST_CASE("resent message: the old return path and hidden recipients are left out, with all their lines") {
    CHECK(resent_message("Return-Path: <a@b>\r\nBcc: c@d,\r\n e@f\r\nsubject: x\r\n\r\ny", again) ==
          fields + "subject: x\r\n\r\ny\r\n");
}
