#include "mailbox/imap/folders.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "mailbox/imap/refusal.hpp"

namespace nixie {
namespace {

/// The name in a LIST response, if the folder can hold messages.
std::optional<std::string> selectable(const ImapResponse& response) {
    if (response.name != "LIST" || response.values.size() < 3) return std::nullopt;
    const auto& attributes = response.values[0].items;
    const bool holds_none = std::any_of(attributes.begin(), attributes.end(), [](const ImapValue& attribute) {
        return equals_ignoring_case(attribute.text, "\\Noselect") ||
               equals_ignoring_case(attribute.text, "\\NonExistent");
    });
    if (holds_none) return std::nullopt;
    return response.values[2].text;
}

std::string separator_of(const ImapValue& value) { return value.kind == ImapValue::Kind::nil ? "" : value.text; }

} // namespace

ImapCommand ImapFolders::ask_namespace() const {
    return ImapCommand(session_.offers("NAMESPACE") ? "NAMESPACE" : R"(LIST "" "")");
}

void ImapFolders::read_namespace(const ImapResponse& response) {
    if (response.name == "NAMESPACE" && !response.values.empty()) {
        // Personal namespaces come first; the first of them is where new folders belong.
        const auto& personal = response.values.front().items;
        if (personal.empty() || personal.front().items.size() < 2) return;
        space_ = {personal.front().items[0].text, separator_of(personal.front().items[1])};
    } else if (response.name == "LIST" && response.values.size() >= 3) {
        space_ = {"", separator_of(response.values[1])};
    }
}

Result<std::vector<std::string>> ImapFolders::list() {
    std::vector<std::string> names;
    ImapCommand command(R"(LIST "" )");
    command.string(space_.prefix + "*");
    const auto answer = session_.require(command, [&](ImapResponse& response) -> Result<void> {
        if (auto name = selectable(response)) names.push_back(std::move(*name));
        return {};
    });
    if (!answer) return answer.error();
    std::sort(names.begin(), names.end());
    return names;
}

Result<void> ImapFolders::learn() {
    if (known_) return {};
    const auto names = list();
    if (!names) return names.error();
    known_.emplace();
    for (const auto& name : *names) known_->insert(canonical_folder(name, space_.separator));
    return {};
}

Result<ImapFolders::Ensured> ImapFolders::ensure(std::span<const std::string> levels) {
    if (auto learnt = learn(); !learnt) return learnt.error();
    const std::string leaf = name(levels);
    if (known_->contains(canonical_folder(leaf, space_.separator))) return Ensured::was_there;
    for (std::size_t depth = 1; depth <= levels.size(); ++depth) {
        // Without a separator there is nothing above.
        if (space_.separator.empty() && depth < levels.size()) continue;
        const std::string folder = name(levels.first(depth));
        const std::string canonical = canonical_folder(folder, space_.separator);
        if (folder == space_.prefix || known_->contains(canonical)) continue;
        const auto created = create(folder);
        // Many servers make what is above by themselves or not at all; only the folder itself must succeed.
        if (!created && (folder == leaf || session_.broken())) return created.error();
        if (created) known_->insert(canonical);
        if (created && folder == leaf) return *created;
    }
    return Ensured::was_there;
}

Result<ImapFolders::Ensured> ImapFolders::create(const std::string& name) {
    const std::array<ImapCommand, 2> commands{ImapCommand("CREATE ").string(name),
                                              ImapCommand("SUBSCRIBE ").string(name)};
    const auto answers = session_.run_all(commands);
    if (!answers) return answers.error();
    const auto& created = answers->front();
    if (created.name != "OK" && created.code != "ALREADYEXISTS") {
        // Servers older than RFC 5530 give no code: ask.
        const auto there = exists(name);
        if (!there) return there.error();
        if (!*there) return refusal(commands[0], created);
    }
    if (answers->back().name != "OK") log_(refusal(commands[1], answers->back()).text());
    return created.name == "OK" ? Ensured::created : Ensured::was_there;
}

Result<bool> ImapFolders::exists(const std::string& name) {
    bool found = false;
    ImapCommand command(R"(LIST "" )");
    command.string(name);
    const auto answer = session_.require(command, [&](ImapResponse& response) -> Result<void> {
        found = found || selectable(response).has_value();
        return {};
    });
    if (!answer) return answer.error();
    return found;
}

void ImapFolders::forget(std::span<const std::string> levels) {
    if (known_) known_->erase(canonical_folder(name(levels), space_.separator));
}

} // namespace nixie
