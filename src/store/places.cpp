// Where messages lie: written when they are filed, compared with the folders later.
#include <set>

#include "store/store_impl.hpp"

namespace nixie {
namespace {

/// The row of that folder. Another validity makes all that was known of it void.
std::int64_t folder_row(SQLite::Database& db, const std::string& mailbox, const std::string& folder,
                        const std::string& validity) {
    SQLite::Statement select(db, "SELECT id, validity FROM folders WHERE mailbox = ? AND folder = ?");
    if (!find_row(select, mailbox, folder)) {
        SQLite::Statement insert(db, "INSERT INTO folders (mailbox, folder, validity) VALUES (?, ?, ?)");
        run(insert, mailbox, folder, validity);
        return db.getLastInsertRowid();
    }
    const std::int64_t id = select.getColumn(0).getInt64();
    if (select.getColumn(1).getString() == validity) return id;
    SQLite::Statement forget(db, "DELETE FROM places WHERE folder = ?");
    run(forget, id);
    SQLite::Statement renew(db, "UPDATE folders SET validity = ?, next = '', mark = '', messages = 0 WHERE id = ?");
    run(renew, validity, id);
    return id;
}

/// Puts messages at places. A place holds one message only, and what is put there is somewhere.
class Places {
  public:
    Places(SQLite::Database& db, std::int64_t folder)
        : folder_(folder),
          put_(db, R"sql(
              INSERT INTO places (folder, uid, message) VALUES (?, ?, nullif(?, 0))
              ON CONFLICT (folder, uid) DO UPDATE SET message = excluded.message, leaving = 0)sql"),
          here_(db, "UPDATE message_rows SET gone_at = NULL WHERE id = ? AND gone_at IS NOT NULL") {}

    /// 0: a message that the journal does not know.
    void put(const std::string& uid, std::int64_t message) {
        run(put_, folder_, Uid{uid}, message);
        if (message != 0) run(here_, message);
    }

