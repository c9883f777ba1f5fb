#include <catch2/catch.hpp>

#include "report/page/chart.hpp"
#include "report/page/html.hpp"
#include "report/page/page.hpp"
#include "report/summary.hpp"

using namespace nixie;

namespace {

constexpr Time noon{std::chrono::seconds{1'795'262'400}}; // 2026-11-21T12:00:00Z

Summary busy_week() {
    Summary summary;
    summary.since = noon - std::chrono::hours(24 * 7);
    summary.until = noon;
    summary.messages = 12345;
    summary.bounces = {1200, 300, 45};
    summary.before = {1100, 300, 50};
    summary.days = {{"2026-11-20", {700, 200, 40}, 0}, {"2026-11-21", {500, 100, 5}, 0}};
    summary.reasons = {{"user-unknown", {1200, 0, 0}, 1100}, {"mailbox-full", {0, 300, 0}, 300}};
    summary.domains = {{"<script>alert(1)</script>", {1, 0, 0}, 0}};
    summary.removals = {
        {"\"><img src=x>@example.org", State::suppressed, noon, "hard & dead", Reason::user_unknown, 3}};
    summary.all_removals = 1;
    return summary;
}

} // namespace

TEST_CASE("html: markup, quotes, control characters and turned writing become plain text") {
    CHECK(html("<a href='x'>\"&\"</a>") == "&lt;a href=&#39;x&#39;&gt;&quot;&amp;&quot;&lt;/a&gt;");
    CHECK(html("bell\x07"
               "esc\x1b[31m") ==
          "bell\xEF\xBF\xBD"
          "esc\xEF\xBF\xBD[31m");
    CHECK(html("gro\xC3\x9F") == "gro\xC3\x9F");
    CHECK(html("a\xE2\x80\xAE"
               "b") ==
          "a\xEF\xBF\xBD"
          "b"); // RIGHT-TO-LEFT OVERRIDE
    CHECK(html("a\xE2\x81\xA6"
               "b") ==
          "a\xEF\xBF\xBD"
          "b"); // LEFT-TO-RIGHT ISOLATE
    CHECK(html("c1 \xC2\x9B") == "c1 \xEF\xBF\xBD");
    CHECK(html("broken \xFF") == "broken \xEF\xBF\xBD");
}

TEST_CASE("html: shares need something to share") {
    CHECK(share(21, 1000) == "2.1 %");
    CHECK(share(1, 0) == "\xE2\x80\x93");
}

TEST_CASE("page: what strangers wrote is shown, never run") {
    const std::string page = report_page(busy_week(), {{"<b>bounces</b>"}, {{"a@gmial.com<", "a@gmail.com"}}, 7, noon});
    CHECK_THAT(page, Catch::Contains("&lt;script&gt;alert(1)&lt;/script&gt;") &&
                         Catch::Contains("&quot;&gt;&lt;img src=x&gt;@example.org") &&
                         Catch::Contains("&lt;b&gt;bounces&lt;/b&gt;") && Catch::Contains("a@gmial.com&lt;") &&
                         Catch::Contains("hard &amp; dead"));
    CHECK_THAT(page, !Catch::Contains("<script") && !Catch::Contains("<img") && !Catch::Contains("<b>bounces"));
}

TEST_CASE("page: it needs nothing from anywhere, and forbids itself to ask") {
    const std::string page = report_page(busy_week(), {{"bounces"}, {}, 7, noon});
    CHECK_THAT(page, Catch::Contains("default-src 'none'") && !Catch::Contains("http://") &&
                         !Catch::Contains("https://") && !Catch::Contains("url("));
    CHECK_THAT(page, Catch::Contains("12\xE2\x80\xAF"
                                     "345 messages read") &&
                         Catch::Contains("95 more than in the span before") &&
                         Catch::Contains("Check the address for a typing error"));
}

TEST_CASE("page: an empty span says so") {
    Summary summary;
    summary.since = noon - std::chrono::hours(24);
    summary.until = noon;
    CHECK_THAT(report_page(summary, {{"bounces"}, {}, 0, noon}), Catch::Contains("No report arrived in this span"));
    CHECK(summary_text(summary, {}, any_width) ==
          "No report arrived between 2026-11-20T12:00:00Z and 2026-11-21T12:00:00Z.\n");
}

TEST_CASE("chart: columns are as high as their days, the scale reaches above the highest") {
    const std::vector<GroupCount> days{{"2026-11-20", {10, 0, 0}, 0}, {"2026-11-21", {20, 20, 0}, 0}};
    const std::string chart = day_chart(days, "bounces");
    CHECK_THAT(chart, Catch::Contains("2026-11-21: 20 hard, 20 soft, 0 blocked") && Catch::Contains(">40<") &&
                          Catch::Contains(">11-20<") && Catch::Contains("role=\"img\" aria-label=\"bounces\""));
    // 40 is the top of the scale: half of its height each, and the first day a quarter.
    CHECK_THAT(chart, Catch::Contains("height=\"97.0\"") && Catch::Contains("height=\"48.5\""));
    CHECK_THAT(day_chart({}, "nothing"), Catch::Contains(">4<") && !Catch::Contains("<rect"));
}

TEST_CASE("summary: text has a bar a row and what to do, JSON all figures") {
    const std::string text = summary_text(busy_week(), {{"bounces"}, {}, 7, noon}, 120);
    CHECK_THAT(text, Catch::Contains("12 345 messages read, 1 545 bounces") &&
                         Catch::Contains("████████████████████") &&
                         Catch::Contains("mailbox-full: the mailbox has used up its quota. Try again later") &&
                         Catch::Contains("due for another try 7"));
    const std::string json = summary_json(busy_week(), {{"bounces"}, {}, 7, noon});
    CHECK_THAT(
        json,
        Catch::Contains("\"since\":\"2026-11-14T12:00:00Z\"") &&
            Catch::Contains(
                "{\"name\":\"user-unknown\",\"bounces\":1200,\"hard\":1200,\"soft\":0,\"blocked\":0,\"before\":1100}"));
}
