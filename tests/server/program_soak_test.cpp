// The short form of scripts/soak.
#include <catch2/catch.hpp>

#include "support/process.hpp"

using namespace nixie;

TEST_CASE("a service beside another client that reads, moves and deletes: every message is accounted for once") {
    // A sanitizer's build takes more memory than is worth a limit.
    const Finished soak = run_process({NIXIE_SOURCE_DIR "/scripts/soak", "400", "--nixie", NIXIE_BINARY, "--memory",
                                       memory_is_ordinary ? "64" : "4096"});
    INFO(soak.out << soak.err);
    CHECK(soak.exit_code == 0);
    CHECK_THAT(soak.out, Catch::Contains("every message is accounted for once"));
}
