#include "classify/rule.hpp"

#include <toml++/toml.h>

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

/// Reads one file; remembers the first thing that is wrong with it.
class Reader {
  public:
    explicit Reader(const DataFile& file) : name_(file.name), origin_(file.origin) {}

    std::vector<Rule> rules(const toml::table& root) {
        std::vector<Rule> out;
        for (const auto& [key, node] : root) {
            const toml::array* list = key.str() == "rule" ? node.as_array() : nullptr;
            if (list == nullptr || !list->is_array_of_tables()) {
                fail(node, "\"" + std::string(key.str()) + "\" is not known here", "write [[rule]] tables only");
                break;
            }
            for (const auto& entry : *list) out.push_back(rule(*entry.as_table()));
        }
        return out;
    }
    [[nodiscard]] const std::optional<Error>& error() const { return error_; }

  private:
    Rule rule(const toml::table& table) {
        Rule rule;
        rule.where = place(table);
        bool has_reason = false;
        for (const auto& [key, node] : table) {
            if (key.str() == "reason") has_reason = true;
            value(rule, key.str(), node);
        }
        if (rule.id.empty()) fail(table, "a rule has no id", "give it one, such as \"mailbox-full.quota\"");
        if (!has_reason) fail(table, "rule \"" + rule.id + "\" has no reason", "name one");
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
            if (key == name) return patterns(rule.*member, key, node);
        for (const auto& [name, member] : example_keys)
            if (key == name) return strings(rule.*member, key, node);
        if (key == "id") return string(rule.id, key, node);
        if (key == "source") return string(rule.source, key, node);
        if (key == "reason") return word(rule.reason, find_reason, key, node);
        if (key == "category") return word(rule.category, find_category, key, node);
        if (key == "type") return word(rule.type, find_bounce_type, key, node);
        fail(node, "\"" + std::string(key) + "\" is no key of a rule", "see the comments in conf/rules for the keys");
    }

    void string(std::string& out, std::string_view key, const toml::node& node) {
        if (const auto text = node.value<std::string>(); text && !text->empty()) {
            out = *text;
            return;
        }
        fail(node, "\"" + std::string(key) + "\" is no text", "write it in quotes");
    }

    template <class Out, class Find>
    void word(Out& out, Find find, std::string_view key, const toml::node& node) {
        std::string text;
        string(text, key, node);
        if (const auto found = find(text))
            out = *found;
        else
            fail(node, "\"" + text + "\" is no " + std::string(key), "correct the spelling");
    }

    void strings(std::vector<std::string>& out, std::string_view key, const toml::node& node) {
        const toml::array* list = node.as_array();
        if (list == nullptr || list->empty())
            return fail(node, "\"" + std::string(key) + "\" is no list of texts", "write it in brackets");
        for (const auto& entry : *list) string(out.emplace_back(), key, entry);
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
        if (!error_) error_ = Error{ErrorCode::config, std::move(what), place(node), std::move(remedy)};
    }

    const std::string& name_;
    DataFile::Origin origin_;
    std::optional<Error> error_;
};

} // namespace

Result<std::vector<Rule>> read_rules(const DataFile& file) {
    try {
        const toml::table root = toml::parse(file.text, file.name);
        Reader reader(file);
        auto rules = reader.rules(root);
        if (reader.error()) return *reader.error();
        return rules;
    } catch (const toml::parse_error& problem) {
        return Error{ErrorCode::config, std::string(problem.description()),
                     file.name + ":" + std::to_string(problem.source().begin.line), "correct the TOML"};
    }
}

} // namespace nixie
