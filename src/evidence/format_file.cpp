// TOML text to compiled formats. toml++'s exceptions stop here.
#include <toml++/toml.h>

#include <algorithm>
#include <initializer_list>

#include "base/text.hpp"
#include "evidence/format.hpp"
#include "evidence/smtp_command.hpp"

namespace nixie {
namespace {

/// Leaves load_formats() as an Error; never leaves this file.
struct Refused {
    Error error;
};

std::string place_of(const std::string& file, const toml::node& node) {
    return file + ":" + std::to_string(node.source().begin.line);
}

[[noreturn]] void refuse(const std::string& file, const toml::node& node, const std::string& what) {
    throw Refused{
        {ErrorCode::config, what, place_of(file, node), "conf/formats/README.md tells what a format file may hold"}};
}

/// A blank becomes any white space, for texts that are wrapped anywhere; in character classes it stays.
std::string with_any_space(const std::string& source) {
    std::string out;
    bool in_class = false;
    for (std::size_t i = 0; i < source.size(); ++i) {
        const char c = source[i];
        if (c == '\\' && i + 1 < source.size()) {
            out += c;
            out += source[++i];
            continue;
        }
        if (c == '[') in_class = true;
        if (c == ']') in_class = false;
        const bool counted =
            i + 1 < source.size() && std::string_view("?*+{").find(source[i + 1]) != std::string_view::npos;
        if (c != ' ' || in_class)
            out += c;
        else
            out += counted ? "\\s" : "\\s+";
    }
    return out;
}

/// Reads one file's tables into the formats.
class FileReader {
  public:
    FileReader(const DataFile& file, Formats::Impl& out, std::vector<Error>& errors)
        : file_(file.name), origin_(file.origin), out_(out), errors_(errors) {}

    void read(const toml::table& root, bool with_rules) {
        for (const auto& [key, node] : root)
            if (!(with_rules && key.str() == "rule"))
                note([&, &name = key, &value = node] { allow_one(name.str(), value, {"format", "kind", "original"}); });
        each(root, "format", &FileReader::read_format);
        each(root, "kind", &FileReader::read_kind);
        each(root, "original", &FileReader::read_original);
    }

