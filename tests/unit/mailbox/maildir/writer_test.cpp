#include "mailbox/maildir/writer.hpp"

#include <sys/stat.h>

#include <filesystem>

#include <catch2/catch.hpp>

#include "support/temporary_directory.hpp"
#include "support/whole_file.hpp"

using namespace nixie;
namespace fs = std::filesystem;

namespace {

struct Tree {
    TemporaryDirectory temporary;
    MaildirTree tree{(temporary.path() / "filed").string()};
    fs::path folder = temporary.path() / "filed" / ".Bounces";
    Tree() { REQUIRE(tree.create_inbox()); }
    [[nodiscard]] MaildirWriter writer() const {
        const std::vector<std::string> levels{"Bounces"};
        auto opened = MaildirWriter::open(tree, levels);
        REQUIRE(opened);
        return std::move(opened).value();
    }
    [[nodiscard]] std::size_t messages() const {
        std::size_t count = 0;
        for (const char* part : {"new", "cur"})
            for ([[maybe_unused]] const auto& entry : fs::directory_iterator(folder / part)) ++count;
        return count;
    }
};

Result<std::string> store(MaildirWriter& writer, const std::string& name, const std::string& bytes, Time arrived) {
    auto draft = writer.begin("draft");
    if (!draft) return draft.error();
    if (auto appended = draft->append(bytes); !appended) return appended.error();
    return writer.store(name, std::move(*draft), arrived);
}

constexpr Time arrived{std::chrono::seconds{1'700'000'000}};

} // namespace

TEST_CASE("maildir writer: a message is stored as unseen, with its time, and leaves nothing in tmp") {
    const Tree tree;
    auto writer = tree.writer();
    REQUIRE(store(writer, "1.x.nixie", "bytes", arrived));
    REQUIRE(writer.sync());
    CHECK(read_file(tree.folder / "new/1.x.nixie") == "bytes");
    CHECK(fs::is_empty(tree.folder / "tmp"));
    struct stat status {};
    REQUIRE(stat((tree.folder / "new/1.x.nixie").c_str(), &status) == 0);
    CHECK(status.st_mtim.tv_sec == 1'700'000'000);
}

TEST_CASE("maildir writer: the same message again makes no second copy, also when it was read meanwhile") {
    const Tree tree;
    auto writer = tree.writer();
    REQUIRE(store(writer, "1.x.nixie", "bytes", arrived));
    SECTION("by the same writer") {}
    SECTION("by a later one") { writer = tree.writer(); }
    SECTION("read by a client meanwhile") {
        fs::rename(tree.folder / "new/1.x.nixie", tree.folder / "cur/1.x.nixie:2,S");
    }
    REQUIRE(store(writer, "1.x.nixie", "bytes", arrived));
    CHECK(tree.messages() == 1);
}

TEST_CASE("maildir writer: other bytes under the same name are kept beside the first") {
    const Tree tree;
    auto writer = tree.writer();
    REQUIRE(store(writer, "1.x.nixie", "bytes", arrived));
    REQUIRE(store(writer, "1.x.nixie", "bytes and more", arrived));
    REQUIRE(store(writer, "1.x.nixie", "bytes and more", arrived));
    CHECK(tree.messages() == 2);
    CHECK(read_file(tree.folder / "new/1.x.nixie-1") == "bytes and more");
}

TEST_CASE("maildir writer: the rest of an interrupted write is replaced") {
    const Tree tree;
    auto writer = tree.writer();
    write_file(tree.folder / "tmp/draft", "half a mess");
    REQUIRE(store(writer, "1.x.nixie", "message", arrived));
    CHECK(read_file(tree.folder / "new/1.x.nixie") == "message");
}

TEST_CASE("maildir tree: creating it again changes nothing") {
    const Tree tree;
    CHECK(tree.tree.create_inbox());
    CHECK(tree.tree.open_inbox());
}

TEST_CASE("maildir tree: a missing directory above it is an output error") {
    const TemporaryDirectory temporary;
    const auto created = MaildirTree((temporary.path() / "no" / "such").string()).create_inbox();
    REQUIRE_FALSE(created);
    CHECK(created.error().code == ErrorCode::output);
}
