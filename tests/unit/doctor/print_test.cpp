#include "doctor/print.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "report/columns.hpp"

using namespace nixie;

TEST_CASE("doctor's text: mark as a word, remedy below, what was not tried for one cause on one line") {
    const Examination examination{"bounces",
                                  "imaps://host",
                                  {{"TLS", Mark::ok, "TLSv1.3"},
                                   {"login", Mark::problem, "refused", "check it"},
                                   {"rights", Mark::not_tried, "needs what failed: login"},
                                   {"quota", Mark::not_tried, "needs what failed: login"}}};
    CHECK(examination_text(examination, any_width, Colours::off) ==
          "bounces  imaps://host\n"
          "  ok         TLS           TLSv1.3\n"
          "  problem    login         refused\n"
          "                           → check it\n"
          "  not tried  the rest      rights, quota: needs what failed: login\n");
    CHECK(verdict_text({examination}, Colours::off) == "1 problem.\n");
    CHECK(gravest({examination}) == Mark::problem);
}

TEST_CASE("doctor's text: a server's control characters reach no terminal") {
    const Examination examination{"a\x1b[2J", "u", {{"login", Mark::ok, "hello \x1b]0;owned\x07 \xc2\x9b"}}};
    const std::string text = examination_text(examination, any_width, Colours::off);
    CHECK(text.find('\x1b') == std::string::npos);
    CHECK(text.find('\x07') == std::string::npos);
    CHECK(text.find("\xc2\x9b") == std::string::npos);
}

TEST_CASE("doctor's colours: each mark has one, and none where they are off") {
    const auto painted_as = [](Mark mark) {
        return examination_text({"m", "", {{"s", mark, "t"}}}, any_width, Colours::on);
    };
    CHECK_THAT(painted_as(Mark::ok), Catch::Contains("\x1b[32mok"));
    CHECK_THAT(painted_as(Mark::warning), Catch::Contains("\x1b[33mwarning"));
    CHECK_THAT(painted_as(Mark::problem), Catch::Contains("\x1b[31mproblem"));
}

TEST_CASE("doctor's JSON: every finding with its mark; invalid UTF-8 does no harm") {
    const auto json = nlohmann::json::parse(examinations_json(
        {{"bounces", "u", {{"TLS", Mark::warning, "nine days \xff", "renew"}, {"x", Mark::not_tried, ""}}}}));
    CHECK(json["health"] == "warning");
    const auto& finding = json["examinations"][0]["findings"][0];
    CHECK(finding["subject"] == "TLS");
    CHECK(finding["mark"] == "warning");
    CHECK(finding["remedy"] == "renew");
}
