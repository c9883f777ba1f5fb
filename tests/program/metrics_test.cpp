// Metrics, alerts and the dashboard, as Prometheus' own tools see them.
#include <catch2/catch.hpp>

#include <set>

#include <nlohmann/json.hpp>

#include "program/bounced_scene.hpp"
#include "support/eventually.hpp"
#include "support/http_get.hpp"
#include "support/loopback_port.hpp"
#include "support/maildir_tree.hpp"
#include "support/messages.hpp"
#include "support/scene.hpp"
#include "support/whole_file.hpp"

using namespace nixie;

namespace {

const std::string alerts = NIXIE_SOURCE_DIR "/conf/monitoring/nixie-alerts.yml";
const std::string dashboard = NIXIE_SOURCE_DIR "/conf/monitoring/nixie-dashboard.json";

std::string out_of(const Finished& finished) {
    INFO(finished.out << finished.err);
    CHECK(finished.exit_code == 0);
    return finished.out;
}

/// Every word of `text` that begins with "nixie_".
std::set<std::string> metric_names(const std::string& text) {
    std::set<std::string> out;
    for (auto at = text.find("nixie_"); at != std::string::npos; at = text.find("nixie_", at + 1)) {
        const auto end = text.find_first_not_of("abcdefghijklmnopqrstuvwxyz_", at);
        out.insert(text.substr(at, end - at));
    }
    return out;
}

} // namespace

TEST_CASE("metrics: promtool finds nothing wrong with them") {
    const TemporaryDirectory dir;
    const Scene scene = bounced_scene(dir);
    const std::string file = dir.file("nixie.prom");
    CHECK(out_of(scene.nixie({"metrics", file})).empty());
    const std::string text = out_of(scene.nixie({"metrics"}));
    CHECK_THAT(text,
               Catch::Contains("nixie_bounces_total{mailbox=\"bounces\",type=\"hard\",category=\"bad-mailbox\"} 1\n"));
    const Finished checked = run_process({"sh", "-c", "promtool check metrics < '" + file + "'"});
    CHECK(checked.out + checked.err == "");
    CHECK(checked.exit_code == 0);
    CHECK((std::filesystem::status(file).permissions() & std::filesystem::perms::others_read) !=
          std::filesystem::perms::none);
    CHECK(scene.nixie({"metrics", dir.file("no/such/folder.prom")}).exit_code == 74);
}

TEST_CASE("metrics: a pass writes the file that [metrics] names") {
    const TemporaryDirectory dir;
    const std::string file = dir.file("nixie.prom");
    bounced_scene(dir, "[metrics]\ntextfile = \"" + file + "\"\n");
    CHECK_THAT(read_file(file), Catch::Contains("nixie_messages_total{mailbox=\"bounces\",kind=\"bounce\"} 2\n"));
}

TEST_CASE("metrics: a service tells them over HTTP, and keeps the file fresh") {
    const TemporaryDirectory dir;
    const std::string file = dir.file("nixie.prom");
    const std::string port = LoopbackPort(LoopbackPort::Behaviour::closed).number();
    const Scene scene =
        bounced_scene(dir, "[metrics]\nlisten = \"127.0.0.1:" + port + "\"\ntextfile = \"" + file + "\"\n");
    Running service(scene.command({"run"}));
    REQUIRE(eventually([&] { return http_get(std::stoi(port), "/metrics").starts_with("HTTP/1.1 200 "); }));
    deliver(scene.maildir, {bounce_message("3", "cay@example.org", "5.1.1", "550 5.1.1 User unknown")});
    const std::string three = "nixie_messages_total{mailbox=\"bounces\",kind=\"bounce\"} 3\n";
    CHECK(eventually([&] { return http_get(std::stoi(port), "/metrics").find(three) != std::string::npos; }));
    CHECK(eventually([&] { return read_file(file).find(three) != std::string::npos; }));
    service.terminate();
    CHECK(service.wait().exit_code == 0);
}

TEST_CASE("metrics: a service whose port is taken says so and works on mail all the same") {
    const TemporaryDirectory dir;
    const LoopbackPort taken(LoopbackPort::Behaviour::silent);
    const Scene scene = bounced_scene(dir, "[metrics]\nlisten = \"" + taken.number() + "\"\n");
    Running service(scene.command({"run"}));
    deliver(scene.maildir, {bounce_message("3", "cay@example.org", "5.1.1", "550 5.1.1 User unknown")});
    CHECK(eventually([&] { return scene.rows("SELECT count(*) FROM bounces") == "3\n"; }));
    service.terminate();
    CHECK_THAT(service.wait().err, Catch::Contains("metrics cannot be told here") && Catch::Contains(taken.number()));
}

TEST_CASE("metrics: promtool takes the alerts, and they fire when they should") {
    out_of(run_process({"promtool", "check", "rules", alerts}));
    out_of(run_process({"promtool", "test", "rules", NIXIE_SOURCE_DIR "/tests/program/alerts.test.yml"}));
}

TEST_CASE("metrics: alerts and dashboard ask for nothing that is not told") {
    const TemporaryDirectory dir;
    const std::set<std::string> told = metric_names(out_of(bounced_scene(dir).nixie({"metrics"})));
    const auto page = nlohmann::json::parse(read_file(dashboard));
    CHECK(page["panels"].size() > 10);
    for (const auto& name : metric_names(read_file(alerts) + page.dump())) {
        INFO(name);
        CHECK(told.contains(name));
    }
}
