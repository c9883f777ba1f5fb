// Every message in samples/ is read as the JSON beside it says, whatever ends its lines.
#include <filesystem>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "nixie/judge.hpp"
#include "report/judgement.hpp"
#include "support/samples.hpp"
#include "support/whole_file.hpp"

using namespace nixie;
using Json = nlohmann::json;
namespace fs = std::filesystem;

namespace {

/// What of `expected` is not so in `found`, a line each; members that `expected` does not name do not count.
void differences(const Json& expected, const Json& found, const std::string& where, std::string& out) {
    if (expected.is_object() && found.is_object()) {
        for (const auto& [key, value] : expected.items())
            differences(value, found.contains(key) ? found[key] : Json(), where + "." + key, out);
    } else if (expected.is_array() && found.is_array() && expected.size() == found.size()) {
        for (std::size_t i = 0; i < expected.size(); ++i)
            differences(expected[i], found[i], where + "[" + std::to_string(i) + "]", out);
    } else if (expected != found) {
        out += where + ": expected " + expected.dump() + ", found " + found.dump() + "\n";
    }
}

} // namespace

TEST_CASE("samples: every message is read as the JSON beside it says") {
    const auto [name, end] = GENERATE(table<std::string, std::string>({{"LF", "\n"}, {"CR LF", "\r\n"}, {"CR", "\r"}}));
    INFO("lines end with " << name);
    const Judge judge = Judge::built_in();
    const auto files = sample_files();
    REQUIRE(files.size() >= least_samples);
    for (const auto& file : files) {
        const Json expected = Json::parse(read_file(fs::path(file).replace_extension(".json")));
        const Json found = Json::parse(judgement_json(judge(with_line_ends(read_file(file), end)), file.string()));
        std::string wrong;
        differences(expected, found, "", wrong);
        INFO(file.string());
        CHECK(wrong == "");
    }
}
