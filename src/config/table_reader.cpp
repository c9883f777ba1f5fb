#include "config/table_reader.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.hpp"

namespace nixie {

const toml::node* TableReader::node(std::string_view key) {
    if (std::find(asked_.begin(), asked_.end(), key) == asked_.end()) asked_.emplace_back(key);
    return table_.get(key);
}

std::string TableReader::place(const toml::node& node) const {
    return fmt::format("{}:{}", file_, node.source().begin.line);
}

void TableReader::wrong_type(const toml::node& node, std::string_view key, std::string_view expected) {
    errors_.push_back({ErrorCode::config, fmt::format("`{}` in {} must be {}", key, name_, expected), place(node), {}});
}

std::string TableReader::text(std::string_view key, std::string_view fallback) {
    const toml::node* found = node(key);
    if (!found) return std::string(fallback);
    if (const auto* value = found->as_string()) return value->get();
    wrong_type(*found, key, "a text in quotes");
    return std::string(fallback);
}

std::int64_t TableReader::integer(std::string_view key, std::int64_t fallback, std::int64_t least, std::int64_t most) {
    const toml::node* found = node(key);
    if (!found) return fallback;
    const auto* value = found->as_integer();
    if (value && value->get() >= least && value->get() <= most) return value->get();
    wrong_type(*found, key, fmt::format("a whole number from {} to {}", least, most));
    return fallback;
}

bool TableReader::boolean(std::string_view key, bool fallback) {
    const toml::node* found = node(key);
    if (!found) return fallback;
    if (const auto* value = found->as_boolean()) return value->get();
    wrong_type(*found, key, "true or false");
    return fallback;
}

std::vector<std::string> TableReader::texts(std::string_view key) {
    std::vector<std::string> out;
    const toml::node* found = node(key);
    if (!found) return out;
    const auto* array = found->as_array();
    if (array)
        for (const auto& element : *array)
            if (const auto* value = element.as_string()) out.push_back(value->get());
    if (!array || out.size() != array->size()) wrong_type(*found, key, "a list of texts in quotes");
    return out;
}

Duration TableReader::duration(std::string_view key, Duration fallback) {
    if (!has(key)) return fallback;
    if (const auto duration = parse_duration(text(key))) return *duration;
    complain(key, fmt::format("`{}` is no length of time", key), "write it as 90s, 5m, 1h, 1d or 1w");
    return fallback;
}

const toml::table* TableReader::table(std::string_view key) {
    const toml::node* found = node(key);
    if (found && !found->is_table()) wrong_type(*found, key, fmt::format("a table: [{}]", key));
    return found ? found->as_table() : nullptr;
}

std::vector<const toml::table*> TableReader::tables(std::string_view key) {
    std::vector<const toml::table*> out;
    const toml::node* found = node(key);
    if (!found) return out;
    const auto* array = found->as_array();
    if (array)
        for (const auto& element : *array)
            if (const auto* value = element.as_table()) out.push_back(value);
    if (!array || out.size() != array->size()) wrong_type(*found, key, fmt::format("written as [[{}]]", key));
    return out;
}

std::vector<std::string> TableReader::keys() {
    std::vector<std::string> out;
    for (const auto& [key, value] : table_) {
        out.emplace_back(key.str());
        node(key.str());
    }
    return out;
}

void TableReader::complain(std::string_view key, std::string what, std::string remedy) {
    const toml::node* found = table_.get(key);
    errors_.push_back({ErrorCode::config, std::move(what), place(found ? *found : table_), std::move(remedy)});
}

void TableReader::refuse_other_keys() {
    for (const auto& [key, value] : table_) {
        if (std::find(asked_.begin(), asked_.end(), key.str()) != asked_.end()) continue;
        errors_.push_back({ErrorCode::config, fmt::format("unknown key `{}` in {}", key.str(), name_), place(value),
                           fmt::format("known here: {}", fmt::join(asked_, ", "))});
    }
}

} // namespace nixie
