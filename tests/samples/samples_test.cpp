// Every message in samples/ is read as the JSON beside it says, whatever ends its lines.
#include <algorithm>
#include <filesystem>
#include <vector>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "nixie/judge.hpp"
#include "report/judgement.hpp"
#include "support/whole_file.hpp"

using namespace nixie;
using Json = nlohmann::json;
namespace fs = std::filesystem;

namespace {

/// So many there were when this was written: fewer means that the folder was not found.
constexpr std::size_t least_samples = 170;

std::vector<fs::path> samples() {
    std::vector<fs::path> out;
    for (const auto& entry : fs::recursive_directory_iterator(NIXIE_SOURCE_DIR "/samples"))
        if (entry.path().extension() == ".eml") out.push_back(entry.path());
    std::sort(out.begin(), out.end());
    return out;
}

std::string with_line_ends(const std::string& text, const std::string& end) {
    std::string out;
    for (const char c : text)
        if (c == '\n')
            out += end;
        else
            out += c;
    return out;
}

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
    const auto files = samples();
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
