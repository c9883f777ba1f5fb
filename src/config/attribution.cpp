#include <algorithm>

#include "config/sections.hpp"

namespace nixie {
namespace {

/// What one table may list of each.
constexpr std::size_t most_listed = 50;

/// RFC 5322, 3.6.8.
bool is_field_name(const std::string& text) {
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~' && c != ':'; });
}

} // namespace

Attribution read_attribution(const toml::table& table, const std::string& file, std::vector<Error>& errors) {
    TableReader in(table, file, "[attribution]", errors);
    Attribution out;
    const auto listed = [&](std::string_view key) {
        auto texts = in.texts(key);
        if (texts.size() > most_listed)
            in.complain(key, "`" + std::string(key) + "` lists too much", "list at most 50 of them");
        texts.resize(std::min(texts.size(), most_listed));
        return texts;
    };
    for (const auto& text : listed("return_paths")) {
        auto shape = ReturnPathShape::parse(text);
        if (shape)
            out.return_paths.push_back(std::move(shape).value());
        else
            in.complain("return_paths", shape.error().what, shape.error().remedy);
    }
    for (auto& name : listed("campaign_headers")) {
        if (!is_field_name(name))
            in.complain("campaign_headers", "`" + name + "` is no name of a header field",
                        "write the name alone, as `\"X-Mailing\"`");
        out.campaign_headers.push_back(std::move(name));
    }
    in.refuse_other_keys();
    return out;
}

} // namespace nixie