  private:
    std::int64_t folder_;
    SQLite::Statement put_, here_;
};

} // namespace

void note_places(SQLite::Database& db, const std::string& mailbox, const std::string& validity,
                 const NewPlaces& places) {
    if (places.uids.empty()) return;
    Places there(db, folder_row(db, mailbox, places.folder, places.validity));
    SQLite::Statement select(
        db, std::string("SELECT coalesce(duplicate_of, id) FROM message_rows WHERE id = ") + row_of_key);
    for (const auto& [from, to] : places.uids)
        if (find_row(select, mailbox, validity, Uid{from})) there.put(to, select.getColumn(0).getInt64());
}

Result<std::vector<SearchedFolder>> Store::searched_folders(std::string_view mailbox) {
    return impl_->read([&](SQLite::Database& db) {
        SQLite::Statement select(db, "SELECT folder, validity, next, mark, messages FROM folders WHERE mailbox = ?");
        bind_all(select, std::string(mailbox));
        std::vector<SearchedFolder> out;
        while (select.executeStep())
            out.push_back({select.getColumn(0).getString(), select.getColumn(1).getString(),
                           select.getColumn(2).getString(), select.getColumn(3).getString(),
                           static_cast<std::size_t>(select.getColumn(4).getInt64())});
        return out;
    });
}

Result<void> Store::searched(std::string_view mailbox, const SearchedFolder& folder) {
    return impl_->write([&](SQLite::Database& db) {
        const auto id = folder_row(db, std::string(mailbox), folder.folder, folder.validity);
        SQLite::Statement update(db, "UPDATE folders SET next = ?, mark = ?, messages = ? WHERE id = ?");
        run(update, folder.next, folder.mark, static_cast<std::int64_t>(folder.messages), id);
    });
}

Result<std::vector<std::string>> Store::unknown_in(std::string_view mailbox, std::string_view folder,
                                                   std::string_view validity, std::span<const std::string> uids) {
    return impl_->read([&](SQLite::Database& db) {
        SQLite::Statement select(db, R"sql(
            SELECT 1 FROM places JOIN folders ON folders.id = places.folder
            WHERE folders.mailbox = ? AND folders.folder = ? AND folders.validity = ? AND places.uid = ?)sql");
        const std::string mailbox_text(mailbox), folder_text(folder), validity_text(validity);
        std::vector<std::string> out;
        for (const auto& uid : uids)
            if (!find_row(select, mailbox_text, folder_text, validity_text, Uid{uid})) out.push_back(uid);
        return out;
    });
}

Result<std::uint64_t> Store::known_from(std::string_view mailbox, std::string_view folder, std::string_view validity,
                                        std::uint64_t first) {
    return impl_->read([&](SQLite::Database& db) {
        SQLite::Statement select(db, R"sql(
            SELECT count(*) FROM places JOIN folders ON folders.id = places.folder
            WHERE folders.mailbox = ? AND folders.folder = ? AND folders.validity = ? AND places.uid >= ? AND typeof(places.uid) = 'integer')sql");
        const bool counted = find_row(select, std::string(mailbox), std::string(folder), std::string(validity),
                                      static_cast<std::int64_t>(first));
        return counted ? static_cast<std::uint64_t>(select.getColumn(0).getInt64()) : std::uint64_t{0};
    });
}

Result<std::vector<std::int64_t>> Store::found(std::string_view mailbox, std::string_view folder,
                                               std::string_view validity, std::span<const FoundMessage> messages) {
    return impl_->write([&](SQLite::Database& db) {
        const std::string mailbox_text(mailbox);
        Places there(db, folder_row(db, mailbox_text, std::string(folder), std::string(validity)));
        SQLite::Statement select(db, select_by_content);
        std::vector<std::int64_t> out;
        for (const auto& message : messages) {
            out.push_back(find_row(select, mailbox_text, Digest{message.sha256}) ? select.getColumn(0).getInt64() : 0);
            there.put(message.uid, out.back());
        }
        return out;
    });
}

Result<std::vector<std::int64_t>> Store::lost(std::string_view mailbox, std::string_view folder,
                                              std::span<const std::string> present) {
    return impl_->write([&](SQLite::Database& db) {
        const std::set<std::string_view> still_there(present.begin(), present.end());
        SQLite::Statement select(db, R"sql(
            SELECT places.folder, places.uid, places.message FROM places JOIN folders ON folders.id = places.folder
            WHERE folders.mailbox = ? AND folders.folder = ?)sql");
        SQLite::Statement remove(db, "DELETE FROM places WHERE folder = ? AND uid = ?");
        bind_all(select, std::string(mailbox), std::string(folder));
        struct Row {
            std::int64_t folder = 0;
            std::string uid;
            std::int64_t message = 0;
        };
        std::vector<Row> vacant; // not removed while the rows are still being read
        while (select.executeStep()) {
            Row row{select.getColumn(0).getInt64(), select.getColumn(1).getString(), select.getColumn(2).getInt64()};
            if (!still_there.contains(row.uid)) vacant.push_back(std::move(row));
        }
        std::vector<std::int64_t> out;
        for (const auto& row : vacant) {
            run(remove, row.folder, Uid{row.uid});
            if (row.message != 0) out.push_back(row.message);
        }
        return out;
    });
}

Result<std::vector<Whereabouts>> Store::whereabouts(std::span<const std::int64_t> messages) {
    return impl_->read([&](SQLite::Database& db) {
        SQLite::Statement select(db, R"sql(
            SELECT mailbox, folder, failure <> '' AND quarantined_at IS NOT NULL, arrived,
                   EXISTS (SELECT 1 FROM corrections WHERE message = messages.id AND withdrawn_at IS NULL)
            FROM messages WHERE id = ?)sql");
        SQLite::Statement places(db, R"sql(
            SELECT folders.folder, places.uid, places.leaving FROM places JOIN folders ON folders.id = places.folder
            WHERE places.message = ? ORDER BY places.folder, places.uid)sql");
        std::vector<Whereabouts> out;
        for (const std::int64_t message : messages) {
            if (!find_row(select, message)) continue;
            Whereabouts about;
            about.message = message;
            about.mailbox = select.getColumn(0).getString();
            about.folder = select.getColumn(1).getString();
            about.failed = select.getColumn(2).getInt() != 0;
            about.arrived = from_unix(select.getColumn(3).getInt64());
            about.corrected = select.getColumn(4).getInt() != 0;
            for (bool more = find_row(places, message); more; more = places.executeStep())
                about.places.push_back({places.getColumn(0).getString(), places.getColumn(1).getString(),
                                        places.getColumn(2).getInt() != 0});
            out.push_back(std::move(about));
        }
        return out;
    });
}

Result<std::vector<std::int64_t>> Store::messages_in(std::string_view mailbox, std::string_view folder,
                                                     std::span<const std::string> uids) {
    return impl_->read([&](SQLite::Database& db) {
        SQLite::Statement select(db, R"sql(
            SELECT places.message FROM places JOIN folders ON folders.id = places.folder
            WHERE folders.mailbox = ? AND folders.folder = ? AND places.uid = ?)sql");
        const std::string mailbox_text(mailbox), folder_text(folder);
        std::vector<std::int64_t> out;
        for (const auto& uid : uids)
            out.push_back(find_row(select, mailbox_text, folder_text, Uid{uid}) ? select.getColumn(0).getInt64() : 0);
        return out;
    });
}

Result<void> Store::refiled(std::string_view mailbox, std::string_view from, const NewPlaces& to) {
    return impl_->write([&](SQLite::Database& db) {
        const std::string mailbox_text(mailbox), from_text(from);
        SQLite::Statement select(db, R"sql(
            SELECT places.folder, places.message FROM places JOIN folders ON folders.id = places.folder
            WHERE folders.mailbox = ? AND folders.folder = ? AND places.uid = ?)sql");
        SQLite::Statement remove(db, "DELETE FROM places WHERE folder = ? AND uid = ?");
        std::optional<Places> there;
        for (const auto& [old_uid, new_uid] : to.uids) {
            if (!find_row(select, mailbox_text, from_text, Uid{old_uid})) continue;
            const auto message = select.getColumn(1).getInt64();
            run(remove, select.getColumn(0).getInt64(), Uid{old_uid});
            if (new_uid.empty()) continue; // moved, but the server does not say under which name
            if (!there) there.emplace(db, folder_row(db, mailbox_text, to.folder, to.validity));
            there->put(new_uid, message);
        }
    });
}

Result<void> Store::gone(std::span<const std::int64_t> messages, Time now) {
    return impl_->write([&](SQLite::Database& db) {
        SQLite::Statement update(db, "UPDATE message_rows SET gone_at = ? WHERE id = ?");
        for (const std::int64_t message : messages) run(update, to_unix(now), message);
    });
}

} // namespace nixie
