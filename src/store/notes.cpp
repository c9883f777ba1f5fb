#include "store/notes.hpp"

#include <iterator>
#include <sstream>

#include <fmt/format.h>

#include "store/store_impl.hpp"

namespace nixie {
namespace {

std::vector<std::string> ids_in(const std::string& text) {
    std::istringstream words(text);
    return {std::istream_iterator<std::string>(words), {}};
}

} // namespace

Result<std::vector<FolderNote>> Store::notes(const std::string& mailbox) {
    return impl_->read([&](SQLite::Database& db) {
        SQLite::Statement select(db, "SELECT folder, ids, put, at FROM notes WHERE mailbox = ?");
        bind_all(select, mailbox);
        std::vector<FolderNote> out;
        while (select.executeStep())
            out.push_back({select.getColumn(0).getString(), ids_in(select.getColumn(1).getString()),
                           select.getColumn(2).getInt() != 0, from_unix(select.getColumn(3).getInt64())});
        return out;
    });
}

Result<void> Store::keep_note(const std::string& mailbox, const FolderNote& note) {
    return impl_->write([&](SQLite::Database& db) {
        SQLite::Statement upsert(db,
                                 "INSERT OR REPLACE INTO notes (mailbox, folder, ids, put, at) VALUES (?, ?, ?, ?, ?)");
        run(upsert, mailbox, note.folder, fmt::format("{}", fmt::join(note.ids, " ")),
            static_cast<std::int64_t>(note.put), to_unix(note.at));
    });
}

Result<void> Store::drop_note(const std::string& mailbox, const std::string& folder) {
    return impl_->write([&](SQLite::Database& db) {
        SQLite::Statement remove(db, "DELETE FROM notes WHERE mailbox = ? AND folder = ?");
        run(remove, mailbox, folder);
    });
}

} // namespace nixie
