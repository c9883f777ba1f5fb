// The units for systemd: right, and confined.
#include <catch2/catch.hpp>

#include "support/process.hpp"
#include "support/temporary_directory.hpp"

using namespace nixie;

namespace {

/// A unit of conf/ with the program where it was built; its path.
std::string unit(const TemporaryDirectory& dir, const std::string& name) {
    std::string text = read_file(NIXIE_SOURCE_DIR "/conf/" + name);
    const std::string installed = "/usr/local/bin/nixie";
    for (auto at = text.find(installed); at != std::string::npos; at = text.find(installed, at))
        text.replace(at, installed.size(), NIXIE_BINARY);
    return dir.write(name, text);
}

} // namespace

TEST_CASE("units: systemd finds nothing wrong with them") {
    const TemporaryDirectory dir;
    std::vector<std::string> command{"systemd-analyze", "verify", "--man=no", "--recursive-errors=no"};
    for (const auto* name : {"nixie.service", "nixie-once.service", "nixie-once.timer"})
        command.push_back(unit(dir, name));
    const Finished finished = run_process(command);
    CHECK(finished.err == "");
    CHECK(finished.exit_code == 0);
}

TEST_CASE("units: what a service may do is little") {
    const TemporaryDirectory dir;
    const auto path = unit(dir, GENERATE(as<std::string>{}, "nixie.service", "nixie-once.service"));
    // In tenths, of 10: today it is 1.2, of which 0.8 is the network.
    const Finished finished = run_process({"systemd-analyze", "security", "--offline=yes", "--threshold=15", path});
    INFO(finished.out << finished.err);
    CHECK(finished.exit_code == 0);
}
