// What the program says when the sender itself seems to be at fault.
#include <catch2/catch.hpp>

#include <ctime>

#include "support/json_lines.hpp"
#include "support/maildir_tree.hpp"
#include "support/messages.hpp"
#include "support/scene.hpp"
#include "support/whole_file.hpp"

using namespace nixie;

namespace {

std::string out(const Scene& scene, const std::vector<std::string>& arguments) {
    const Finished finished = scene.nixie(arguments);
    INFO(finished.err);
    CHECK(finished.exit_code == 0);
    return finished.out;
}

/// Sixty are refused by a blocklist, and one is unknown.
Scene blocked_scene(const TemporaryDirectory& dir) {
    const Scene scene = maildir_scene(dir, "scene");
    std::vector<std::string> messages;
    for (int i = 0; i < 60; ++i)
        messages.push_back(bounce_message(std::to_string(i), "r" + std::to_string(i) + "@example.net", "5.7.1",
                                          "554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using "
                                          "zen.spamhaus.org"));
    messages.push_back(bounce_message("99", "ann@example.org", "5.1.1", "550 5.1.1 User unknown"));
    // Delivered just now, by their names: what arrived long ago raises no alarm.
    deliver(scene.maildir, {});
    const auto now = std::to_string(std::time(nullptr));
    for (std::size_t i = 0; i < messages.size(); ++i)
        write_file(scene.maildir / "new" / (now + ".M" + std::to_string(i) + ".mx.example"), messages[i]);
    out(scene, {"run", "--once", "--quiet"});
    return scene;
}

} // namespace

TEST_CASE("held: listed, told by status, released") {
    const TemporaryDirectory dir;
    const Scene scene = blocked_scene(dir);
    CHECK_THAT(out(scene, {"held", "list"}),
               Catch::Contains("the sender is refused: 60 of 61 bounces (98 %)") && Catch::Contains("ann@example.org"));
    const auto lines = json_lines(out(scene, {"held", "list", "--json"}));
    REQUIRE(lines.size() == 1);
    CHECK(lines[0]["address"] == "ann@example.org");
    const Finished status = scene.nixie({"status"});
    CHECK(status.exit_code == 2);
    CHECK_THAT(status.out, Catch::Contains("the sender is refused") && Catch::Contains("1 verdict held"));
    CHECK(out(scene, {"suppressions", "list"}) == "No address is suppressed.\n");

    CHECK(out(scene, {"held", "release"}) == "1 verdict released\n");
    CHECK_THAT(out(scene, {"suppressions", "list"}), Catch::Contains("ann@example.org"));
    CHECK(out(scene, {"held", "list"}) == "No verdict is held.\n");
    CHECK(scene.nixie({"status"}).exit_code == 0);
}

TEST_CASE("rates: against what was sent, for people and for programs") {
    const TemporaryDirectory dir;
    const Scene scene = blocked_scene(dir);
    std::string addresses;
    for (int i = 0; i < 600; ++i) addresses += "r" + std::to_string(i) + "@example.net\n";
    CHECK(out(scene, {"sent", "--from", dir.write("list", addresses)}) == "600 messages added\n");
    CHECK(out(scene, {"sent", "--campaign", "autumn", "--count", "500"}) == "500 messages added; 500 sent of autumn\n");
    CHECK_THAT(out(scene, {"rates", "--by", "domain"}),
               Catch::Contains("alarm") && Catch::Contains("10.0 %") && Catch::Contains("example.net"));
    const auto lines = json_lines(out(scene, {"rates", "--json", "--by", "mailing"}));
    REQUIRE(lines.size() == 1);
    CHECK(lines[0]["name"] == "autumn");
    CHECK(lines[0]["sent"] == 500);
    CHECK(lines[0]["level"] == "ok");
    CHECK(scene.nixie({"sent"}).exit_code == 64);
    CHECK(scene.nixie({"sent", "--count", "5"}).exit_code == 64);
}
