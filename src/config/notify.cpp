#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "config/sections.hpp"
#include "config/url.hpp"

namespace nixie {
namespace {

constexpr std::array<std::string_view, 10> event_types{"bounce",    "due",       "suppressed", "recovered", "exhausted",
                                                       "complaint", "corrected", "alert",      "pause",     "digest"};
constexpr std::array<std::pair<std::string_view, NotifyConfig::Way>, 4> notify_ways{
    {{"command", NotifyConfig::Way::command},
     {"url", NotifyConfig::Way::url},
     {"file", NotifyConfig::Way::file},
     {"mail", NotifyConfig::Way::mail}}};
constexpr std::array<std::pair<std::string_view, NotifyConfig::Format>, 4> notify_formats{
    {{"standard", NotifyConfig::Format::standard},
     {"listmonk", NotifyConfig::Format::listmonk},
     {"mautic", NotifyConfig::Format::mautic},
     {"sympa", NotifyConfig::Format::sympa}}};

NotifyConfig::Format read_format(TableReader& in) {
    const std::string name = in.text("format", "standard");
    const auto* const found = std::find_if(notify_formats.begin(), notify_formats.end(),
                                           [&](const auto& format) { return format.first == name; });
    if (found != notify_formats.end()) return found->second;
    in.complain("format", "`format` names no shape", "use standard, listmonk, mautic or sympa");
    return NotifyConfig::Format::standard;
}

void read_webhook(TableReader& in, NotifyConfig& notify) {
    check_place(in, "url", notify.target, "https://", "http://");
    if (notify.target.starts_with("http://") && !is_loopback(host_in(notify.target)))
        in.complain("url", "the events would cross the network readable to all", "use https://");
    notify.format = read_format(in);
    notify.user = in.text("user");
    notify.password = read_secret_source(in, "password");
    notify.ca_file = in.text("ca_file");
    if (notify.format == NotifyConfig::Format::standard) notify.secret = read_secret_source(in, "secret");
    if (notify.format == NotifyConfig::Format::mautic && notify.target.ends_with('/')) notify.target.pop_back();
    if (notify.format != NotifyConfig::Format::sympa) return;
    notify.list = in.text("list");
    notify.owner = in.text("owner");
    if (notify.list.empty() || !is_mail_address(notify.owner) || notify.user.empty())
        in.complain(
            "format", "Sympa needs to know the list and who acts",
            "set `list`, `owner` (an owner's address), and `user` and `password_file` of a trusted application");
}

void read_mail(TableReader& in, NotifyConfig& notify) {
    notify.smtp = read_smtp(in);
    notify.from = in.text("from");
    if (!is_mail_address(notify.target)) in.complain("mail", "`mail` is no address", "write it as ops@example.org");
    if (!is_mail_address(notify.from)) in.complain("from", "`from` is no address", "name the sender of these mails");
}

NotifyConfig read_way(const toml::table& table, const std::string& name, const Config& config, const std::string& file,
                      std::vector<Error>& errors) {
    TableReader in(table, file, name, errors);
    NotifyConfig notify;
    int ways = 0;
    for (const auto& [key, way] : notify_ways)
        if (in.has(key)) {
            notify.way = way;
            notify.target = in.text(key);
            ++ways;
        }
    notify.name = in.text("name");
    if (notify.name.empty()) in.complain("name", "`name` is missing", "give this way a short name that stays");
    if (ways != 1 || notify.target.empty())
        in.complain("name", fmt::format("{} must say one way to tell events", name),
                    "set one of `command`, `url`, `file` and `mail`");
    notify.events = in.texts("events");
    for (const auto& event : notify.events)
        if (std::find(event_types.begin(), event_types.end(), event) == event_types.end())
            in.complain("events", fmt::format("there are no events `{}`", event),
                        fmt::format("known: {}", fmt::join(event_types, ", ")));
    notify.mailboxes = in.texts("mailboxes");
    for (const auto& mailbox : notify.mailboxes)
        if (std::none_of(config.mailboxes.begin(), config.mailboxes.end(),
                         [&](const auto& known) { return known.name == mailbox; }))
            in.complain("mailboxes", fmt::format("no mailbox is called `{}`", mailbox),
                        "use the `name` of a [[mailbox]]");
    if (notify.way == NotifyConfig::Way::url) read_webhook(in, notify);
    if (notify.way == NotifyConfig::Way::mail) read_mail(in, notify);
    if (notify.way == NotifyConfig::Way::file && !notify.target.starts_with('/'))
        in.complain("file", "`file` is no absolute path", "write it as /var/lib/nixie/events.jsonl");
    notify.timeout = in.duration("timeout", notify.timeout);
    notify.attempts = static_cast<int>(in.integer("attempts", notify.attempts, 1, 1000));
    notify.give_up = in.duration("give_up", notify.give_up);
    in.refuse_other_keys();
    return notify;
}

} // namespace

bool NotifyConfig::wants(const std::string& event, const std::string& mailbox) const {
    const auto holds = [](const auto& wanted, const std::string& text) {
        return wanted.empty() || std::find(wanted.begin(), wanted.end(), text) != wanted.end();
    };
    if (event == try_event && events.empty()) return false;
    // A whole report is for who asks for it.
    if (event == "digest" && events.empty()) return false;
    return holds(events, event) && (mailbox.empty() || holds(mailboxes, mailbox));
}

const NotifyConfig* Config::tries() const {
    const auto found = std::find_if(notify.begin(), notify.end(),
                                    [](const auto& way) { return way.wants(std::string(try_event), ""); });
    return found == notify.end() ? nullptr : &*found;
}

void read_notify(TableReader& in, const std::string& file, std::vector<Error>& errors, Config& config) {
    if (in.is_table("notify")) { // the older form; an empty command is none
        const auto* const table = in.table("notify");
        TableReader only(*table, file, "[notify]", errors);
        NotifyConfig notify;
        notify.name = "command";
        notify.target = only.text("command");
        only.refuse_other_keys();
        if (!notify.target.empty()) config.notify.push_back(std::move(notify));
        return;
    }
    for (const auto* table : in.tables("notify"))
        config.notify.push_back(read_way(*table, "[[notify]]", config, file, errors));
    for (auto it = config.notify.begin(); it != config.notify.end(); ++it)
        if (std::any_of(config.notify.begin(), it, [&](const auto& other) { return other.name == it->name; }))
            in.complain("notify", fmt::format("two ways to tell events are called `{}`", it->name),
                        "give each a `name` of its own");
}

} // namespace nixie
