// The program with tests/shim/kill_shim.cpp preloaded.
#pragma once

#include <catch2/catch.hpp>

#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "support/scene.hpp"
#include "support/whole_file.hpp"

namespace nixie {

/// The sanitizer's runtime expects to be loaded before everything else.
inline const std::map<std::string, std::string> with_shim{{"LD_PRELOAD", NIXIE_KILL_SHIM},
                                                          {"ASAN_OPTIONS", "verify_asan_link_order=0"}};

/// The steps of a run that nobody disturbs, "number name" each.
inline std::vector<std::string> steps_of(const Scene& scene, const std::vector<std::string>& command,
                                         const TemporaryDirectory& dir) {
    const std::string log = dir.file("steps");
    auto environment = with_shim;
    environment["NIXIE_FAULT_LOG"] = log;
    const auto finished = scene.nixie(command, environment);
    REQUIRE(finished.err == "");
    REQUIRE(finished.exit_code == 0);
    std::istringstream in(read_file(log));
    std::vector<std::string> steps;
    for (std::string line; std::getline(in, line);) steps.push_back(line);
    return steps;
}

/// Ends with SIGKILL `when`, "before" or "after", it comes to that step, counted from 1.
inline Finished killed_at(const Scene& scene, const std::vector<std::string>& command, std::size_t step,
                          const std::string& when) {
    auto environment = with_shim;
    environment["NIXIE_FAULT_STEP"] = std::to_string(step);
    environment["NIXIE_FAULT_WHEN"] = when;
    return scene.nixie(command, environment);
}

} // namespace nixie
