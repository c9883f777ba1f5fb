#include "mailbox/pop3/incoming.hpp"

#include <filesystem>

#include <catch2/catch.hpp>

#include "support/temporary_directory.hpp"
#include "support/whole_file.hpp"

using namespace nixie;
namespace fs = std::filesystem;

namespace {

struct Folder {
    TemporaryDirectory temporary;
    MaildirTree tree{temporary.file("filed")};
    fs::path path = temporary.path() / "filed" / ".Bounces";
    Folder() { REQUIRE(tree.create_inbox()); }
    [[nodiscard]] MaildirWriter writer() const {
        const std::vector<std::string> levels{"Bounces"};
        return MaildirWriter::open(tree, levels).value();
    }
};

/// The name that a message gets which comes in pieces of `step` bytes.
std::string stored(MaildirWriter& writer, const std::string& wire, std::size_t step) {
    Pop3Incoming incoming(writer.begin("draft").value(), "uid1");
    for (std::size_t at = 0; at < wire.size(); at += step) REQUIRE(incoming.append(wire.substr(at, step)));
    const auto name = std::move(incoming).store(writer);
    REQUIRE(name);
    return *name;
}

} // namespace

TEST_CASE("pop3 incoming: only CR LF becomes LF, however the message is split") {
    using Row = std::tuple<std::string, std::string>;
    const auto [wire, text] =
        GENERATE(table<std::string, std::string>({Row{"a\r\nb\r\n", "a\nb\n"}, Row{"a\rb\nc", "a\rb\nc"},
                                                  Row{"\r\r\n", "\r\n"}, Row{"a\r", "a\r"}, Row{"", ""}}));
    const Folder folder;
    auto writer = folder.writer();
    for (const std::size_t step : {1U, 2U, 3U, 100U}) {
        const auto name = stored(writer, wire, step);
        CHECK(read_file(folder.path / "new" / name) == text);
    }
    CHECK(std::distance(fs::directory_iterator(folder.path / "new"), {}) == 1);
    CHECK(fs::is_empty(folder.path / "tmp"));
}

TEST_CASE("pop3 incoming: a message of many blocks is stored whole, under the time of its last server") {
    std::string wire = "Received: by b; Thu, 19 Nov 2026 10:00:00 +0000\r\n\r\n",
                text = "Received: by b; Thu, 19 Nov 2026 10:00:00 +0000\n\n";
    for (int line = 0; line < 100'000; ++line) {
        wire += "line " + std::to_string(line) + "\r\n";
        text += "line " + std::to_string(line) + "\n";
    }
    const Folder folder;
    auto writer = folder.writer();
    const auto name = stored(writer, wire, 16'384);
    CHECK(name.substr(0, 11) == "1795082400.");
    CHECK(read_file(folder.path / "new" / name) == text);
    CHECK(stored(writer, wire, 1000) == name);
    const auto other = stored(writer, wire + "x", 1000);
    CHECK(other != name);
}

TEST_CASE("pop3 incoming: what is not stored leaves nothing behind") {
    const Folder folder;
    auto writer = folder.writer();
    {
        Pop3Incoming incoming(writer.begin("draft").value(), "uid1");
        REQUIRE(incoming.append(std::string(200'000, 'x')));
        CHECK_FALSE(fs::is_empty(folder.path / "tmp"));
    }
    CHECK(fs::is_empty(folder.path / "tmp"));
    CHECK(fs::is_empty(folder.path / "new"));
}
