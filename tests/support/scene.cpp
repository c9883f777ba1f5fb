#include "support/scene.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

#include <set>

namespace nixie {

std::vector<std::string> Scene::command(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), NIXIE_BINARY);
    arguments.insert(arguments.end(), {"--config", config});
    return arguments;
}

Finished Scene::nixie(const std::vector<std::string>& arguments,
                      const std::map<std::string, std::string>& environment) const {
    return run_process(command(arguments), environment);
}

std::string Scene::rows(const std::string& sql) const {
    SQLite::Database db(journal, SQLite::OPEN_READONLY);
    SQLite::Statement query(db, sql);
    std::multiset<std::string> sorted;
    while (query.executeStep()) {
        std::string row;
        for (int i = 0; i < query.getColumnCount(); ++i) row += (i == 0 ? "" : " ") + query.getColumn(i).getString();
        sorted.insert(row);
    }
    std::string out;
    for (const auto& row : sorted) out += row + "\n";
    return out;
}

Scene make_scene(const TemporaryDirectory& dir, const std::string& name, const std::filesystem::path& maildir,
                 const std::string& mailbox) {
    const std::string journal = dir.file(name + ".db");
    const std::string text = "state = \"" + journal + "\"\n[[mailbox]]\nname = \"bounces\"\n" + mailbox;
    return {maildir, journal, dir.write(name + ".toml", text)};
}

Scene maildir_scene(const TemporaryDirectory& dir, const std::string& name, const std::string& more) {
    const auto maildir = dir.path() / name;
    return make_scene(dir, name, maildir, "url = \"maildir:" + maildir.string() + "\"\n" + more);
}

Scene imap_scene(const TemporaryDirectory& dir, const Dovecot& dovecot, const std::string& name,
                 const std::string& more) {
    return make_scene(dir, name, dovecot.maildir(name), server_keys(dovecot.endpoint("imap", name).url, name) + more);
}

std::string server_keys(const std::string& url, const std::string& user) {
    return "url = \"" + url + "\"\nuser = \"" + user + "\"\npassword_command = \"echo pw\"\n";
}

} // namespace nixie
