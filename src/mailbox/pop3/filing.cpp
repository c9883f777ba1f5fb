// How POP3 messages get into the local tree and off the server.
#include <algorithm>
#include <cassert>

#include <fmt/format.h>

#include "base/text.hpp"
#include "mailbox/pop3/incoming.hpp"
#include "mailbox/pop3/mailbox.hpp"
#include "mailbox/pop3/message.hpp"

namespace nixie {
namespace {

/// Messages stored, synced and then marked deleted together.
constexpr std::size_t chunk = 64;

} // namespace

/// Other mailboxes may be stored into the same tree.
std::string Pop3Mailbox::kept_path() const {
    return fmt::format("{}/nixie-kept.{:016x}", tree_.path(),
                       content_hash(endpoint_.user, content_hash(endpoint_.url)));
}

Result<void> Pop3Mailbox::leave_out_kept() {
    auto kept = Pop3Kept::open(kept_path());
    if (!kept) return kept.error();
    kept_ = std::move(kept).value();
    std::vector<Pop3Kept::Message> all;
    for (const auto& [uid, message] : *listed_) all.emplace_back(uid, message.size);
    if (access_ == Access::change)
        if (auto forgotten = kept_->forget_others(all); !forgotten) return forgotten;
    for (const auto& [uid, size] : all)
        if (kept_->has(uid, size)) listed_->erase(uid);
    return {};
}

std::vector<Pop3Mailbox::Numbered> Pop3Mailbox::number(std::span<const std::string> uids) const {
    const auto account = content_hash(endpoint_.user, content_hash(endpoint_.url));
    std::vector<Numbered> out;
    for (const auto& uid : uids) {
        const auto found = listed_->find(uid);
        if (found == listed_->end()) continue;
        for (std::size_t i = 0; i < found->second.numbers.size(); ++i)
            out.push_back({uid, found->second.numbers[i], found->second.size,
                           fmt::format("nixie.{:016x}.{}", content_hash(uid, account), i)});
    }
    return out;
}

Result<void> Pop3Mailbox::create_tree() {
    if (tree_.open_inbox()) return {};
    return tree_.create_inbox();
}

Result<void> Pop3Mailbox::put(const FolderPath& folder, const NewMessage& message) {
    assert(access_ == Access::change);
    if (auto created = create_tree(); !created) return created;
    if (auto stored = put_into_tree(tree_, folder, message); !stored) return stored;
    return enter({}, *access_);
}

Result<void> Pop3Mailbox::take_back(const FolderPath& folder, const std::string& id) {
    assert(access_ == Access::change);
    if (auto taken = take_from_tree(tree_, folder, id); !taken) return taken;
    return enter({}, *access_);
}

Result<Filed> Pop3Mailbox::file(const Filing& filing) {
    assert(access_ == Access::change);
    if (folder_) return folder_->file(filing);
    if (auto read = read_listing(); !read) return read.error();
    if (auto created = create_tree(); !created) return created.error();
    auto writer = MaildirWriter::open(tree_, filing.folder);
    if (!writer) return writer.error();
    std::vector<Numbered> messages = number(filing.uids);
    const auto too_long = std::stable_partition(
        messages.begin(), messages.end(), [](const Numbered& message) { return message.size <= max_stored_message; });
    const auto storable =
        std::span<const Numbered>(messages).first(static_cast<std::size_t>(too_long - messages.begin()));
    Filed filed;
    for (std::size_t at = 0; at < storable.size(); at += chunk) {
        const auto part = storable.subspan(at, std::min(chunk, storable.size() - at));
        if (auto done = store_and_remove(part, *writer, filed); !done) return give_up(done.error());
        for (const auto& message : part) listed_->erase(message.uid);
    }
    if (too_long == messages.end()) return filed;
    return Error{
        ErrorCode::refused,
        fmt::format("message {} has {} bytes, more than nixie stores", printable(too_long->uid), too_long->size),
        endpoint_.url, "delete it on the server by hand"};
}

Result<void> Pop3Mailbox::store_and_remove(std::span<const Numbered> messages, MaildirWriter& writer, Filed& filed) {
    // One for each, since the next body may begin before the last reply is worked on.
    std::vector<std::optional<Pop3Incoming>> incoming(messages.size());
    const auto arrive = [&](std::size_t index) -> Result<void> {
        auto draft = writer.begin(messages[index].draft_name);
        if (!draft) return draft.error();
        incoming[index].emplace(std::move(draft).value(), messages[index].uid);
        return {};
    };
    std::vector<Pop3Command> retrieve, remove;
    for (std::size_t index = 0; index < messages.size(); ++index) {
        const auto sink = [&, index](std::string_view bytes) {
            if (!incoming[index])
                if (auto begun = arrive(index); !begun) return begun;
            return incoming[index]->append(bytes);
        };
        retrieve.push_back({numbered("RETR", messages[index].number), Pop3Command::Answer::body, 0, sink});
    }
    std::vector<Pop3Kept::Message> stored;
    const auto asked = session_->ask_all(retrieve, [&](std::size_t index, Pop3Reply&& reply) -> Result<void> {
        if (!reply.ok) return {}; // vanished; if it has not after all, it is listed again next time
        if (!incoming[index])
            if (auto begun = arrive(index); !begun) return begun; // an empty message
        auto name = std::move(*incoming[index]).store(writer);
        incoming[index].reset();
        if (!name) return name.error();
        filed.uids[messages[index].uid] = std::move(name).value();
        remove.push_back({numbered("DELE", messages[index].number)});
        stored.emplace_back(messages[index].uid, messages[index].size);
        return {};
    });
    if (!asked) return asked;
    if (auto synced = writer.sync(); !synced) return synced;
    if (afterwards_ == Afterwards::keep) return kept_->add(stored);
    return session_->ask_all(remove, [](std::size_t /*index*/, Pop3Reply&& /*reply*/) { return Result<void>(); });
}

} // namespace nixie