  private:
    /// Goes on after what is refused.
    template <class Step>
    void note(Step step) {
        try {
            step();
        } catch (const Refused& refused) {
            errors_.push_back(refused.error);
        }
    }
    void each(const toml::table& root, std::string_view key, void (FileReader::*read_one)(const toml::table&)) {
        note([&] {
            for (const auto* table : tables(root, key)) note([&] { (this->*read_one)(*table); });
        });
    }
    void allow_one(std::string_view key, const toml::node& node, std::initializer_list<std::string_view> keys) const {
        if (std::find(keys.begin(), keys.end(), key) == keys.end())
            refuse(file_, node, "unknown key '" + std::string(key) + "'");
    }
    void allow(const toml::table& table, std::initializer_list<std::string_view> keys) const {
        for (const auto& [key, node] : table) allow_one(key.str(), node, keys);
    }
    std::vector<const toml::table*> tables(const toml::table& table, std::string_view key) const {
        std::vector<const toml::table*> out;
        const auto* node = table.get(key);
        if (node == nullptr) return out;
        if (!node->is_array()) refuse(file_, *node, "'" + std::string(key) + "' must be a list of tables");
        for (const auto& item : *node->as_array()) {
            if (!item.is_table()) refuse(file_, item, "'" + std::string(key) + "' must be a list of tables");
            out.push_back(item.as_table());
        }
        return out;
    }
    std::string text(const toml::table& table, std::string_view key) const {
        const auto* node = table.get(key);
        if (node == nullptr) return {};
        if (!node->is_string()) refuse(file_, *node, "'" + std::string(key) + "' must be a string");
        return **node->as_string();
    }
    std::string needed_text(const toml::table& table, std::string_view key) const {
        auto out = text(table, key);
        if (out.empty()) refuse(file_, table, "'" + std::string(key) + "' is missing or empty");
        return out;
    }
    /// One pattern, or a list of which any may match.
    std::string alternatives(const toml::table& table, std::string_view key) const {
        const auto* list = table.get_as<toml::array>(key);
        if (list == nullptr) return needed_text(table, key);
        std::string out;
        for (const auto& item : *list) {
            if (!item.is_string()) refuse(file_, item, "'" + std::string(key) + "' must hold patterns");
            out += (out.empty() ? "(?:" : "|(?:") + **item.as_string() + ")";
        }
        if (out.empty()) refuse(file_, table, "'" + std::string(key) + "' is empty");
        return out;
    }
    Pattern pattern(const toml::node& node, const std::string& source) const {
        if (origin_ == DataFile::Origin::built_in) return Pattern::trusted(source);
        auto out = Pattern::compile(source);
        if (!out) refuse(file_, node, out.error().what);
        return std::move(out).value();
    }
    void check(const toml::node& node, const std::string& source) const {
        if (origin_ == DataFile::Origin::built_in) return;
        if (const auto complaint = Regex(source, Regex::Ends::lines).complaint())
            refuse(file_, node, "pattern does not compile (" + *complaint + "): " + source);
    }
    template <class Take>
    void each_pattern(const toml::table& table, std::string_view key, Take take) const {
        const auto* node = table.get(key);
        if (node == nullptr) return;
        if (!node->is_array()) refuse(file_, *node, "'" + std::string(key) + "' must be a list of patterns");
        for (const auto& item : *node->as_array()) {
            if (!item.is_string()) refuse(file_, item, "'" + std::string(key) + "' must be a list of patterns");
            take(item, **item.as_string());
        }
    }
    /// To be tried line by line.
    AnyOf patterns(const toml::table& table, std::string_view key) {
        AnyOf out;
        each_pattern(table, key, [&](const toml::node& node, const std::string& source) {
            Pattern one = pattern(node, source);
            one.join(out_.text_patterns);
            out.add(std::move(one));
        });
        return out;
    }
    std::vector<Condition> texts(const toml::table& table, std::string_view key) {
        std::vector<Condition> out;
        each_pattern(table, key, [&](const toml::node& node, const std::string& source) {
            check(node, source);
            out.push_back(any_of(Condition::In::text, out_.text_patterns, source));
        });
        return out;
    }

    enum class Blanks { as_written, any_space };

    /// Each alternative by itself: most of them are words that are found without a pattern.
    static Condition any_of(Condition::In in, RegexSet& set, const std::string& source, RegexSet::Group group = 0) {
        const auto first = set.size();
        for (const auto& one : alternatives_of(source)) set.add(Regex(one, Regex::Ends::lines), group);
        return {in, first, set.size()};
    }
    std::vector<Condition> conditions(const toml::table& owner, Blanks blanks) {
        std::vector<Condition> out;
        for (const auto* table : tables(owner, "when")) {
            allow(*table, {"header", "matches", "text", "attachment"});
            const bool in_header = table->contains("header");
            const bool in_names = table->contains("attachment");
            auto source = alternatives(*table, in_header ? "matches" : in_names ? "attachment" : "text");
            if (blanks == Blanks::any_space && !in_header && !in_names) source = with_any_space(source);
            check(*table, source);
            if (!in_header) {
                out.push_back(in_names ? any_of(Condition::In::attachment, out_.attachment_patterns, source)
                                       : any_of(Condition::In::text, out_.text_patterns, source));
                continue;
            }
            const auto name = out_.header_names.add(needed_text(*table, "header"));
            if (!name) refuse(file_, *table, "too many names of header fields");
            out.push_back(any_of(Condition::In::header, out_.header_patterns, source, *name));
        }
        return out;
    }
    std::vector<Example> examples(const toml::table& owner) const {
        std::vector<Example> out;
        for (const auto* table : tables(owner, "examples")) {
            allow(*table, {"headers", "text", "attachment", "address", "diagnostic"});
            Example example{place_of(file_, *table), {},
                            text(*table, "text"),    text(*table, "attachment"),
                            text(*table, "address"), text(*table, "diagnostic")};
            if (const auto* headers = table->get("headers"); headers != nullptr && headers->is_table())
                for (const auto& [name, value] : *headers->as_table())
                    example.headers.add({std::string(name.str()), value.value_or(std::string())});
            out.push_back(std::move(example));
        }
        if (out.empty()) refuse(file_, owner, "no example");
        return out;
    }

