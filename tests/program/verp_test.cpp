// Signed return paths: made, checked, and what they do to reports that come back.
#include <catch2/catch.hpp>

#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "program/run.hpp"
#include "support/json_lines.hpp"
#include "support/temporary_directory.hpp"

using namespace nixie;
namespace fs = std::filesystem;

namespace {

/// A configuration with a key ring and a Maildir.
struct Signing {
    TemporaryDirectory directory;
    std::string config = directory.file("nixie.toml");
    std::string mail = directory.file("mail");
    int delivered = 0;

    explicit Signing(const std::string& more) {
        for (const char* const folder : {"new", "cur", "tmp"}) fs::create_directories(fs::path(mail) / folder);
        const std::string keys = directory.file("keys");
        std::ofstream(keys) << "k1 " << std::string(32, 's') << "\n";
        ::chmod(keys.c_str(), 0600);
        std::ofstream(config) << "state = \"" << directory.file("nixie.db")
                              << "\"\n[[mailbox]]\nname = \"bounces\"\nurl = \"maildir:" << mail
                              << "\"\n[verp]\naddress = \"bounces@news.example\"\nkeys_file = \"" << keys << "\"\n"
                              << more;
    }
    std::string sign(const std::string& recipient) const {
        const Finished made = run_nixie({"verp", "sign", "-c", config, "--mailing", "spring", recipient});
        CHECK(made.err == "");
        REQUIRE(made.exit_code == 0);
        return made.out.substr(0, made.out.size() - 1);
    }
    void deliver(const std::string& to, const std::string& failed) {
        ++delivered;
        std::ofstream(fs::path(mail) / "new" / ("179526240" + std::to_string(delivered) + ".V1I1M77.host"))
            << "From: MAILER-DAEMON@mx.example.net\nTo: " << to
            << "\nSubject: Undelivered Mail\nMIME-Version: 1.0\nContent-Type: multipart/report; "
               "report-type=delivery-status; boundary=b\n\n--b\nContent-Type: "
               "message/delivery-status\n\nReporting-MTA: dns; "
               "mx.example.net\n\nFinal-Recipient: rfc822; "
            << failed
            << "\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 no such user\n\n--b\nContent-Type: "
               "text/rfc822-headers\n\nMessage-ID: <"
            << delivered << "@sender.example>\n\n--b--\n";
    }
    Finished run() const { return run_nixie({"run", "--once", "--json", "-c", config}); }
    Finished recipient(const std::string& address) const {
        return run_nixie({"recipient", "--json", "-c", config, address});
    }
};

} // namespace

TEST_CASE("verp: what sign prints, verify believes; what was changed it does not") {
    const Signing signing("");
    std::string address = signing.sign("ann@example.org");
    CHECK_THAT(address, Catch::StartsWith("bounces+v1.k1.") && Catch::EndsWith(".spring.ann=example.org@news.example"));
    const Finished valid = run_nixie({"verp", "verify", "-c", signing.config, "--json", address});
    CHECK(valid.exit_code == 0);
    const auto json = json_lines(valid.out);
    REQUIRE(json.size() == 1);
    CHECK(json[0]["valid"] == true);
    CHECK(json[0]["recipient"] == "ann@example.org");
    CHECK(json[0]["mailing"] == "spring");
    address.replace(address.find("ann="), 4, "bob=");
    const Finished forged = run_nixie({"verp", "verify", "-c", signing.config, address});
    CHECK(forged.exit_code == 65);
    CHECK_THAT(forged.out, Catch::Contains("forged"));
}

TEST_CASE("verp: many addresses from a file, each with its return path") {
    const Signing signing("");
    const std::string list = signing.directory.file("list");
    std::ofstream(list) << "# ours\nann@example.org\n\nnobody\nbob@example.org\n";
    const Finished made = run_nixie({"verp", "sign", "-c", signing.config, "--from", list});
    CHECK_THAT(made.out,
               Catch::StartsWith("ann@example.org\tbounces+v1.") && Catch::Contains("\nbob@example.org\tbounces+v1."));
    CHECK_THAT(made.err, Catch::Contains("nobody"));
    CHECK(made.exit_code == 64);
}

TEST_CASE("verp: a report that comes back on a signed return path is about whom that names") {
    Signing signing("");
    signing.deliver(signing.sign("ann@example.org"), "somewhere.else@forwarded.example");
    REQUIRE(signing.run().exit_code == 0);
    CHECK_THAT(signing.recipient("ann@example.org").out,
               Catch::Contains("\"suppressed\"") && Catch::Contains("\"spring\""));
    CHECK(signing.recipient("somewhere.else@forwarded.example").exit_code == 67);
}

TEST_CASE("verp: where a token is required, a report without a valid one is suspicious and changes nobody") {
    Signing signing("require_token = true\n");
    std::string forged = signing.sign("bob@example.org");
    forged.replace(forged.find("bob="), 4, "eve=");
    signing.deliver(signing.sign("ann@example.org"), "ann@example.org");
    signing.deliver("bounces@news.example", "joe@example.org");
    signing.deliver(forged, "eve@example.org");
    REQUIRE(signing.run().exit_code == 0);
    CHECK(signing.recipient("ann@example.org").exit_code == 0);
    CHECK(signing.recipient("joe@example.org").exit_code == 67);
    CHECK(signing.recipient("eve@example.org").exit_code == 67);
    std::size_t suspicious = 0;
    for (const auto& entry : fs::recursive_directory_iterator(signing.mail))
        if (entry.is_regular_file() && entry.path().string().find(".Bounces.suspicious/") != std::string::npos &&
            entry.path().filename().string().find(".V1I1M77.") != std::string::npos)
            ++suspicious;
    CHECK(suspicious == 2);
}

TEST_CASE("verp: a report about a message with another's Message-ID is suspicious, unless its token is valid") {
    Signing signing("[attribution]\nmessage_id_domains = [\"ours.example\"]\n");
    signing.deliver(signing.sign("ann@example.org"), "ann@example.org");
    signing.deliver("bounces@news.example", "joe@example.org");
    REQUIRE(signing.run().exit_code == 0);
    CHECK(signing.recipient("ann@example.org").exit_code == 0);
    CHECK(signing.recipient("joe@example.org").exit_code == 67);
}

TEST_CASE("verp: without [verp] it says what to set; a key file that others may read is refused") {
    const TemporaryDirectory directory;
    const std::string config = directory.file("nixie.toml");
    std::ofstream(config)
        << "state = \"/nonexistent/nixie.db\"\n[[mailbox]]\nname = \"b\"\nurl = \"maildir:/nonexistent\"\n";
    const Finished none = run_nixie({"verp", "sign", "-c", config, "ann@example.org"});
    CHECK(none.exit_code == 78);
    CHECK_THAT(none.err, Catch::Contains("[verp]") && Catch::Contains("keys_file"));

    const Signing signing("");
    ::chmod(signing.directory.file("keys").c_str(), 0644);
    const Finished readable = run_nixie({"verp", "sign", "-c", signing.config, "ann@example.org"});
    CHECK(readable.exit_code == 78);
    CHECK_THAT(readable.err, Catch::Contains("chmod o-rw"));
}
