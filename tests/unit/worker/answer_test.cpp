// What a person's folder makes of a message.
#include "worker/answer.hpp"

#include <catch2/catch.hpp>

#include "support/messages.hpp"
#include "worker/record.hpp"

using namespace nixie;

namespace {

MessageRecord corrected_to(const std::string& message, const std::string& folder) {
    static const Judge judge = Judge::built_in();
    FetchedMessage fetched;
    fetched.bytes = message;
    const auto judgement = judge(message);
    return corrected(make_record({}, fetched, judgement, ""), judgement, *meaning_of(folder));
}

} // namespace

TEST_CASE("answer: every folder but the quarantine says something") {
    CHECK(meaning_of("bad-mailbox")->category == Category::bad_mailbox);
    CHECK(meaning_of("other")->category == Category::other);
    CHECK(meaning_of("ordinary")->kind == Kind::other);
    CHECK_FALSE(meaning_of("ordinary")->category);
    CHECK(meaning_of("delivered")->kind == Kind::delivered);
    for (const auto& name : FolderNames::defaults()) CHECK(meaning_of(name).has_value() == (name != "quarantine"));
    CHECK_FALSE(meaning_of("Trash"));
}

TEST_CASE("answer: type and reason become the nearest that the category has") {
    const auto [status, reply, folder, reason, type] =
        GENERATE(table<std::string, std::string, std::string, Reason, BounceType>({
            {"5.2.2", "552 5.2.2 Mailbox full", "bad-mailbox", Reason::user_unknown, BounceType::hard},
            {"4.2.2", "452 4.2.2 Mailbox full", "bad-mailbox", Reason::user_unknown, BounceType::soft},
            {"5.1.1", "550 5.1.1 User unknown", "quota-issues", Reason::mailbox_full, BounceType::soft},
            {"5.1.1", "550 5.1.1 User unknown", "policy-related", Reason::blocked, BounceType::blocked},
            {"5.1.1", "550 5.1.1 User unknown", "no-answer-from-host", Reason::network_error, BounceType::soft},
            {"5.1.1", "550 5.1.1 User unknown", "bad-mailbox", Reason::user_unknown, BounceType::hard},
        }));
    const auto record = corrected_to(bounce_message("1", "ann@example.org", status, reply), folder);
    REQUIRE(record.bounces.size() == 1);
    CHECK(record.bounces.front().reason == reason);
    CHECK(record.bounces.front().type == type);
    CHECK(record.bounces.front().category == meaning_of(folder)->category);
    CHECK(record.kind == Kind::bounce);
}

TEST_CASE("answer: a report of success or delay that is a bounce to a person counts as a failure") {
    std::string message = bounce_message("1", "ann@example.org", "4.2.2", "452 4.2.2 Mailbox full");
    message.replace(message.find("Action: failed"), 14, "Action: delayed");
    const auto record = corrected_to(message, "bad-mailbox");
    REQUIRE(record.bounces.size() == 1);
    CHECK(record.bounces.front().action == "failed");
}

TEST_CASE("answer: folders that were renamed alike are one") {
    FolderNames names;
    names.renamed["quota-issues"] = names.renamed["bad-connection"] = "for now";
    const auto folders = our_folders(names);
    CHECK(folders.size() == FolderNames::defaults().size() - 1);
    for (const auto& folder : folders) CHECK((folder.name == "Bounces/for now") == (folder.defaults.size() == 2));
}
