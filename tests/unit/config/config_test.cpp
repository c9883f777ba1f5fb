#include <sys/stat.h>

#include <catch2/catch.hpp>

#include "config/config.hpp"
#include "support/temporary_directory.hpp"

using namespace nixie;

namespace {

const std::string maildir_config =
    "state = \"/var/lib/nixie/nixie.db\"\n"
    "[[mailbox]]\n"
    "name = \"bounces\"\n"
    "url = \"maildir:/var/mail/bounces\"\n";

/// The configuration of one IMAP mailbox with these lines added to it.
std::string imap_config(const std::string& url, const std::string& lines) {
    return "state = \"/var/lib/nixie/nixie.db\"\n[[mailbox]]\nname = \"bounces\"\nurl = \"" + url +
           "\"\nuser = \"bounces\"\n" + lines;
}

ConfigResult load(const TemporaryDirectory& dir, const std::string& text) {
    return load_config(dir.write("nixie.toml", text));
}

} // namespace

TEST_CASE("config: four lines make a Maildir mailbox with the usual settings") {
    const TemporaryDirectory dir;
    const auto result = load(dir, maildir_config);
    REQUIRE(result.config);
    const Config& config = *result.config;
    CHECK(config.state == "/var/lib/nixie/nixie.db");
    REQUIRE(config.mailboxes.size() == 1);
    CHECK(config.mailboxes[0].protocol == Protocol::maildir);
    CHECK(config.mailboxes[0].path == "/var/mail/bounces");
    CHECK(config.mailboxes[0].poll == Duration{300});
    CHECK(config.retry.windows == std::vector<Duration>{Duration{3600}, Duration{86400}, Duration{604800}});
    CHECK(config.fetch_bytes == 256 * 1024);
}

TEST_CASE("config: a server's URL gives protocol, encryption, host and port") {
    struct Row {
        std::string url;
        Protocol protocol;
        Encryption encryption;
        std::string host;
        int port;
    };
    const auto row = GENERATE(values<Row>({
        {"imaps://imap.example.org", Protocol::imap, Encryption::implicit, "imap.example.org", 993},
        {"imap://imap.example.org/", Protocol::imap, Encryption::starttls, "imap.example.org", 143},
        {"imap://127.0.0.1:12143", Protocol::imap, Encryption::none, "127.0.0.1", 12143},
        {"imaps://[2001:db8::1]:1993", Protocol::imap, Encryption::implicit, "2001:db8::1", 1993},
        {"imap://[::1]", Protocol::imap, Encryption::none, "::1", 143},
        {"imap://127.example.org", Protocol::imap, Encryption::starttls, "127.example.org", 143},
    }));
    CAPTURE(row.url);
    const TemporaryDirectory dir;
    const auto result = load(dir, imap_config(row.url, "password_env = \"PW\"\n"));
    REQUIRE(result.config);
    const MailboxConfig& mailbox = result.config->mailboxes[0];
    CHECK(mailbox.protocol == row.protocol);
    CHECK(mailbox.encryption == row.encryption);
    CHECK(mailbox.host == row.host);
    CHECK(mailbox.port == row.port);
}

