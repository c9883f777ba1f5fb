#include "worker/notes.hpp"

#include <algorithm>
#include <functional>

#include <fmt/format.h>

#include "log/log.hpp"
#include "notify/compose.hpp"
#include "worker/filing.hpp"
#include "worker/own_mail.hpp"

namespace nixie {
namespace {

/// Where mail comes all the time a note is not put anew with each of it; nor does a folder that refuses it hear of it at once.
constexpr Duration note_pause = std::chrono::minutes(10);
/// Of ids of notes that could not be taken back.
constexpr std::size_t most_note_ids = 16;

std::int64_t count_of(const std::vector<Counter>& counters, const std::string& metric, const std::string& mailbox,
                      const std::string& label) {
    const auto found = std::find_if(counters.begin(), counters.end(), [&](const Counter& counter) {
        return counter.metric == metric && counter.mailbox == mailbox && counter.label == label;
    });
    return found == counters.end() ? 0 : found->value;
}

class Notes {
  public:
    Notes(Mailbox& mailbox, Store& store, const MailboxConfig& config, Time now)
        : mailbox_(mailbox), store_(store), config_(config), now_(now) {}

    Result<void> bring_up_to_date() {
        auto known = store_.notes(config_.name);
        if (!known) return known.error();
        if (!config_.folder_notes) return take_all_back(*known);
        const auto counters = store_.counters();
        if (!counters) return counters.error();
        for (const auto& text : note_texts(*counters, config_.name)) {
            const auto found = std::find_if(known->begin(), known->end(),
                                            [&](const FolderNote& note) { return note.folder == text.folder; });
            const FolderNote before = found == known->end() ? FolderNote{text.folder, {}, false, {}} : *found;
            if (auto put = replace(before, text); !put) return put;
        }
        return {};
    }

  private:
    /// What may lie there is written down first, so that after a crash nothing is left behind.
    Result<void> replace(const FolderNote& before, const NoteText& text) {
        const std::size_t hash = std::hash<std::string>{}(config_.name + '\n' + text.folder + '\n' + text.subject);
        const MailHead head = own_mail(config_, text.subject, fmt::format("note.{}.{:016x}", text.folder, hash), now_);
        if (before.put && before.ids == std::vector{head.message_id}) return {};
        if (now_ - before.at < note_pause) return {};
        FolderNote note = before;
        note.put = false;
        note.at = now_;
        std::erase(note.ids, head.message_id);
        if (note.ids.size() >= most_note_ids) note.ids.erase(note.ids.begin());
        const std::vector<std::string> old = note.ids;
        note.ids.push_back(head.message_id);
        if (auto kept = store_.keep_note(config_.name, note); !kept) return kept;
        const FolderPath folder = config_.folders.path(text.folder);
        for (const auto& id : old)
            if (auto taken = mailbox_.take_back(folder, id); !taken) return taken;
        if (auto put = mailbox_.put(folder, {head.message_id, compose_note(head, text.advice), now_}); !put) return put;
        note.ids = {head.message_id};
        note.put = true;
        return store_.keep_note(config_.name, note);
    }

    Result<void> take_all_back(const std::vector<FolderNote>& notes) {
        for (const auto& note : notes) {
            for (const auto& id : note.ids)
                if (auto taken = mailbox_.take_back(config_.folders.path(note.folder), id); !taken) return taken;
            if (auto dropped = store_.drop_note(config_.name, note.folder); !dropped) return dropped;
        }
        return {};
    }

    Mailbox& mailbox_;
    Store& store_;
    const MailboxConfig& config_;
    Time now_;
};

} // namespace

std::vector<NoteText> note_texts(const std::vector<Counter>& counters, const std::string& mailbox) {
    std::vector<NoteText> out;
    for (const auto& category : categories) {
        std::int64_t total = 0;
        std::vector<std::string> parts;
        for (const auto& type : bounce_types) {
            const auto count = count_of(counters, "bounces", mailbox, fmt::format("{}/{}", type.name, category.name));
            total += count;
            if (count > 0) parts.push_back(fmt::format("{} {}", count, type.name));
        }
        if (total > 0)
            out.push_back({std::string(category.name),
                           fmt::format("{} bounce{}: {} ({})", total, total == 1 ? "" : "s", category.meaning,
                                       fmt::join(parts, ", ")),
                           std::string(category.action)});
    }
    for (const auto& kind : kinds) {
        if (kind.kind == Kind::bounce) continue;
        const auto count = count_of(counters, "messages", mailbox, std::string(kind.name));
        if (count > 0)
            out.push_back({kind.kind == Kind::other ? ordinary_folder : std::string(kind.name),
                           fmt::format("{} message{}: {}", count, count == 1 ? "" : "s", kind.meaning),
                           "Counted since nixie began to read this mailbox."});
    }
    return out;
}

void put_notes(Mailbox& mailbox, Store& store, const MailboxConfig& mailbox_config, const Clock& clock) {
    const auto done = Notes(mailbox, store, mailbox_config, clock.now()).bring_up_to_date();
    if (!done) log(LogLevel::warning, done.error(), {{"mailbox", mailbox_config.name}, {"what", "folder notes"}});
}

} // namespace nixie
