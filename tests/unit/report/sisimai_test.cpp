#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <set>

#include "report/sisimai.hpp"

using namespace nixie;

namespace {

Judgement judgement_of(Kind kind, Reason reason, BounceType type) {
    Judgement judgement;
    judgement.report.kind = kind;
    judgement.report.original.from = "News@Sender.example";
    judgement.report.date = Time{std::chrono::seconds(1'700'000'000)};
    Evidence evidence;
    evidence.address = {"ann@example.org", Source::dsn_field, {1, 3}};
    judgement.report.recipients.push_back(evidence);
    Verdict verdict;
    verdict.reason = reason;
    verdict.type = type;
    judgement.verdicts.push_back(verdict);
    return judgement;
}

nlohmann::json object_of(const Judgement& judgement) {
    return nlohmann::json::parse(sisimai_objects(judgement, "a.eml"));
}

} // namespace

TEST_CASE("sisimai: reasons have its names") {
    std::set<std::string_view> names;
    for (const auto& row : sisimai_reasons) {
        INFO(row.name);
        names.insert(row.name);
        CHECK(row.name.find('-') == std::string_view::npos);
    }
    CHECK(names.size() == reasons.size() - 1); // two of ours share one
    CHECK(sisimai_name(Reason::greylisted) == "ratelimited");
    CHECK(sisimai_name(Reason::not_compliant_rfc) == "notcompliantrfc");
}

TEST_CASE("sisimai: the command that was answered has its name") {
    auto judgement = judgement_of(Kind::bounce, Reason::blocked, BounceType::blocked);
    CHECK(object_of(judgement)["command"] == "");
    judgement.report.recipients[0].command = {"CONNECT", Source::format, {0, 1}};
    CHECK(object_of(judgement)["command"] == "CONN");
    judgement.report.recipients[0].command.text = "RCPT";
    CHECK(object_of(judgement)["command"] == "RCPT");
    CHECK(object_of(judgement)["smtpcommand"] == "RCPT");
}

TEST_CASE("sisimai: hard and soft") {
    const auto hard = object_of(judgement_of(Kind::bounce, Reason::user_unknown, BounceType::hard));
    CHECK(hard["reason"] == "userunknown");
    CHECK(hard["hardbounce"] == true);
    CHECK(hard["softbounce"] == 0);
    CHECK(hard["action"] == "failed");
    CHECK(hard["senderdomain"] == "Sender.example");
    CHECK(hard["timestamp"] == 1'700'000'000);
    const auto delayed = object_of(judgement_of(Kind::delayed, Reason::expired, BounceType::soft));
    CHECK(delayed["hardbounce"] == false);
    CHECK(delayed["softbounce"] == 1);
    CHECK(delayed["action"] == "delayed");
}

TEST_CASE("sisimai: a complaint is feedback, and success and automatic answers are left out") {
    const auto complaint = object_of(judgement_of(Kind::complaint, Reason::undefined, BounceType::hard));
    CHECK(complaint["reason"] == "feedback");
    CHECK(complaint["hardbounce"] == false);
    CHECK(complaint["softbounce"] == -1);
    CHECK(complaint["decodedby"] == "ARF");
    for (const Kind kind : {Kind::delivered, Kind::auto_reply, Kind::receipt, Kind::other, Kind::suspicious})
        CHECK(sisimai_objects(judgement_of(kind, Reason::undefined, BounceType::soft), "a.eml").empty());
}

TEST_CASE("sisimai: a token tells sender, recipient and time apart, and nothing else") {
    const auto first = judgement_of(Kind::bounce, Reason::user_unknown, BounceType::hard);
    auto other = first;
    other.report.original.from = "news@sender.example";
    other.verdicts[0].reason = Reason::expired;
    CHECK(object_of(first)["token"] == object_of(other)["token"]);
    other.report.recipients[0].address.text = "bob@example.org";
    CHECK(object_of(first)["token"] != object_of(other)["token"]);
}
