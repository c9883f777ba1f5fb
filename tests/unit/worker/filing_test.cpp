#include <catch2/catch.hpp>

#include "worker/filing.hpp"

using namespace nixie;

namespace {

void add(Judgement& judgement, const std::string& action, Category category, BounceType type) {
    Evidence evidence;
    evidence.action.text = action;
    judgement.report.recipients.push_back(evidence);
    Verdict verdict;
    verdict.category = category;
    verdict.type = type;
    judgement.verdicts.push_back(verdict);
}

} // namespace

TEST_CASE("filing: a kind other than bounce has its own folder") {
    const auto [kind, folder] = GENERATE(table<Kind, std::string>({{Kind::auto_reply, "auto-reply"},
                                                                   {Kind::delayed, "delayed"},
                                                                   {Kind::unrecognised, "unrecognised"},
                                                                   {Kind::other, "ordinary"}}));
    Judgement judgement;
    judgement.report.kind = kind;
    CHECK(folder_for(judgement) == folder);
}

TEST_CASE("filing: the gravest verdict rules where a bounce goes") {
    Judgement judgement;
    judgement.report.kind = Kind::bounce;
    add(judgement, "failed", Category::quota_issues, BounceType::soft);
    add(judgement, "failed", Category::spam_related, BounceType::blocked);
    CHECK(folder_for(judgement) == "spam-related");
    add(judgement, "", Category::bad_mailbox, BounceType::hard);
    CHECK(folder_for(judgement) == "bad-mailbox");
}

TEST_CASE("filing: recipients that were reached do not count") {
    Judgement judgement;
    judgement.report.kind = Kind::bounce;
    add(judgement, "relayed", Category::bad_mailbox, BounceType::hard);
    add(judgement, "failed", Category::quota_issues, BounceType::soft);
    CHECK(folder_for(judgement) == "quota-issues");
}

TEST_CASE("filing: a bounce without a readable recipient goes to other") {
    Judgement judgement;
    judgement.report.kind = Kind::bounce;
    CHECK(folder_for(judgement) == "other");
}
