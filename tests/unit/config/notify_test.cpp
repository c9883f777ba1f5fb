#include <catch2/catch.hpp>

#include "config/config.hpp"
#include "support/temporary_directory.hpp"

using namespace nixie;

namespace {

ConfigResult load_notify(const std::string& tables) {
    const TemporaryDirectory dir;
    return load_config(dir.write("nixie.toml",
                                 "state = \"/var/lib/nixie/nixie.db\"\n[[mailbox]]\nname = \"bounces\"\n"
                                 "url = \"maildir:/var/mail/bounces\"\n" +
                                     tables));
}

} // namespace

TEST_CASE("notify: a lone command is still a way of its own") {
    const auto result = load_notify("[notify]\ncommand = \"cat\"\n");
    REQUIRE(result.config);
    REQUIRE(result.config->notify.size() == 1);
    CHECK(result.config->notify[0].target == "cat");
    CHECK(result.config->notify[0].wants("bounce", "bounces"));
    CHECK(load_notify("[notify]\n").config->notify.empty());
}

TEST_CASE("notify: each way has its name, and takes the events and mailboxes it asks for") {
    const auto result = load_notify(
        "[[notify]]\nname = \"a\"\nfile = \"/tmp/a\"\nevents = [\"alert\", \"bounce\"]\n"
        "mailboxes = [\"bounces\"]\n[[notify]]\nname = \"b\"\nurl = \"http://127.0.0.1:1/\"\n");
    REQUIRE(result.config);
    REQUIRE(result.config->notify.size() == 2);
    const auto& a = result.config->notify[0];
    CHECK(a.wants("bounce", "bounces"));
    CHECK(a.wants("alert", ""));
    CHECK_FALSE(a.wants("due", "bounces"));
    CHECK_FALSE(a.wants("bounce", "other"));
    CHECK(result.config->notify[1].way == NotifyConfig::Way::url);
}

TEST_CASE("notify: mistakes are complained of") {
    struct Row {
        std::string lines, complaint;
    };
    const std::string named = "[[notify]]\nname = \"a\"\n";
    const auto row = GENERATE_COPY(values<Row>(
        {{"[[notify]]\ncommand = \"cat\"\n", "`name` is missing"},
         {named, "[[notify]] must say one way to tell events"},
         {named + "command = \"cat\"\nfile = \"/tmp/a\"\n", "[[notify]] must say one way to tell events"},
         {named + "file = \"a\"\n", "`file` is no absolute path"},
         {named + "url = \"http://example.org/\"\n", "the events would cross the network readable to all"},
         {named + "url = \"https://u:p@example.org/\"\n", "`url` holds a user name"},
         {named + "url = \"ftp://example.org/\"\n", "`url` must be a URL that begins with https://"},
         {named + "command = \"cat\"\nevents = [\"bounces\"]\n", "there are no events `bounces`"},
         {named + "command = \"cat\"\nmailboxes = [\"x\"]\n", "no mailbox is called `x`"},
         {named + "mail = \"ops@example.org\"\n", "`from` is no address"},
         {named + "url = \"https://example.org/\"\nformat = \"sympa\"\n", "Sympa needs to know the list and who acts"},
         {named + "command = \"cat\"\n" + named + "file = \"/tmp/a\"\n", "two ways to tell events are called `a`"}}));
    CAPTURE(row.lines);
    const auto result = load_notify(row.lines);
    REQUIRE(result.errors.size() == 1);
    CHECK(result.errors[0].what == row.complaint);
}
