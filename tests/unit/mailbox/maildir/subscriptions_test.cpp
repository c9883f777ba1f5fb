#include "mailbox/maildir/subscriptions.hpp"

#include <fcntl.h>

#include <catch2/catch.hpp>

#include "mailbox/files.hpp"
#include "support/temporary_directory.hpp"

using namespace nixie;

TEST_CASE("maildir subscriptions: the folder is added once, in the way the file has") {
    using Row = std::tuple<std::string, std::string>;
    const auto [before, after] = GENERATE(table<std::string, std::string>({
        Row{"", "V\t2\n\nBounces\tbad-mailbox\n"},
        Row{"V\t2\n\nSent\n", "V\t2\n\nSent\nBounces\tbad-mailbox\n"},
        Row{"V\t2\n\nBounces\tbad-mailbox\nSent\n", "V\t2\n\nBounces\tbad-mailbox\nSent\n"},
        Row{"Sent\n", "Sent\nBounces.bad-mailbox\n"},
        Row{"Bounces.bad-mailbox\n", "Bounces.bad-mailbox\n"},
        Row{"Sent without an end", "Sent without an end\nBounces.bad-mailbox\n"},
    }));
    CHECK(with_subscription(before, "Bounces.bad-mailbox") == after);
}

TEST_CASE("maildir subscriptions: a lock left by a killed nixie holds nobody up") {
    const TemporaryDirectory dir;
    const auto left = GENERATE(as<std::string>{}, "", "V\t2\n\nBounces");
    dir.write("subscriptions.lock", left);
    const FileDescriptor root = open_directory(AT_FDCWD, dir.path().c_str());
    REQUIRE(subscribe(root.get(), dir.path().string(), "Bounces"));
    CHECK(read_file(dir.file("subscriptions")) == "V\t2\n\nBounces\n");
    CHECK(dir.listing() == std::set<std::string>{"subscriptions"});
}

TEST_CASE("maildir subscriptions: another program's lock is respected") {
    const TemporaryDirectory dir;
    dir.write("subscriptions.lock", "4711:mail.example.org");
    const FileDescriptor root = open_directory(AT_FDCWD, dir.path().c_str());
    CHECK_FALSE(subscribe(root.get(), dir.path().string(), "Bounces"));
    CHECK(dir.listing() == std::set<std::string>{"subscriptions.lock"});
}
