#include "mailbox/imap/folders.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "mailbox/imap/refusal.hpp"

namespace nixie {
namespace {

constexpr std::string_view inbox_level = "INBOX";

bool has_attribute(const ImapResponse& list, std::string_view name) {
    const auto& attributes = list.values[0].items;
    return std::any_of(attributes.begin(), attributes.end(),
                       [&](const ImapValue& attribute) { return equals_ignoring_case(attribute.text, name); });
}

/// The name in a LIST response, if the folder can hold messages.
std::optional<std::string> selectable(const ImapResponse& response) {
    if (response.name != "LIST" || response.values.size() < 3) return std::nullopt;
    if (has_attribute(response, "\\Noselect") || has_attribute(response, "\\NonExistent")) return std::nullopt;
    return response.values[2].text;
}

std::string separator_of(const ImapValue& value) { return value.kind == ImapValue::Kind::nil ? "" : value.text; }

ImapCommand create_command(const std::string& name) { return ImapCommand("CREATE ").string(name); }
ImapCommand subscribe_command(const std::string& name) { return ImapCommand("SUBSCRIBE ").string(name); }

} // namespace

ImapCommand ImapFolders::ask_namespace() const {
    return ImapCommand(session_.offers("NAMESPACE") || session_.offers("IMAP4REV2") ? "NAMESPACE" : R"(LIST "" "")");
}

void ImapFolders::read_namespace(const ImapResponse& response) {
    if (response.name == "ENABLED") {
        for (const auto& value : response.values)
            if (starts_with_ignoring_case(value.text, "UTF8=") || equals_ignoring_case(value.text, "IMAP4rev2"))
                space_.encoding = NameEncoding::utf8;
    } else if (response.name == "NAMESPACE" && !response.values.empty()) {
        // Personal namespaces come first; the first of them is where new folders belong.
        const auto& personal = response.values.front().items;
        if (personal.empty() || personal.front().items.size() < 2) return;
        space_.prefix = personal.front().items[0].text;
        space_.separator = separator_of(personal.front().items[1]);
        told_namespace_ = true;
    } else if (response.name == "LIST" && response.values.size() >= 3) {
        space_.prefix.clear();
        space_.separator = separator_of(response.values[1]);
    }
}

std::string ImapFolders::name(Levels levels) const {
    ImapNamespace space = space_;
    if (elsewhere_) {
        const bool below_inbox = !levels.empty() && equals_ignoring_case(levels[0], inbox_level);
        if (below_inbox) levels = levels.subspan(1);
        space.prefix = space.prefix.empty() && !below_inbox ? std::string(inbox_level) + space.separator : "";
    }
    std::string out = join_folder(levels, space);
    for (const auto& [ours, theirs] : spellings_) {
        if (out == ours)
            out = theirs;
        else if (!space_.separator.empty() && out.starts_with(ours + space_.separator))
            out.replace(0, ours.size(), theirs);
    }
    return out;
}

ImapCommand ImapFolders::ask_names() const {
    ImapCommand command(R"(LIST "" )");
    command.string(elsewhere_ ? "*" : space_.prefix + "*");
    return command;
}

void ImapFolders::read_name(const ImapResponse& response, std::vector<std::string>& names) {
    auto name = selectable(response);
    if (!name) return;
    if (has_attribute(response, "\\Noinferiors")) childless_.insert(canonical_folder(*name, space_.separator));
    names.push_back(std::move(*name));
}

Result<std::vector<std::string>> ImapFolders::list() {
    std::vector<std::string> names;
    const auto answer = session_.require(ask_names(), [&](ImapResponse& response) -> Result<void> {
        read_name(response, names);
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
    learn(*names);
    return {};
}

void ImapFolders::learn(const std::vector<std::string>& names) {
    known_.emplace();
    for (const auto& name : names) known_->insert(canonical_folder(name, space_.separator));
}

bool ImapFolders::knows(const std::string& name) const {
    return known_ && known_->contains(canonical_folder(name, space_.separator));
}

/// Whether anything of ours is there already: then there is the place.
bool ImapFolders::has_root(Levels levels) const {
    for (std::size_t depth = levels.size(); depth > 0; --depth) {
        const std::string folder = name(levels.first(depth));
        if (!equals_ignoring_case(folder, inbox_level) && knows(folder)) return true;
    }
    return false;
}

/// The same, also where an earlier session had to make them.
bool ImapFolders::find_place(Levels levels) {
    if (elsewhere_ || has_root(levels)) return true;
    if (space_.separator.empty()) return false;
    elsewhere_ = true;
    elsewhere_ = has_root(levels);
    return elsewhere_;
}

bool ImapFolders::is_plain(Levels levels) {
    if (!known_) return false;
    if (find_place(levels)) return true;
    const auto is_known_in_other_letters = [&](std::size_t depth) {
        const std::string folder = name(levels.first(depth));
        return std::any_of(known_->begin(), known_->end(),
                           [&](const auto& known) { return equals_ignoring_case(known, folder); });
    };
    for (std::size_t depth = 1; depth <= levels.size(); ++depth)
        if (is_known_in_other_letters(depth)) return false;
    return told_namespace_;
}

Result<ImapFolders::Ensured> ImapFolders::ensure(Levels levels) {
    if (auto learnt = learn(); !learnt) return learnt.error();
    const bool placed = find_place(levels);
    auto made = make(levels);
    if (made || session_.broken() || placed || space_.separator.empty()) return made;
    const Error& refused = made.error();
    if ((refused.code != ErrorCode::refused && refused.code != ErrorCode::forbidden) || refused.wait) return made;
    // No NAMESPACE told that folders must be below the inbox; or they should, and the inbox can hold none.
    elsewhere_ = true;
    known_.reset();
    auto again = learn();
    auto there = again ? make(levels) : Result<Ensured>(again.error());
    if (there) {
        log_("the server refuses the folder where its namespace says, so it is called " + name(levels));
        return there;
    }
    elsewhere_ = false;
    known_.reset();
    return session_.broken() ? there : made;
}

std::vector<std::string> ImapFolders::missing(Levels levels) const {
    std::vector<std::string> out;
    if (knows(name(levels))) return out;
    // Without a separator there is nothing above.
    for (std::size_t depth = space_.separator.empty() ? levels.size() : 1; depth <= levels.size(); ++depth) {
        std::string folder = name(levels.first(depth));
        if (!folder.empty() && folder != space_.prefix && !equals_ignoring_case(folder, inbox_level) && !knows(folder))
            out.push_back(std::move(folder));
    }
    return out;
}

void ImapFolders::remember(Levels levels) {
    for (std::size_t depth = 1; known_ && depth <= levels.size(); ++depth)
        known_->insert(canonical_folder(name(levels.first(depth)), space_.separator));
}

/// Makes what is missing, from the top down, in one flight.
Result<ImapFolders::Ensured> ImapFolders::make(Levels levels) {
    std::string leaf = name(levels);
    if (knows(leaf)) return Ensured::was_there;
    const std::vector<std::string> to_make = missing(levels);
    std::vector<ImapCommand> commands;
    for (const auto& folder : to_make) {
        commands.push_back(create_command(folder));
        commands.push_back(subscribe_command(folder));
    }
    const auto answers = session_.run_all(commands);
    if (!answers) return answers.error();
    for (std::size_t i = 0; i < to_make.size(); ++i) {
        const auto created = create(to_make[i], answers.value()[2 * i], answers.value()[2 * i + 1]);
        if (session_.broken()) return created.error();
        if (created) known_->insert(canonical_folder(to_make[i], space_.separator));
        if (name(levels) != leaf) return make(levels); // what is above is there in another spelling
        if (to_make[i] != leaf) continue;              // many servers make what is above by themselves or not at all
        return created ? created : Result<Ensured>(childless(created.error(), levels));
    }
    return Ensured::was_there;
}

Result<ImapFolders::Ensured> ImapFolders::create(const std::string& name, const ImapResponse& created,
                                                 const ImapResponse& subscribed) {
    if (created.name != "OK" && !(created.code == "ALREADYEXISTS" && (knows(name) || adopt_known_spelling(name)))) {
        // Servers older than RFC 5530 give no code, and some know the folder in other letters: ask.
        const auto there = find(name);
        if (!there) return there.error();
        if (*there)
            adopt(name, **there);
        else if (created.code != "ALREADYEXISTS" && !adopt_known_spelling(name))
            return refusal(create_command(name), created);
    }
    if (subscribed.name != "OK" && spellings_.empty()) log_(refusal(subscribe_command(name), subscribed).text());
    return created.name == "OK" ? Ensured::created : Ensured::was_there;
}

/// For a server that knows "bounces" and takes "Bounces" for the same in some commands only, as Gmail does.
bool ImapFolders::adopt_known_spelling(const std::string& name) {
    const auto other = std::find_if(known_->begin(), known_->end(),
                                    [&](const auto& known) { return equals_ignoring_case(known, name); });
    if (other == known_->end()) return false;
    adopt(name, *other);
    return true;
}

void ImapFolders::adopt(const std::string& name, const std::string& spelling) {
    known_->insert(canonical_folder(spelling, space_.separator));
    if (canonical_folder(name, space_.separator) != canonical_folder(spelling, space_.separator))
        spellings_.emplace_back(name, spelling);
}

Error ImapFolders::childless(Error error, Levels levels) const {
    for (std::size_t depth = 1; depth < levels.size(); ++depth) {
        const std::string above = name(levels.first(depth));
        if (!childless_.contains(canonical_folder(above, space_.separator))) continue;
        error.remedy = "the server lets " + above + " hold messages only: name another `root` in [folders]";
    }
    return error;
}

Result<std::optional<std::string>> ImapFolders::find(const std::string& name) {
    std::optional<std::string> found;
    ImapCommand command(R"(LIST "" )");
    command.string(name);
    const auto answer = session_.require(command, [&](ImapResponse& response) -> Result<void> {
        const auto listed = selectable(response);
        if (listed && found != name && equals_ignoring_case(*listed, name)) found = listed;
        return {};
    });
    if (!answer) return answer.error();
    return found;
}

void ImapFolders::forget(Levels levels) {
    if (known_) known_->erase(canonical_folder(name(levels), space_.separator));
}

} // namespace nixie
