#include "classify/rule.hpp"

#include <toml++/toml.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <utility>

#include "patterns/regex.hpp"

namespace nixie {
namespace {

using Patterns = std::vector<std::string> Rule::*;
constexpr std::array<std::pair<std::string_view, Patterns>, 7> pattern_keys{{
    {"text", &Rule::text},
    {"status", &Rule::status},
    {"code", &Rule::code},
    {"command", &Rule::command},
    {"action", &Rule::action},
    {"mta", &Rule::mta},
    {"domain", &Rule::domain},
}};
constexpr std::array<std::pair<std::string_view, Patterns>, 2> example_keys{{
    {"examples", &Rule::examples},
    {"counter_examples", &Rule::counter_examples},
}};

constexpr std::array<std::string_view, 3> format_tables{"format", "kind", "original"};

/// The words of a table in taxonomy.hpp, for who misspelt one.
template <class Table>
std::string words(const Table& table) {
    std::string out;
    for (const auto& row : table) out += (out.empty() ? "" : ", ") + std::string(row.name);
    return out;
}

/// Reads one file and notes everything that is wrong with it.
class Reader {
  public:
    Reader(const DataFile& file, Besides besides, std::vector<Error>& errors)
        : name_(file.name), origin_(file.origin), besides_(besides), errors_(errors) {}

    std::vector<Rule> rules(const toml::table& root) {
        std::vector<Rule> out;
        for (const auto& [key, node] : root) {
            if (besides_ == Besides::formats &&
                std::find(format_tables.begin(), format_tables.end(), key.str()) != format_tables.end())
                continue;
            const toml::array* list = key.str() == "rule" ? node.as_array() : nullptr;
            if (list == nullptr || !list->is_array_of_tables()) {
                fail(node, "\"" + std::string(key.str()) + "\" is not known here",
                     besides_ == Besides::formats ? "write [[rule]], [[format]], [[kind]] or [[original]] tables"
                                                  : "write [[rule]] tables only");
                continue;
            }
            for (const auto& entry : *list) out.push_back(rule(*entry.as_table()));
        }
        return out;
    }

  private:
    Rule rule(const toml::table& table) {
        Rule rule;
        rule.where = place(table);
        const bool has_id = table.contains("id");
        bool has_reason = false;
        for (const auto& [key, node] : table) {
            if (key.str() == "reason") has_reason = true;
            value(rule, key.str(), node);
        }
        if (!has_id) fail(table, "a rule has no id", "give it one, such as \"mailbox-full.quota\"");
        if (!has_reason) fail(table, "rule \"" + rule.id + "\" has no reason", "name one of " + words(reasons));
        if (rule.examples.empty()) fail(table, "rule \"" + rule.id + "\" has no example", "write at least one");
        bool has_condition = false;
        for (const auto& [key, member] : pattern_keys) has_condition = has_condition || !(rule.*member).empty();
        if (!has_condition)
            fail(table, "rule \"" + rule.id + "\" has no condition",
                 "give it text, status, code, command, action, mta or domain");
        return rule;
    }

    void value(Rule& rule, std::string_view key, const toml::node& node) {
        for (const auto& [name, member] : pattern_keys)
            if (key == name) {
                patterns(rule.*member, key, node);
                if (key == "text") note_lines(rule.lines.text, node);
                return;
            }
        for (const auto& [name, member] : example_keys)
            if (key == name) {
                strings(rule.*member, key, node);
                note_lines(key == "examples" ? rule.lines.examples : rule.lines.counter_examples, node);
                return;
            }
        if (key == "id") return string(rule.id, key, node);
        if (key == "source") return string(rule.source, key, node);
        if (key == "reason") return word(rule.reason, find_reason, key, node, words(reasons));
        if (key == "category") return word(rule.category, find_category, key, node, words(categories));
        if (key == "type") return word(rule.type, find_bounce_type, key, node, words(bounce_types));
        fail(node, "\"" + std::string(key) + "\" is no key of a rule",
             "the keys are id, reason, category, type, text, status, code, command, action, mta, domain, source, "
             "examples, counter_examples");
    }