TEST_CASE("config: a complaint names the line and the remedy") {
    struct Row {
        std::string text, what, remedy;
        int line;
    };
    const std::string env = "password_env = \"PW\"\n";
    const auto row = GENERATE_COPY(values<Row>({
        {maildir_config + "colour = \"red\"\n", "unknown key `colour` in [[mailbox]]",
         "known here: name, url, folder_notes, poll", 5},
        {maildir_config + "poll = \"soon\"\n", "`poll` is no length of time", "5m", 5},
        {maildir_config + "poll = 5\n", "`poll` in [[mailbox]] must be a text in quotes", "", 5},
        {maildir_config + "[retry]\nwindows = [\"1d\", \"1h\"]\n", "shorter than the one before", "short to long", 6},
        {maildir_config + "[retry]\nwindows = [1]\n", "must be a list of texts", "", 6},
        {maildir_config + "[folders]\nbad-mailboxes = \"x\"\n", "no folder called `bad-mailboxes`", "bad-mailbox", 6},
        {maildir_config + "[folders]\nother = \"/x\"\n", "`other` is no name for a folder", "UTF-8", 6},
        {maildir_config + "[limits]\nattempts = 0\n", "from 1 to 100", "", 6},
        {maildir_config + "[limits]\nbytes_per_day = 1000\n", "less than one message", "262144", 6},
        {maildir_config + "[mailbox.folders]\nbad = \"x\"\n", "no folder called `bad`", "bad-mailbox", 6},
        {maildir_config + "[mailbox.retry]\nwindow = \"1h\"\n", "unknown key `window` in [mailbox.retry]", "windows",
         6},
        {maildir_config + "[log]\nformat = \"xml\"\n", "`format` cannot be \"xml\"", "\"json\"", 6},
        {maildir_config + "[[mailbox]]\nname = \"bounces\"\nurl = \"maildir:/x\"\n",
         "two mailboxes are called `bounces`", "a name of its own", 2},
        {"state = \"nixie.db\"\n" + maildir_config.substr(maildir_config.find('\n') + 1), "no absolute path",
         "/var/lib", 1},
        {"state = \"/x\"\n", "no mailbox is configured", "add a [[mailbox]]", 1},
        {"state = \"/x\"\nstate = \"/y\"\n", "", "toml.io", 2},
        {imap_config("http://x", env), "protocol is not known", "imaps://", 4},
        {imap_config("imaps://me@x", env), "holds a user name", "`user`", 4},
        {imap_config("imaps://x/INBOX", env), "more than a host and a port", "`inbox`", 4},
        {imap_config("imaps://x:99999", env), "port is not a number", "", 4},
        {imap_config("imaps://x", ""), "no place for the password", "password_file", 2},
        {imap_config("imaps://x", "password = \"secret\"\n"), "does not belong", "password_file", 6},
        {imap_config("imaps://x", env + "password_command = \"pass\"\n"), "more than one place", "keep one", 6},
        {imap_config("imap://mail.example.org", env + "tls = \"none\"\n"), "readable to all", "allow_plaintext_login",
         7},
        {imap_config("imaps://x", env + "tls = \"none\"\nallow_plaintext_login = true\n"), "contradicts the URL", "",
         7},
        {imap_config("pop3s://x", env), "POP3 has no folders", "maildir", 2},
    }));
    CAPTURE(row.text);
    const TemporaryDirectory dir;
    const auto result = load(dir, row.text);
    CHECK_FALSE(result.config);
    REQUIRE_FALSE(result.errors.empty());
    const Error& error = result.errors.front();
    CHECK_THAT(error.what, Catch::Contains(row.what));
    CHECK_THAT(error.remedy, Catch::Contains(row.remedy));
    CHECK_THAT(error.where, Catch::EndsWith("nixie.toml:" + std::to_string(row.line)));
}

TEST_CASE("config: what does not go together in a login is told with its line") {
    struct Row {
        std::string lines, what, remedy;
        int line;
    };
    const std::string env = "password_env = \"PW\"\n", token = "token_command = \"x\"\n";
    const std::string microsoft = "[mailbox.oauth]\npreset = \"microsoft365\"\n", id = "client_id = \"c\"\n";
    const auto row = GENERATE_COPY(values<Row>({
        {env + "auth = \"KERBEROS\"\n", "no way to log in", "XOAUTH2", 7},
        {env + "auth = \"xoauth2\"\n", "needs a token", "token_command", 7},
        {env + token, "more than one way", "keep one", 5},
        {token + "auth = \"PLAIN\"\n", "takes no token", "XOAUTH2", 7},
        {"auth = \"EXTERNAL\"\n", "client's certificate", "client_certificate", 6},
        {env + "client_certificate = \"/no/such\"\n", "cannot read /no/such", "PEM", 7},
        {env + "proxy = \"ftp://x\"\n", "protocol is not known", "socks5h", 7},
        {env + "proxy = \"http://me:pw@x\"\n", "holds a user name", "proxy_password_file", 7},
        {env + "proxy_password = \"x\"\n", "does not belong", "proxy_password_file", 7},
        {env + "timeout = \"2h\"\n", "from 1s to 30m", "60s", 7},
        {microsoft, "`client_id` is missing", "register", 6},
        {microsoft + id + "flow = \"magic\"\n", "no way to a token", "device", 9},
        {microsoft + id + "flow = \"client-credentials\"\ntenant = \"t\"\n", "a secret or a certificate", "", 9},
        {microsoft + id + "flow = \"client-credentials\"\nclient_secret_env = \"S\"\n", "needs its `tenant`", "", 6},
        {microsoft + id + "tenant = \"a/b\"\n", "no tenant's id", "", 9},
        {microsoft + id + "client_secret = \"s\"\n", "does not belong", "client_secret_file", 9},
        {microsoft + id + "colour = \"red\"\n", "unknown key `colour` in [mailbox.oauth]", "", 9},
        {microsoft + id + "flow = \"refresh-token\"\n", "refresh token", "refresh_token_file", 9},
        {microsoft + id + "token_url = \"http://login.example/\"\n", "must be an https:// URL", "secrets", 9},
        {"[mailbox.oauth]\npreset = \"yahoo\"\n", "`preset` is not known", "google", 7},
        {"[mailbox.oauth]\npreset = \"google\"\n" + id, "grants no mail", "browser", 6},
        {"[mailbox.oauth]\nflow = \"service-account\"\nservice_account_file = \"/no\"\n", "cannot be read", "JSON", 8},
    }));
    CAPTURE(row.lines);
    const TemporaryDirectory dir;
    const auto result = load(dir, imap_config("imaps://x", row.lines));
    REQUIRE_FALSE(result.errors.empty());
    const Error& error = result.errors.front();
    CHECK_THAT(error.what, Catch::Contains(row.what));
    CHECK_THAT(error.remedy, Catch::Contains(row.remedy));
    CHECK_THAT(error.where, Catch::EndsWith("nixie.toml:" + std::to_string(row.line)));
}

