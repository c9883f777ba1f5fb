#include <catch2/catch.hpp>

#include "report/retry_clock.hpp"
#include "support/whole_file.hpp"

using namespace nixie;

TEST_CASE("retry clock: the diagram in the documentation is that of the table") {
    const auto diagram = retry_clock_diagram();
    CHECK_THAT(diagram, Catch::Contains("due --> retried: another try made\n"));
    CHECK_THAT(read_file(NIXIE_SOURCE_DIR "/docs/retry-clock.md"), Catch::Contains("```mermaid\n" + diagram + "```"));
}
