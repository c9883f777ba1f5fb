#include <catch2/catch.hpp>

#include "report/changes.hpp"
#include "report/page/chart.hpp"
#include "report/page/html.hpp"
#include "report/page/page.hpp"
#include "report/rate.hpp"
#include "report/summary.hpp"

using namespace nixie;

namespace {

constexpr Time noon{std::chrono::seconds{1'795'262'400}}; // 2026-11-21T12:00:00Z

Summary busy_week() {
    Summary summary;
    summary.since = noon - std::chrono::hours(24 * 7);
    summary.until = noon;
    summary.now = {.messages = 12345, .bounces = {1200, 300, 45}, .recipients = 1400, .complaints = 2, .sent = 0};
    summary.before = {.messages = 9000, .bounces = {1100, 300, 50}, .recipients = 1300, .complaints = 0, .sent = 0};
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

TEST_CASE("page: what strangers wrote is shown, never run") {
    const std::string page =
        report_page(busy_week(), {{"<b>bounces</b>"}, {{"a@gmial.com<", "a@gmail.com"}}, 7, {}, noon});
    CHECK_THAT(page, Catch::Contains("&lt;script&gt;alert(1)&lt;/script&gt;") &&
                         Catch::Contains("&quot;&gt;&lt;img src=x&gt;@example.org") &&
                         Catch::Contains("&lt;b&gt;bounces&lt;/b&gt;") && Catch::Contains("a@gmial.com&lt;") &&
                         Catch::Contains("hard &amp; dead"));
    CHECK_THAT(page, !Catch::Contains("<script") && !Catch::Contains("<img") && !Catch::Contains("<b>bounces"));
}

TEST_CASE("page: it needs nothing from anywhere, and forbids itself to ask") {
    const std::string page = report_page(busy_week(), {{"bounces"}, {}, 7, {}, noon});
    CHECK_THAT(page, Catch::Contains("default-src 'none'") && !Catch::Contains("http://") &&
                         !Catch::Contains("https://") && !Catch::Contains("url("));
    CHECK_THAT(page, Catch::Contains("12\xE2\x80\xAF"
                                     "345 messages read") &&
                         Catch::Contains("95 more than in the span before") &&
                         Catch::Contains("Check the address for a typing error"));
}

TEST_CASE("page: the rate stands at the top, beside its marks, and the mailings that have one") {
    Summary week = busy_week();
    const ReportContext context{{"bounces"}, {}, 7, {}, noon};
    CHECK_THAT(report_page(week, context), !Catch::Contains("Bounce rate"));
    week.now.sent = 40000;
    week.before.sent = 80000;
    week.mailing_rates = {{RateScope::mailing, "<i>autumn", {1000, 40, 10, 0}}};
    week.domains[0].sent = 200;
    const std::string page = report_page(week, context);
    CHECK_THAT(page, Catch::Contains("<strong class=\"soft\">3.9 %</strong>, above the aim of 2 %") &&
                         Catch::Contains("1.8 % in the span before") && Catch::Contains(">aim 2 %<") &&
                         Catch::Contains(">alarm 5 %<"));
    CHECK_THAT(page, Catch::Contains("&lt;i&gt;autumn") && Catch::Contains("at the alarm mark of 5 % or above it") &&
                         Catch::Contains("<td class=\"number\">0.5 %</td>"));
    CHECK_THAT(summary_text(week, context, 120),
               Catch::Contains("bounce rate 3.9 % of 40\xE2\x80\xAF"
                               "000 sent, above the aim of 2 %; the alarm is at 5 %; 1.8 % in the span before"));
    CHECK_THAT(summary_json(week, context),
               Catch::Contains("\"sent\":40000,\"rate_percent\":3.8625,\"level\":\"warning\"") &&
                   Catch::Contains("{\"of\":\"mailing\",\"name\":\"<i>autumn\",\"sent\":1000,"
                                   "\"rate_percent\":5.0,\"level\":\"alarm\""));
}

TEST_CASE("page: what changed is said in all three forms, and that nothing can be compared") {
    Summary week = busy_week();
    week.changed_reasons = {{"user-unknown", {1200, 0, 0}, 1100}, {"spam-detected", {0, 0, 45}, 0}};
    const ReportContext context{{"bounces"}, {}, 7, {}, noon};
    CHECK_THAT(report_page(week, context), Catch::Contains("That is 7 % more than in the span before.") &&
                                               Catch::Contains("What rose most is <code>user-unknown</code>, from ") &&
                                               Catch::Contains(">+45 (new)<") &&
                                               Catch::Contains("2026-11-07 to 2026-11-14"));
    CHECK_THAT(summary_text(week, context, 120), Catch::Contains("REASON THAT CHANGED") &&
                                                     Catch::Contains("+100 (+9 %)") && Catch::Contains("+45 (new)"));
    CHECK_THAT(
        summary_json(week, context),
        Catch::Contains("{\"name\":\"spam-detected\",\"before\":0,\"now\":45,\"change\":45,\"change_percent\":null,"
                        "\"trend\":\"new\"}") &&
            Catch::Contains("\"before\":{\"since\":\"2026-11-07T12:00:00Z\",\"messages\":9000,"));
    week.before = {};
    CHECK_THAT(report_page(week, context), Catch::Contains("there is nothing to compare with"));
    CHECK_THAT(summary_text(week, context, 120), Catch::Contains("there is nothing to compare with"));
    CHECK_THAT(summary_json(week, context), Catch::Contains("\"changes\":null"));
}

TEST_CASE("changes: each figure rose, fell, came or went") {
    CHECK(change_text({"a", 4, 6}) == "+2 (+50 %)");
    CHECK(change_text({"a", 4, 3}) == "-1 (-25 %)");
    CHECK(change_text({"a", 4, 4}) == "0");
    CHECK(change_text({"a", 0, 4}) == "+4 (new)");
    CHECK(change_text({"a", 4, 0}) == "-4 (gone)");
}

TEST_CASE("rate: few sent messages are no ground for a judgement") {
    const SenderPolicy policy;
    CHECK(level_text({50, 25, 0, 0}, policy) == "fewer than 100 sent say little");
    CHECK(level_text({1000, 5, 0, 0}, policy) == "below the aim of 2 %");
    CHECK(level_text({0, 5, 0, 0}, policy).empty());
    CHECK(rate_text({0, 5, 0, 0}) == "-");
    CHECK(rate_text({5, 5, 0, 0}) == "100.0 %");
    CHECK(rate_text({4, 5, 0, 0}) == "> 100 %");
}

TEST_CASE("page: an empty span says so") {
    Summary summary;
    summary.since = noon - std::chrono::hours(24);
    summary.until = noon;
    CHECK_THAT(report_page(summary, {{"bounces"}, {}, 0, {}, noon}), Catch::Contains("No report arrived in this span"));
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
    const std::string text = summary_text(busy_week(), {{"bounces"}, {}, 7, {}, noon}, 120);
    CHECK_THAT(text, Catch::Contains("12 345 messages read, 1 545 bounces") &&
                         Catch::Contains("████████████████████") &&
                         Catch::Contains("mailbox-full: the mailbox has used up its quota. Try again later") &&
                         Catch::Contains("due for another try 7"));
    const std::string json = summary_json(busy_week(), {{"bounces"}, {}, 7, {}, noon});
    CHECK_THAT(
        json,
        Catch::Contains("\"since\":\"2026-11-14T12:00:00Z\"") &&
            Catch::Contains(
                "{\"name\":\"user-unknown\",\"bounces\":1200,\"hard\":1200,\"soft\":0,\"blocked\":0,\"before\":1100}"));
}