TEST_CASE("config: presets fill in the provider's addresses, and single ones may be changed") {
    const TemporaryDirectory dir;
    const auto result = load(dir, imap_config("imaps://x",
                                              "[mailbox.oauth]\npreset = \"microsoft365\"\ntenant = \"example.org\"\n"
                                              "client_id = \"c\"\nscope = \"mine\"\n"));
    REQUIRE(result.config);
    const OAuthConfig& oauth = *result.config->mailboxes[0].login.oauth;
    CHECK(oauth.flow == OAuthFlow::device);
    CHECK(oauth.token_url == "https://login.microsoftonline.com/example.org/oauth2/v2.0/token");
    CHECK(oauth.device_url == "https://login.microsoftonline.com/example.org/oauth2/v2.0/devicecode");
    CHECK(oauth.scope == "mine");
}

TEST_CASE("config: mailboxes with any name keep their tokens in files of their own, beside the journal") {
    const TemporaryDirectory dir;
    const std::string text =
        imap_config("imaps://x", "password_env = \"PW\"\n") +
        "[[mailbox]]\nname = \"../a b\"\nurl = \"imaps://y\"\nuser = \"u\"\npassword_env = \"PW\"\n";
    const auto result = load(dir, text);
    REQUIRE(result.config);
    CHECK(result.config->mailboxes[0].login.token_file == "/var/lib/nixie/nixie.db.tokens/bounces.json");
    CHECK(result.config->mailboxes[1].login.token_file == "/var/lib/nixie/nixie.db.tokens/_2e_2e_2fa_20b.json");
}

TEST_CASE("config: rules of one's own come from the folder that is named, and that must be there") {
    const TemporaryDirectory dir;
    const auto named = load(dir, maildir_config + "[rules]\ndirectory = \"" + dir.path().string() + "\"\n");
    REQUIRE(named.config);
    CHECK(named.config->rules_directory == dir.path().string());
    const auto none = load(dir, maildir_config + "[rules]\ndirectory = \"\"\n");
    REQUIRE(none.config);
    CHECK(none.config->rules_directory.empty());
    const auto missing = load(dir, maildir_config + "[rules]\ndirectory = \"/nonexistent/rules\"\n");
    REQUIRE(missing.errors.size() == 1);
    CHECK_THAT(missing.errors[0].where, Catch::EndsWith("nixie.toml:6"));
    CHECK_THAT(missing.errors[0].what, Catch::Contains("/nonexistent/rules"));
}

TEST_CASE("config: a mailbox's own folders, windows and limits stand over those of all") {
    const TemporaryDirectory dir;
    const auto result = load(dir,
                             "state = \"/x\"\n"
                             "[folders]\nroot = \"Reports\"\nother = \"rest\"\n"
                             "[retry]\nwindows = [\"2h\"]\nsettle = \"3d\"\n"
                             "[limits]\nconnections_per_host = 4\nbytes_per_day = 5000000\n"
                             "[[mailbox]]\nname = \"plain\"\nurl = \"imaps://x\"\nuser = \"u\"\npassword_env = \"PW\"\n"
                             "[[mailbox]]\nname = \"own\"\nurl = \"imaps://x\"\nuser = \"v\"\npassword_env = \"PW\"\n"
                             "connections = 2\nbytes_per_day = 0\n"
                             "[mailbox.folders]\nroot = \"Mine\"\n"
                             "[mailbox.retry]\nwindows = []\n");
    REQUIRE(result.config);
    const auto& plain = result.config->mailboxes.at(0);
    CHECK(plain.folders.path("other") == std::vector<std::string>{"Reports", "rest"});
    CHECK(plain.retry == RetryPolicy{{Duration{7200}}, Duration{3 * 86400}});
    CHECK(plain.connections == 4);
    CHECK(plain.bytes_per_day == 5'000'000);
    const auto& own = result.config->mailboxes.at(1);
    CHECK(own.folders.path("other") == std::vector<std::string>{"Mine", "rest"});
    CHECK(own.retry == RetryPolicy{{}, Duration{3 * 86400}});
    CHECK(own.connections == 2);
    CHECK(own.bytes_per_day == 0);
}

