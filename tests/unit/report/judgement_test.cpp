#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "report/judgement.hpp"

using namespace nixie;

namespace {

Judgement one_bounce() {
    Judgement judgement;
    judgement.report.kind = Kind::bounce;
    judgement.report.ground = "delivery-status with Action: failed";
    Evidence evidence;
    evidence.address = {"ann@example.org", Source::dsn_field, {1, 3}};
    evidence.status = {"5.2.2", Source::dsn_field, {1, 5}};
    evidence.diagnostic = {"552 5.2.2 over \x1b quota", Source::dsn_field, {1, 6}};
    judgement.report.recipients.push_back(evidence);
    judgement.verdicts.push_back({Reason::mailbox_full,
                                  Category::quota_issues,
                                  BounceType::soft,
                                  "quota.over",
                                  "over",
                                  Source::dsn_field,
                                  {1, 6},
                                  {}});
    return judgement;
}

} // namespace

TEST_CASE("judgement json: facts, verdict and where each fact was read") {
    auto judgement = one_bounce();
    judgement.report.original.envelope_id = "job=7";
    const auto json = nlohmann::json::parse(judgement_json(judgement, "a/b.eml"));
    CHECK(json["file"] == "a/b.eml");
    CHECK(json["original"]["envelope_id"] == "job=7");
    CHECK(json["kind"] == "bounce");
    const auto& recipient = json["recipients"].at(0);
    CHECK(recipient["address"] == "ann@example.org");
    CHECK(recipient["reason"] == "mailbox-full");
    CHECK(recipient["category"] == "quota-issues");
    CHECK(recipient["type"] == "soft");
    CHECK(recipient["rule"] == "quota.over");
    CHECK(recipient["sources"]["status"] == "dsn-field");
    CHECK_FALSE(recipient.contains("smtp_code"));
}

TEST_CASE("judgement json: one of several messages in a file is told by its number") {
    const auto json = nlohmann::json::parse(judgement_json(one_bounce(), "mbox", 2));
    CHECK(json["file"] == "mbox");
    CHECK(json["message"] == 2);
    CHECK_FALSE(nlohmann::json::parse(judgement_json(one_bounce(), "a/b.eml")).contains("message"));
    CHECK_THAT(judgement_text(one_bounce(), "mbox", 2), Catch::StartsWith("mbox#2: bounce"));
}

TEST_CASE("judgement json: a file name that is no UTF-8 still prints") {
    CHECK(nlohmann::json::accept(judgement_json(one_bounce(), "caf\xE9.eml")));
}

TEST_CASE("judgement json: ordinary mail has an empty list of recipients") {
    const auto json = nlohmann::json::parse(judgement_json({}, "x"));
    CHECK(json["kind"] == "other");
    CHECK(json["recipients"].empty());
    CHECK(json["recipients"].is_array());
}

TEST_CASE("judgement text: no control characters from the mail") {
    const std::string text = judgement_text(one_bounce(), "x");
    CHECK(text.find('\x1b') == std::string::npos);
    CHECK_THAT(text, Catch::Contains("ann@example.org  soft  quota-issues  mailbox-full  5.2.2"));
}