    void string(std::string& out, std::string_view key, const toml::node& node) {
        if (const auto text = node.value<std::string>(); text && !text->empty()) {
            out = *text;
            return;
        }
        fail(node, "\"" + std::string(key) + "\" is no text", "write it in quotes");
    }

    template <class Out, class Find>
    void word(Out& out, Find find, std::string_view key, const toml::node& node, const std::string& known) {
        std::string text;
        string(text, key, node);
        if (text.empty()) return;
        if (const auto found = find(text))
            out = *found;
        else
            fail(node, "\"" + text + "\" is no " + std::string(key), "write one of " + known);
    }

    void strings(std::vector<std::string>& out, std::string_view key, const toml::node& node) {
        const toml::array* list = node.as_array();
        if (list == nullptr || list->empty())
            return fail(node, "\"" + std::string(key) + "\" is no list of texts", "write it in brackets");
        for (const auto& entry : *list) string(out.emplace_back(), key, entry);
    }

    static void note_lines(std::vector<int>& out, const toml::node& node) {
        if (const auto* list = node.as_array())
            for (const auto& entry : *list) out.push_back(static_cast<int>(entry.source().begin.line));
    }

    void patterns(std::vector<std::string>& out, std::string_view key, const toml::node& node) {
        strings(out, key, node);
        if (origin_ == DataFile::Origin::built_in) return;
        for (std::size_t i = 0; i < out.size(); ++i)
            if (const auto complaint = Regex(out[i]).complaint())
                fail((*node.as_array())[i], "pattern '" + out[i] + "': " + *complaint, "correct it (RE2 syntax)");
    }

    [[nodiscard]] std::string place(const toml::node& node) const {
        return name_ + ":" + std::to_string(node.source().begin.line);
    }
    void fail(const toml::node& node, std::string what, std::string remedy) {
        errors_.push_back({ErrorCode::config, std::move(what), place(node), std::move(remedy)});
    }

    const std::string& name_;
    DataFile::Origin origin_;
    Besides besides_;
    std::vector<Error>& errors_;
};

/// The number behind the last colon of "file:line".
long line_of(const Error& error) { return std::strtol(error.where.c_str() + error.where.rfind(':') + 1, nullptr, 10); }

} // namespace

std::vector<Rule> read_rules(const DataFile& file, Besides besides, std::vector<Error>& errors) {
    try {
        const toml::table root = toml::parse(file.text, file.name);
        const auto before = errors.size();
        auto rules = Reader(file, besides, errors).rules(root);
        // toml++ gives keys in the order of the alphabet; people read in the order of lines.
        std::stable_sort(errors.begin() + static_cast<std::ptrdiff_t>(before), errors.end(),
                         [](const Error& a, const Error& b) { return line_of(a) < line_of(b); });
        return rules;
    } catch (const toml::parse_error& problem) {
        errors.push_back({ErrorCode::config, std::string(problem.description()),
                          file.name + ":" + std::to_string(problem.source().begin.line), "correct the TOML"});
        return {};
    }
}

Result<std::vector<Rule>> read_rules(const DataFile& file, Besides besides) {
    std::vector<Error> errors;
    auto rules = read_rules(file, besides, errors);
    if (!errors.empty()) return errors.front();
    return rules;
}

void refuse_taken_ids(const std::vector<Rule>& rules, std::vector<Error>& errors) {
    std::map<std::string, std::string> seen;
    for (const auto& rule : rules) {
        if (rule.id.empty()) continue; // that is a complaint already
        const auto [first, is_new] = seen.emplace(rule.id, rule.where);
        if (!is_new)
            errors.push_back({ErrorCode::config, "rule id \"" + rule.id + "\" is taken", rule.where,
                              "rename it, or the one at " + first->second});
    }
}

} // namespace nixie