    void read_format(const toml::table& table) {
        allow(table, {"id", "source", "when", "looks", "begin", "end", "original", "recipient", "recipient_header",
                      "follow", "ahead", "detail", "command", "skip", "delayed", "means", "examples"});
        Format format;
        format.id = needed_text(table, "id");
        for (const auto& other : out_.formats)
            if (other.id == format.id)
                throw Refused{{ErrorCode::config, "the id '" + format.id + "' is taken", place_of(file_, table),
                               "rename it, or the one at " + other.where}};
        format.where = place_of(file_, table);
        format.source = needed_text(table, "source");
        format.when = conditions(table, Blanks::as_written);
        format.looks = word(table, "looks", {"any", "report"}, {Format::Looks::any, Format::Looks::report});
        format.follow = word(table, "follow", {"paragraph", "block", "line"},
                             {Format::Follow::paragraph, Format::Follow::block, Format::Follow::line});
        if (format.when.empty() && format.looks == Format::Looks::any)
            refuse(file_, table, "a format needs 'when' or looks = \"report\"");
        format.recipient_header = text(table, "recipient_header");
        format.means = text(table, "means");
        format.command = text(table, "command");
        if (format.command != normal_command(format.command))
            refuse(file_, table, "'command' cannot be '" + format.command + "'");
        format.begin = patterns(table, "begin");
        format.end = patterns(table, "end");
        format.original = patterns(table, "original");
        format.recipient = patterns(table, "recipient");
        format.ahead = patterns(table, "ahead");
        format.detail = patterns(table, "detail");
        format.skip = patterns(table, "skip");
        format.delayed = texts(table, "delayed");
        if (!format.recipient.all_capture(Group::address))
            refuse(file_, table, "every recipient pattern needs a group 'address'");
        format.examples = examples(table);
        out_.formats.push_back(std::move(format));
    }

    template <class Value>
    Value word(const toml::table& table, std::string_view key, std::initializer_list<std::string_view> words,
               std::initializer_list<Value> values) const {
        const auto written = text(table, key);
        if (written.empty()) return *values.begin();
        const auto found = std::find(words.begin(), words.end(), written);
        if (found == words.end()) refuse(file_, table, "'" + std::string(key) + "' cannot be '" + written + "'");
        return *(values.begin() + (found - words.begin()));
    }

    void read_kind(const toml::table& table) {
        allow(table, {"id", "source", "kind", "feedback_type", "sure", "when", "examples"});
        const auto kind = find_kind(needed_text(table, "kind"));
        if (!kind) refuse(file_, table, "there is no kind '" + text(table, "kind") + "'");
        auto when = conditions(table, Blanks::any_space);
        if (when.empty()) refuse(file_, table, "a kind needs 'when'");
        out_.kinds.push_back({needed_text(table, "id"), place_of(file_, table), *kind, text(table, "feedback_type"),
                              std::move(when), table["sure"].value_or(false), examples(table)});
    }

    void read_original(const toml::table& table) {
        allow(table, {"marker", "example"});
        out_.original.add(pattern(table, needed_text(table, "marker")));
        out_.original_examples.push_back({place_of(file_, table), needed_text(table, "example")});
    }

    const std::string& file_;
    DataFile::Origin origin_;
    Formats::Impl& out_;
    std::vector<Error>& errors_;
};

} // namespace

Formats::Impl read_formats(const std::vector<FormatSource>& sources, std::vector<Error>& errors) {
    Formats::Impl out;
    for (const auto& source : sources) try {
            const toml::table root = toml::parse(source.file.text, source.file.name);
            FileReader(source.file, out, errors).read(root, source.with_rules);
        } catch (const toml::parse_error& error) {
            errors.push_back({ErrorCode::config, std::string(error.description()),
                              source.file.name + ":" + std::to_string(error.source().begin.line), "correct the TOML"});
        }
    out.finish();
    return out;
}

Result<Formats::Impl> load_formats(const std::vector<DataFile>& files) {
    std::vector<FormatSource> sources;
    for (const auto& file : files) sources.push_back({file});
    std::vector<Error> errors;
    auto out = read_formats(sources, errors);
    if (!errors.empty()) return errors.front();
    return out;
}

} // namespace nixie
