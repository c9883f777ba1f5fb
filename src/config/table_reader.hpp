// Reads the values of one TOML table, gathers complaints with file and line, and notices keys that nobody asked for.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <toml++/toml.h>

#include "nixie/result.hpp"
#include "nixie/time.hpp"

namespace nixie {

class TableReader {
  public:
    /// `table`, `name` and `errors` must outlive the reader. `name` is how complaints call the table.
    TableReader(const toml::table& table, std::string file, std::string name, std::vector<Error>& errors)
        : table_(table), file_(std::move(file)), name_(std::move(name)), errors_(errors) {}

    /// The value, or `fallback` where the key is missing or of another type (which is a complaint).
    std::string text(std::string_view key, std::string_view fallback = {});
    std::int64_t integer(std::string_view key, std::int64_t fallback, std::int64_t least, std::int64_t most);
    bool boolean(std::string_view key, bool fallback);
    std::vector<std::string> texts(std::string_view key);
    /// Written as "90s", "5m", "1h", "1d" or "1w".
    Duration duration(std::string_view key, Duration fallback);
    const toml::table* table(std::string_view key);
    /// The tables of an [[array of tables]].
    std::vector<const toml::table*> tables(std::string_view key);

    /// Whether the key is there; it counts as asked for.
    [[nodiscard]] bool has(std::string_view key) { return node(key) != nullptr; }
    /// Whether the key holds a table, and not an array of them.
    [[nodiscard]] bool is_table(std::string_view key) {
        const toml::node* found = node(key);
        return found && found->is_table();
    }
    /// All keys, each taken as asked for.
    std::vector<std::string> keys();
    /// Complains about the key (or, if it is missing, about the table).
    void complain(std::string_view key, std::string what, std::string remedy);
    /// Complains about every key that was not asked for.
    void refuse_other_keys();

  private:
    const toml::node* node(std::string_view key);
    void wrong_type(const toml::node& node, std::string_view key, std::string_view expected);
    [[nodiscard]] std::string place(const toml::node& node) const;

    const toml::table& table_;
    std::string file_;
    std::string name_;
    std::vector<Error>& errors_;
    std::vector<std::string> asked_;
};

} // namespace nixie
