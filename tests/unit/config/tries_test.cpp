#include <catch2/catch.hpp>

#include "config/config.hpp"
#include "support/temporary_directory.hpp"

using namespace nixie;

namespace {

ConfigResult load_tries(const std::string& retry, const std::string& more = "") {
    const TemporaryDirectory dir;
    return load_config(dir.write("nixie.toml",
                                 "state = \"/var/lib/nixie/nixie.db\"\n[[mailbox]]\nname = \"bounces\"\n"
                                 "url = \"maildir:/var/mail/bounces\"\n[retry]\n" +
                                     retry + more));
}

const std::string verp = "[verp]\naddress = \"bounces@news.example\"\nkeys_file = \"/etc/nixie/verp.keys\"\n";

} // namespace

TEST_CASE("retry.action: without it nobody makes tries, and a command is told of nothing else") {
    CHECK(load_tries("").config->tries() == nullptr);
    CHECK(load_tries("action = \"notify\"\n").config->tries() == nullptr);
    const auto result =
        load_tries("action = \"command\"\ncommand = \"again\"\n", "[[notify]]\nname = \"a\"\nfile = \"/a\"\n");
    REQUIRE(result.config);
    REQUIRE(result.config->tries() != nullptr);
    CHECK(result.config->tries()->target == "again");
    CHECK(result.config->tries()->wants("try", "bounces"));
    CHECK_FALSE(result.config->tries()->wants("due", "bounces"));
    CHECK_FALSE(result.config->notify.back().wants("try", "bounces"));
}

TEST_CASE("retry.action: resend has a server, with STARTTLS unless that is this machine") {
    const auto result =
        load_tries("action = \"resend\"\nper_domain = 7\n[retry.smtp]\nserver = \"smtp://mx.example\"\n", verp);
    REQUIRE(result.config);
    const auto& tries = *result.config->tries();
    CHECK(tries.per_domain == 7);
    CHECK(tries.smtp.url == "smtp://mx.example");
    CHECK(tries.smtp.encryption == Encryption::starttls);
    CHECK(load_tries("action = \"resend\"\n", verp).config->tries()->smtp.encryption == Encryption::none);
}

TEST_CASE("retry.action: mistakes are complained of") {
    struct Row {
        std::string retry, more, complaint;
    };
    const auto row = GENERATE_COPY(values<Row>(
        {{"action = \"again\"\n", "", "`action` names no way to make tries"},
         {"action = \"command\"\n", "", "`command` is missing"},
         {"action = \"resend\"\n", "",
          "action = \"resend\" sends again only what a signed return path proves to be yours"},
         {"action = \"resend\"\n", verp + "[privacy]\naddresses = \"hashed\"\nkey_file = \"/k\"\n",
          "action = \"resend\" needs the addresses that [privacy] keeps out of the journal"},
         {"action = \"resend\"\n[retry.smtp]\nfrom = \"nobody\"\n", verp, "`from` is no address"},
         {"action = \"resend\"\n[retry.smtp]\nserver = \"smtp://mx.example\"\ntls = \"none\"\n", verp,
          "mail and password would cross the network readable to all"},
         {"action = \"resend\"\n[retry.smtp]\ntls = \"maybe\"\n", verp, "`tls` must be \"starttls\" or \"none\""},
         {"action = \"command\"\ncommand = \"again\"\n", "[[notify]]\nname = \"retry\"\nfile = \"/a\"\n",
          "two ways to tell events are called `retry`"}}));
    CAPTURE(row.retry);
    const auto result = load_tries(row.retry, row.more);
    REQUIRE(result.errors.size() == 1);
    CHECK(result.errors[0].what == row.complaint);
}
