#include "explain/registry.hpp"

#include <toml++/toml.h>

#include <algorithm>

namespace nixie {
namespace {

/// Reads the tables of one file; remembers the first thing that is wrong with it.
class CodeBookReader {
  public:
    CodeBookReader(const std::string& file, const toml::table& root) : file_(file), root_(root) {}

    CodeBook read() {
        CodeBook book;
        if (const auto* head = root_.get_as<toml::table>("registry"); head != nullptr) {
            book.name = text(*head, "name");
            book.source = text(*head, "source");
            book.as_of = text(*head, "as_of");
        } else {
            refuse(root_, "there is no [registry]");
        }
        book.classes = entries("class");
        book.subjects = entries("subject");
        book.codes = entries(root_.contains("status") ? "status" : "reply");
        return book;
    }
    [[nodiscard]] const std::optional<Error>& error() const { return error_; }

  private:
    std::vector<CodeEntry> entries(std::string_view key) {
        std::vector<CodeEntry> out;
        const auto* list = root_.get_as<toml::array>(key);
        if (list == nullptr) {
            refuse(root_, "there is no [[" + std::string(key) + "]]");
            return out;
        }
        for (const auto& item : *list)
            if (const auto* table = item.as_table(); table != nullptr) out.push_back(entry(*table, key));
        return out;
    }
    CodeEntry entry(const toml::table& table, std::string_view key) {
        CodeEntry out{text(table, "code"), text(table, "name"), text(table, "meaning"), {}, {}, {}};
        if (key != "subject") out.action = text(table, "action");
        out.reply = texts(table, "reply");
        out.rfc = texts(table, "rfc");
        return out;
    }
    std::string text(const toml::table& table, std::string_view key) {
        if (const auto* value = table.get_as<std::string>(key); value != nullptr && !value->get().empty())
            return value->get();
        refuse(table, "\"" + std::string(key) + "\" is missing");
        return {};
    }
    static std::vector<std::string> texts(const toml::table& table, std::string_view key) {
        std::vector<std::string> out;
        if (const auto* list = table.get_as<toml::array>(key); list != nullptr)
            for (const auto& item : *list) out.push_back(item.value_or(std::string()));
        return out;
    }
    void refuse(const toml::node& node, std::string what) {
        if (error_) return;
        error_ = Error{ErrorCode::config, std::move(what), file_ + ":" + std::to_string(node.source().begin.line),
                       "the comments at the top of the file tell what it holds"};
    }

    const std::string& file_;
    const toml::table& root_;
    std::optional<Error> error_;
};

CodeBook built_in_book(std::string_view name) {
    for (const auto& file : built_in_files("registry"))
        if (file.name.ends_with(name)) return read_code_book(file).value();
    assert(false);
    return {};
}

} // namespace

const CodeEntry* CodeBook::find(const std::vector<CodeEntry>& entries, std::string_view code) {
    const auto found =
        std::find_if(entries.begin(), entries.end(), [&](const CodeEntry& entry) { return entry.code == code; });
    return found == entries.end() ? nullptr : &*found;
}

const Registry& Registry::built_in() {
    static const Registry registry{built_in_book("enhanced-status-codes.toml"), built_in_book("smtp-reply-codes.toml")};
    return registry;
}

Result<CodeBook> read_code_book(const DataFile& file) {
    try {
        const toml::table root = toml::parse(file.text, file.name);
        CodeBookReader reader(file.name, root);
        auto book = reader.read();
        if (reader.error()) return *reader.error();
        return book;
    } catch (const toml::parse_error& problem) {
        return Error{ErrorCode::config, std::string(problem.description()),
                     file.name + ":" + std::to_string(problem.source().begin.line), "correct the TOML"};
    }
}

} // namespace nixie
