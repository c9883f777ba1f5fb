#include "setup/plan.hpp"

#include <sys/stat.h>
#include <catch2/catch.hpp>

#include "config/config.hpp"
#include "support/temporary_directory.hpp"
#include "support/whole_file.hpp"

using namespace nixie;

namespace {

mode_t mode_of(const std::string& file) {
    struct stat status {};
    REQUIRE(::stat(file.c_str(), &status) == 0);
    return status.st_mode & 07777U;
}

} // namespace

TEST_CASE("setup: the configuration that is written passes its own check, whatever names hold") {
    const TemporaryDirectory dir;
    SetupPlan plan;
    plan.state = dir.file("nixie.db");
    plan.name = mailbox_name_for("bounces+list@example.org");
    plan.user = "o\"dd\\user@example.org";
    plan.url = GENERATE("imaps://imap.example.org", "pop3s://pop.example.org:1995", "imap://imap.example.org");
    if (plan.url.starts_with("pop3")) plan.local_maildir = dir.file("mail");
    const std::string way = GENERATE("password", "microsoft365", "google");
    if (way == "password") {
        plan.password_file = dir.file("pass word");
        REQUIRE(install_file(plan.password_file, "swordfish\n", 0600, Existing::keep));
    } else {
        plan.preset = way;
        plan.client_id = "id";
    }
    const std::string file = dir.write("nixie.toml", configuration_text(plan));
    const auto loaded = load_config(file);
    INFO((loaded.errors.empty() ? "" : loaded.errors.front().text()));
    REQUIRE(loaded.config);
    const MailboxConfig& mailbox = loaded.config->mailboxes.front();
    CHECK(mailbox.name == "bounces-list");
    CHECK(mailbox.login.user == plan.user);
    CHECK(mailbox.url == plan.url);
    CHECK(mailbox.login.oauth.has_value() == (way != "password"));
}

TEST_CASE("setup: a secret is for its owner alone, and what is there stays unless it is to be replaced") {
    const TemporaryDirectory dir;
    const std::string file = dir.file("secret");
    REQUIRE(install_file(file, "first\n", 0600, Existing::keep));
    CHECK(mode_of(file) == 0600);
    const auto kept = install_file(file, "second\n", 0600, Existing::keep);
    REQUIRE_FALSE(kept);
    CHECK_THAT(kept.error().text(), Catch::Contains("--force"));
    CHECK(read_file(file) == "first\n");
    REQUIRE(install_file(file, "third\n", 0600, Existing::replace));
    CHECK(read_file(file) == "third\n");
    CHECK(dir.listing().size() == 1); // nothing beside it
}
