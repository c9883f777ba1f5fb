#include <catch2/catch.hpp>

#include "report/metrics.hpp"

using namespace nixie;

namespace {

constexpr Time now{std::chrono::seconds{1'795'262'400}};

Figures some_figures() {
    Figures figures;
    figures.counters = {{"messages", "bounces", "bounce", 7},    {"bounces", "bounces", "hard/bad-mailbox", 5},
                        {"errors", "bounces", "unavailable", 2}, {"latency", "bounces", "5", 3},
                        {"latency", "bounces", "60", 2},         {"latency", "bounces", "inf", 1},
                        {"latency-sum", "bounces", "", 700'000}, {"messages", "gone", "bounce", 9}};
    MailboxHealth health;
    health.status.name = "bounces";
    health.status.state = MailboxState::refused;
    health.status.waiting_since = now - std::chrono::minutes(2);
    figures.status.mailboxes.push_back(health);
    figures.bytes = 4096;
    return figures;
}

bool has_line(const std::string& text, const std::string& line) {
    return ("\n" + text).find("\n" + line + "\n") != std::string::npos;
}

} // namespace

TEST_CASE("metrics: counters, with 0 for kinds and causes that did not occur") {
    const std::string text = metrics_text(some_figures(), {"bounces"}, now);
    CHECK(has_line(text, "# TYPE nixie_messages_total counter"));
    CHECK(has_line(text, R"(nixie_messages_total{mailbox="bounces",kind="bounce"} 7)"));
    CHECK(has_line(text, R"(nixie_messages_total{mailbox="bounces",kind="complaint"} 0)"));
    CHECK(has_line(text, R"(nixie_bounces_total{mailbox="bounces",type="hard",category="bad-mailbox"} 5)"));
    CHECK(has_line(text, R"(nixie_errors_total{mailbox="bounces",cause="unavailable"} 2)"));
    CHECK(has_line(text, R"(nixie_errors_total{mailbox="bounces",cause="protocol"} 0)"));
}

TEST_CASE("metrics: the classes of the histogram add up") {
    const std::string text = metrics_text(some_figures(), {"bounces"}, now);
    CHECK(has_line(text, R"(nixie_filing_latency_seconds_bucket{mailbox="bounces",le="5"} 3)"));
    CHECK(has_line(text, R"(nixie_filing_latency_seconds_bucket{mailbox="bounces",le="15"} 3)"));
    CHECK(has_line(text, R"(nixie_filing_latency_seconds_bucket{mailbox="bounces",le="604800"} 5)"));
    CHECK(has_line(text, R"(nixie_filing_latency_seconds_bucket{mailbox="bounces",le="+Inf"} 6)"));
    CHECK(has_line(text, R"(nixie_filing_latency_seconds_count{mailbox="bounces"} 6)"));
    CHECK(has_line(text, R"(nixie_filing_latency_seconds_sum{mailbox="bounces"} 700000)"));
}

TEST_CASE("metrics: where a mailbox stands") {
    const std::string text = metrics_text(some_figures(), {"bounces", "new"}, now);
    CHECK(has_line(text, R"(nixie_mailbox_state{mailbox="bounces",state="refused"} 1)"));
    CHECK(has_line(text, R"(nixie_mailbox_state{mailbox="bounces",state="idle"} 0)"));
    CHECK(has_line(text, R"(nixie_mailbox_state{mailbox="new",state="never-run"} 1)"));
    CHECK(has_line(text, R"(nixie_mailbox_lag_seconds{mailbox="bounces"} 120)"));
    CHECK(text.find("nixie_mailbox_last_success_timestamp_seconds{") == std::string::npos);
    CHECK(has_line(text, "nixie_journal_size_bytes 4096"));
}

TEST_CASE("metrics: a mailbox that is no longer configured makes no series") {
    CHECK(metrics_text(some_figures(), {"bounces"}, now).find("gone") == std::string::npos);
}

TEST_CASE("metrics: names of mailboxes are escaped") {
    const std::string text = metrics_text(some_figures(), {"a\"b\\c\nd"}, now);
    CHECK(has_line(text, R"(nixie_mailbox_state{mailbox="a\"b\\c\nd",state="idle"} 0)"));
}
