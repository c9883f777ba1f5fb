#include "mailbox/pop3/message.hpp"

#include <catch2/catch.hpp>

using namespace nixie;

TEST_CASE("pop3 message: the last server's stamp is the arrival, else the date") {
    using Row = std::tuple<std::string, std::string>;
    const auto [bytes, time] = GENERATE(table<std::string, std::string>({
        Row{"Received: from a by b; Sat, 21 Nov 2026 10:00:00 +0000\r\nReceived: by c; Fri, 20 Nov 2026 10:00:00 "
            "+0000\r\n"
            "Date: Thu, 19 Nov 2026 10:00:00 +0000\r\n\r\n",
            "2026-11-21T10:00:00Z"},
        Row{"Return-Path: <>\r\nreceived: from a\r\n\tby b;\r\n  Sat, 21 Nov 2026 10:00:00 +0100\r\n\r\n",
            "2026-11-21T09:00:00Z"},
        Row{"Received: without a stamp\nDate: Thu, 19 Nov 2026 10:00:00 +0000\n\n", "2026-11-19T10:00:00Z"},
        Row{"Subject: x\r\n\r\nDate: Thu, 19 Nov 2026 10:00:00 +0000\r\n", ""},
        Row{"", ""},
    }));
    const auto found = stamped_arrival(bytes);
    CHECK((found ? format_time(*found) : "") == time);
}

TEST_CASE("pop3 message: the name is the same for the same message only, however its bytes come") {
    const auto arrived = stamped_arrival("Date: Thu, 19 Nov 2026 10:00:00 +0000\n\nx\n");
    const auto name = maildir_name(arrived, content_hash("bytes", content_hash("uid1")));
    CHECK(name == maildir_name(arrived, content_hash("es", content_hash("byt", content_hash("uid1")))));
    CHECK(name != maildir_name(arrived, content_hash("bytes", content_hash("uid2"))));
    CHECK(name != maildir_name(arrived, content_hash("bytesy", content_hash("uid1"))));
    CHECK(name.substr(0, 11) == "1795082400.");
}
