// What the less usual keys of a format do.
#include <catch2/catch.hpp>

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "nixie/report.hpp"

using namespace nixie;

namespace {

Report read_as(const std::string& format, const std::string& message) {
    const auto directory = std::filesystem::temp_directory_path() / ("nixie-keys-" + std::to_string(getpid()));
    std::filesystem::create_directories(directory);
    std::ofstream(directory / "own.toml") << "[[format]]\nid = \"x\"\nsource = \"nobody\"\n"
                                          << format << "[[format.examples]]\ntext = \"XYZZY\"\n";
    const auto formats = Formats::from_directory(directory.string());
    std::filesystem::remove_all(directory);
    REQUIRE(formats.ok());
    return read_report(parse_message(message), *formats);
}

const std::string address_line = "recipient = ['^(?P<address>\\S+@\\S+)$']\n";

} // namespace

TEST_CASE("format keys: without recipients a format gives its id to what the fields tell") {
    const Report report =
        read_as("when = [{ text = 'XYZZY' }]\n",
                "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\nXYZZY\n--b\n"
                "Content-Type: message/delivery-status\n\nFinal-Recipient: rfc822; user@example.org\n"
                "Action: failed\nStatus: 5.1.1\n--b--\n");
    CHECK(report.format == "x");
    REQUIRE(report.recipients.size() == 1);
    CHECK(report.recipients[0].address.text == "user@example.org");
}

TEST_CASE("format keys: means is put behind a diagnostic without a reply") {
    const std::string format = "when = [{ text = 'XYZZY' }]\nmeans = \"gone away\"\n" + address_line;
    const auto said = [&](const std::string& words) {
        const Report report = read_as(format, "Subject: s\n\nXYZZY\n\nuser@example.org\n" + words + "\n");
        REQUIRE(report.recipients.size() == 1);
        return report.recipients[0].diagnostic.text;
    };
    CHECK(said("ist fort") == "ist fort [gone away]");
    CHECK(said("has gone away") == "has gone away");
    CHECK(said("550 5.1.1 ist fort") == "550 5.1.1 ist fort");
}

TEST_CASE("format keys: ahead is said of the next recipient alone") {
    const Report report = read_as("when = [{ text = 'XYZZY' }]\nahead = ['^! (?P<diagnostic>.*)$']\n" + address_line,
                                  "Subject: s\n\nXYZZY\n\n! first\na@example.org\n! second\nb@example.org\nmore\n"
                                  "c@example.org\nthird\n");
    REQUIRE(report.recipients.size() == 3);
    CHECK(report.recipients[0].diagnostic.text == "first");
    CHECK(report.recipients[1].diagnostic.text == "second more");
    CHECK(report.recipients[2].diagnostic.text == "third");
}