TEST_CASE("config: the log is text at level info on standard error until told otherwise") {
    const TemporaryDirectory dir;
    CHECK(load(dir, maildir_config).config->log == LogConfig{});
    const auto told = load(dir, maildir_config + "[log]\nformat = \"json\"\nlevel = \"debug\"\nto = \"journal\"\n");
    REQUIRE(told.config);
    CHECK(told.config->log == LogConfig{LogFormat::json, LogLevel::debug, LogTarget::journal});
}

TEST_CASE("config: all complaints are told at once") {
    const TemporaryDirectory dir;
    const auto result = load(dir, maildir_config + "colour = \"red\"\npoll = \"soon\"\n");
    CHECK(result.errors.size() == 2);
}

TEST_CASE("config: a missing file is a complaint, not an empty configuration") {
    const TemporaryDirectory dir;
    const auto result = load_config(dir.file("none.toml"));
    CHECK_FALSE(result.config);
    REQUIRE(result.errors.size() == 1);
    CHECK_THAT(result.errors[0].where, Catch::EndsWith("none.toml"));
}

TEST_CASE("config: a password file that others may read is refused") {
    const TemporaryDirectory dir;
    const std::string secret = dir.write("secret", "pw\n");
    const std::string text = imap_config("imaps://x", "password_file = \"" + secret + "\"\n");
    ::chmod(secret.c_str(), 0644);
    const auto refused = load(dir, text);
    REQUIRE_FALSE(refused.errors.empty());
    CHECK_THAT(refused.errors[0].remedy, Catch::Contains("chmod o-rw"));
    ::chmod(secret.c_str(), 0640);
    CHECK(load(dir, text).config);
}

TEST_CASE("secret: the first line of the file, of the command's output, or the variable") {
    const TemporaryDirectory dir;
    const std::string file = dir.write("secret", "s3cret\r\nnot this\n");
    ::chmod(file.c_str(), 0600);
    ::setenv("NIXIE_TEST_PASSWORD", "s3cret", 1);
    const auto source = GENERATE_COPY(values<SecretSource>({{SecretSource::From::file, file},
                                                            {SecretSource::From::command, "printf 's3cret\\nmore\\n'"},
                                                            {SecretSource::From::environment, "NIXIE_TEST_PASSWORD"}}));
    const auto secret = read_secret(source);
    REQUIRE(secret);
    CHECK(*secret == "s3cret");
}

TEST_CASE("secret: a credential of systemd is found in the folder that it names") {
    const TemporaryDirectory dir;
    const std::string text = imap_config("imaps://x", "password_file = \"$CREDENTIALS_DIRECTORY/bounces\"\n");
    ::unsetenv("CREDENTIALS_DIRECTORY");
    const auto loaded = load(dir, text);
    REQUIRE(loaded.config);
    const auto& source = loaded.config->mailboxes.at(0).login.password;
    const auto nobody = read_secret(source);
    REQUIRE_FALSE(nobody);
    CHECK_THAT(nobody.error().remedy, Catch::Contains("systemd-run"));
    ::chmod(dir.write("bounces", "s3cret\n").c_str(), 0400);
    ::setenv("CREDENTIALS_DIRECTORY", dir.path().c_str(), 1);
    const auto secret = read_secret(source);
    ::unsetenv("CREDENTIALS_DIRECTORY");
    REQUIRE(secret);
    CHECK(*secret == "s3cret");
}

TEST_CASE("secret: a failing command, an empty file and a missing variable are errors") {
    const TemporaryDirectory dir;
    const std::string empty = dir.write("empty", "");
    const auto source = GENERATE_COPY(values<SecretSource>({{SecretSource::From::command, "echo pw; exit 3"},
                                                            {SecretSource::From::file, empty},
                                                            {SecretSource::From::file, "/nowhere"},
                                                            {SecretSource::From::environment, "NIXIE_TEST_UNSET"}}));
    CHECK_FALSE(read_secret(source));
}

TEST_CASE("folders: names are taken below the root, renamed ones with their levels") {
    FolderNames names;
    names.root = "Mail/Bounces";
    names.renamed["bad-mailbox"] = "dead/unknown";
    CHECK(names.path("bad-mailbox") == std::vector<std::string>{"Mail", "Bounces", "dead", "unknown"});
    CHECK(names.path("quota-issues") == std::vector<std::string>{"Mail", "Bounces", "quota-issues"});
}

TEST_CASE("folders: every default name is there once") {
    auto names = FolderNames::defaults();
    CHECK(names.size() == 16 + 8 + 2);
    std::sort(names.begin(), names.end());
    CHECK(std::adjacent_find(names.begin(), names.end()) == names.end());
}
