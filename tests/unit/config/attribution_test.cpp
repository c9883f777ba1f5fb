#include <catch2/catch.hpp>

#include "unit/config/load_with.hpp"

using namespace nixie;

TEST_CASE("config: shapes of return paths and names of headers") {
    const TemporaryDirectory dir;
    const auto result = load_with(dir, R"(
        [attribution]
        return_paths = ["b-{campaign}-{local}={domain}@news.example.org"]
        campaign_headers = ["X-Mailing", "X-Job-Number"]
        message_id_domains = ["News.example.org"])");
    for (const auto& error : result.errors) UNSCOPED_INFO(error.text());
    REQUIRE(result.config);
    const Attribution& attribution = result.config->attribution;
    REQUIRE(attribution.return_paths.size() == 1);
    CHECK(attribution.return_paths[0].match("b-7-a=example.com@news.example.org")->recipient == "a@example.com");
    CHECK(result.config->message_id_domains == std::vector<std::string>{"news.example.org"});
    CHECK(attribution.campaign_headers == std::vector<std::string>{"X-Mailing", "X-Job-Number"});
}

TEST_CASE("config: mistakes in [attribution] are told with their line and remedy") {
    const TemporaryDirectory dir;
    const auto [line, complaint] = GENERATE(table<std::string, std::string>({
        {"return_paths = [\"b@example.org\"]", "`b@example.org` names neither a recipient nor a mailing"},
        {"campaign_headers = [\"X-Mailing:\"]", "`X-Mailing:` is no name of a header field"},
        {"campaign_headers = [" +
             [] {
                 std::string many;
                 for (int i = 0; i < 51; ++i) many += "\"X-A\",";
                 return many;
             }() +
             "]",
         "`campaign_headers` lists too much"},
        {"message_id_domains = [\"@example.org\"]", "`@example.org` is no domain"},
        {"verp = []", "unknown key `verp` in [attribution]"},
    }));
    const auto result = load_with(dir, "[attribution]\n" + line);
    REQUIRE(result.errors.size() == 1);
    CHECK(result.errors[0].what == complaint);
    CHECK(result.errors[0].where.ends_with(":6"));
    CHECK_FALSE(result.errors[0].remedy.empty());
}
