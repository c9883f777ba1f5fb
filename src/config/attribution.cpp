#include <algorithm>

#include "base/text.hpp"
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

bool is_domain_name(const std::string& text) {
    const std::string lower = to_lower(text);
    return !lower.empty() && lower.front() != '.' && lower.back() != '.' &&
           lower.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-_.") == std::string::npos;
}

} // namespace

void read_attribution(const toml::table& table, const std::string& file, std::vector<Error>& errors, Config& config) {
    TableReader in(table, file, "[attribution]", errors);
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
            config.attribution.return_paths.push_back(std::move(shape).value());
        else
            in.complain("return_paths", shape.error().what, shape.error().remedy);
    }
    for (auto& name : listed("campaign_headers")) {
        if (!is_field_name(name))
            in.complain("campaign_headers", "`" + name + "` is no name of a header field",
                        "write the name alone, as `\"X-Mailing\"`");
        config.attribution.campaign_headers.push_back(std::move(name));
    }
    for (const auto& domain : listed("message_id_domains")) {
        if (!is_domain_name(domain))
            in.complain("message_id_domains", "`" + domain + "` is no domain",
                        "write what stands behind the '@' of your Message-IDs, as `\"news.example.org\"`");
        config.message_id_domains.push_back(to_lower(domain));
    }
    in.refuse_other_keys();
}

} // namespace nixie
