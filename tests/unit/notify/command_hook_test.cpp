#include <thread>

#include <catch2/catch.hpp>

#include "notify/command_hook.hpp"
#include "support/temporary_directory.hpp"
#include "support/whole_file.hpp"

using namespace nixie;

TEST_CASE("command hook: the command gets the event on its standard input") {
    const TemporaryDirectory dir;
    REQUIRE(run_command_hook("cat > " + dir.file("event"), R"({"type":"bounce"})"));
    CHECK(read_file(dir.file("event")) == "{\"type\":\"bounce\"}\n");
}

TEST_CASE("command hook: an event larger than any pipe buffer arrives whole") {
    const TemporaryDirectory dir;
    const std::string body(3'000'000, 'x');
    REQUIRE(run_command_hook("cat > " + dir.file("event"), body));
    CHECK(read_file(dir.file("event")) == body + "\n");
}

TEST_CASE("command hook: a command that does not read its input still decides by its exit code") {
    CHECK(run_command_hook("exit 0", std::string(3'000'000, 'x')));
    const auto failed = run_command_hook("exit 3", std::string(3'000'000, 'x'));
    REQUIRE_FALSE(failed);
    CHECK(failed.error().what == "exit code 3");
}

TEST_CASE("command hook: a command that never ends is killed, with what it started") {
    const TemporaryDirectory dir;
    const auto failed =
        run_command_hook("sleep 600 & echo $! > " + dir.file("pid") + "; sleep 600", "{}", std::chrono::seconds(1));
    REQUIRE_FALSE(failed);
    CHECK(failed.error().what == "no end after 1s");
    const std::string pid = read_file(dir.file("pid"));
    // Gone, or a zombie that init has not waited for yet. The kernel takes a moment.
    const std::string file = "/proc/" + pid.substr(0, pid.find('\n')) + "/stat";
    const auto is_gone = [&] {
        const std::string status = read_file(file);
        return status.empty() || status.find(") Z ") != std::string::npos;
    };
    for (int tries = 0; !is_gone() && tries < 500; ++tries) std::this_thread::sleep_for(std::chrono::milliseconds(10));
    CHECK(is_gone());
}
