#include <catch2/catch.hpp>

#include "unit/config/load_with.hpp"

using namespace nixie;

TEST_CASE("config: where metrics are told; a port alone is one of this machine") {
    const TemporaryDirectory dir;
    const auto [listen, host, port] = GENERATE(table<std::string, std::string, int>({
        {"9725", "127.0.0.1", 9725},
        {"192.0.2.1:80", "192.0.2.1", 80},
        {"[::1]:9725", "::1", 9725},
    }));
    const auto result = load_with(dir, "[metrics]\nlisten = \"" + listen + "\"\ntextfile = \"/srv/nixie.prom\"");
    for (const auto& error : result.errors) UNSCOPED_INFO(error.text());
    REQUIRE(result.config);
    CHECK(result.config->metrics.host == host);
    CHECK(result.config->metrics.port == port);
    CHECK(result.config->metrics.textfile == "/srv/nixie.prom");
    CHECK(load_with(dir, "").config->metrics == MetricsConfig{});
}

TEST_CASE("config: a place for metrics that is none is refused") {
    const TemporaryDirectory dir;
    const std::string listen = GENERATE("", ":9725", "localhost:9725", "::1:9725", "127.0.0.1:0", "127.0.0.1:65536",
                                        "127.0.0.1", "9725x", "[::1]");
    const auto result = load_with(dir, "[metrics]\nlisten = \"" + listen + "\"");
    INFO(listen);
    REQUIRE(result.errors.size() == 1);
    CHECK_THAT(result.errors[0].text(), Catch::Contains("`listen` is no port") && Catch::Contains("127.0.0.1:9725"));
    CHECK(load_with(dir, "[metrics]\ntextfile = \"nixie.prom\"").errors.size() == 1);
    CHECK(load_with(dir, "[metrics]\ntextfile = \"/srv/nixie.txt\"").errors.size() == 1);
}
