#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/text.hpp"
#include "doctor/disk.hpp"
#include "doctor/rights.hpp"
#include "doctor/visit.hpp"
#include "report/figures.hpp"
#include "worker/mailboxes.hpp"

namespace nixie {
namespace {

constexpr double nearly_full = 80; // per cent
constexpr Duration clocks_agree = std::chrono::minutes(2);
constexpr Duration clocks_differ = std::chrono::hours(1);

struct Capability {
    std::string_view name;
    Mark without;
    const char* consequence; ///< of its absence
};

constexpr std::array<Capability, 9> imap_capabilities{{
    {"MOVE", Mark::ok, "messages are copied, then deleted: slower, and safe to repeat"},
    {"UIDPLUS", Mark::ok, "where a message went is not told, so corrections by hand are found by content"},
    {"IDLE", Mark::ok, "new mail is seen within half a minute, not at once"},
    {"CONDSTORE", Mark::ok, "each look at a folder asks for all of its messages"},
    {"ESEARCH", Mark::ok, "the list of a large inbox is long to transfer"},
    {"NAMESPACE", Mark::ok, "where folders belong is found out by trying"},
    {"QUOTA", Mark::ok, "how full the mailbox is cannot be seen from here"},
    {"ACL", Mark::ok, "what the account may do is seen only when it does it: try `nixie doctor --write`"},
    {"COMPRESS=DEFLATE", Mark::ok, "nothing is compressed on the way"},
}};
constexpr std::array<Capability, 4> pop3_capabilities{{
    {"UIDL", Mark::warning, "no message could be told from another; see the next line"},
    {"TOP", Mark::ok, "messages are fetched whole, however long they are"},
    {"PIPELINING", Mark::ok, "each message costs a round trip"},
    {"RESP-CODES", Mark::ok, "why a login is refused is told in words only"},
}};

/// A capability of POP3 may have arguments: "SASL PLAIN".
bool offers(const MailboxInfo& info, std::string_view wanted) {
    return std::any_of(info.capabilities.begin(), info.capabilities.end(), [&](const std::string& offered) {
        return equals_ignoring_case(std::string_view(offered).substr(0, offered.find(' ')), wanted);
    });
}

Findings check_capabilities(const MailboxInfo& info, std::span<const Capability> wanted) {
    std::vector<std::string_view> there;
    Findings missing;
    for (const auto& capability : wanted) {
        if (offers(info, capability.name))
            there.push_back(capability.name);
        else
            missing.push_back({"capabilities", capability.without,
                               fmt::format("no {}: {}", capability.name, capability.consequence)});
    }
    Findings out{{"capabilities", Mark::ok,
                  there.empty() ? "the server names none" : fmt::format("{}", fmt::join(there, ", "))}};
    out.insert(out.end(), missing.begin(), missing.end());
    return out;
}

Findings check_imap_capabilities(Visit& visit) {
    auto out = check_capabilities(visit.info, imap_capabilities);
    // RFC 6851 and RFC 4315: with neither, EXPUNGE removes whatever anyone has marked.
    if (!offers(visit.info, "MOVE") && !offers(visit.info, "UIDPLUS"))
        out.push_back({"capabilities", Mark::warning,
                       "neither MOVE nor UIDPLUS: filed messages stay in the inbox, marked deleted, while other "
                       "programs have marked others so",
                       "let no other program delete messages in this mailbox"});
    return out;
}

Findings check_pop3_capabilities(Visit& visit) { return check_capabilities(visit.info, pop3_capabilities); }

Findings check_namespace(Visit& visit) {
    return {{"namespace", Mark::ok,
             fmt::format("prefix \"{}\", separator \"{}\"; messages are moved by {}", visit.info.prefix,
                         visit.info.separator, visit.info.filing)}};
}

Findings check_inbox(Visit& visit) { return {{"inbox", Mark::ok, number_of(visit.info.messages, "message")}}; }

Findings check_folders(Visit& visit) {
    std::vector<std::string> missing;
    const auto names = FolderNames::defaults();
    for (const auto& folder : names) {
        const std::string path = fmt::format("{}", fmt::join(visit.config.folders.path(folder), "/"));
        const auto& there = visit.info.folders;
        if (std::find(there.begin(), there.end(), path) == there.end()) missing.push_back(path);
    }
    if (missing.size() == names.size())
        return {{"folders", Mark::ok,
                 fmt::format("none yet; {} are created below {} when first needed", names.size(),
                             visit.config.folders.root)}};
    if (missing.empty()) return {{"folders", Mark::ok, fmt::format("all {} are there", names.size())}};
    return {{"folders", Mark::ok,
             fmt::format("{} of {} are there; created when first needed: {}", names.size() - missing.size(),
                         names.size(), fmt::join(missing, ", "))}};
}

Findings check_rights(Visit& visit) {
    if (visit.info.rights.empty()) return {{"rights", Mark::not_tried, "the server does not tell them (no ACL)"}};
    return rights_findings(visit.info.rights, visit.config.inbox, visit.config.folders.root);
}

Finding quota_finding(const Quota& quota) {
    const double percent = 100 * static_cast<double>(quota.used) / static_cast<double>(quota.limit);
    Finding finding{"quota", Mark::ok,
                    fmt::format("{}: {:.0f} % used ({} of {}{})", quota.resource, percent, quota.used, quota.limit,
                                quota.resource == "storage" ? " KiB" : "")};
    if (percent >= nearly_full) finding.mark = percent < 100 ? Mark::warning : Mark::problem;
    if (finding.mark != Mark::ok) finding.remedy = "delete old messages in the folders of nixie, or ask for more room";
    return finding;
}

Findings check_quota(Visit& visit) {
    if (visit.info.quotas.empty())
        return {{"quota", Mark::not_tried,
                 offers(visit.info, "QUOTA") ? "the server names no limit" : "the server does not tell it (no QUOTA)"}};
    Findings out;
    for (const auto& quota : visit.info.quotas) out.push_back(quota_finding(quota));
    return out;
}

Findings check_trial(Visit& visit) {
    if (visit.writing == Writing::no)
        return {{"trial", Mark::not_tried, "creating, filling and removing a scratch folder is tried with --write"}};
    if (auto opened = visit.mailbox->open(Access::change); !opened) return {problem("trial", opened.error())};
    FolderPath root = visit.config.folders.path("any");
    root.pop_back();
    auto trial = visit.mailbox->try_out(root, visit.clock);
    if (!trial) return {problem("trial", trial.error())};
    visit.trial = std::move(trial).value();
    Findings out;
    std::vector<std::string> done;
    for (const auto& step : visit.trial->steps) {
        if (!step.failed) done.emplace_back(step.what);
        if (!step.failed) continue;
        out.push_back(problem("trial", *step.failed));
        out.back().text = std::string("could not ") + step.what + ": " + out.back().text;
    }
    if (!done.empty()) out.insert(out.begin(), {"trial", Mark::ok, fmt::format("could {}", fmt::join(done, ", "))});
    return out;
}

Findings check_clock(Visit& visit) {
    if (!visit.trial || !visit.trial->received || !visit.trial->sent)
        return {{"clock", Mark::not_tried,
                 "the server's clock is seen only by a message that it stamps: not known without --write"}};
    const Duration ahead = *visit.trial->received - *visit.trial->sent;
    const Duration apart = std::max(ahead, -ahead);
    if (apart <= clocks_agree) return {{"clock", Mark::ok, fmt::format("{} s from this machine's", apart.count())}};
    return {{"clock", apart < clocks_differ ? Mark::warning : Mark::problem,
             fmt::format("the server's is {} s {} this machine's", apart.count(),
                         ahead.count() > 0 ? "ahead of" : "behind"),
             "set both by NTP: other tries are counted from the server's time of arrival"}};
}

/// Of a Maildir mailbox, and of the tree that a POP3 mailbox is filed into.
Findings check_disk(Visit& visit) {
    const bool own = visit.config.protocol == Protocol::maildir;
    return maildir_findings(own ? visit.config.path : visit.config.local_maildir,
                            own ? Presence::needed : Presence::created_later);
}

Findings check_opening(Visit& visit) {
    auto mailbox = make_mailbox(visit.config);
    if (!mailbox) return {problem("opening", mailbox.error())};
    visit.mailbox = std::move(mailbox).value();
    if (auto opened = visit.mailbox->open(Access::examine); !opened) return {problem("opening", opened.error())};
    auto info = visit.mailbox->inspect();
    if (!info) return {problem("opening", info.error())};
    visit.info = std::move(info).value();
    return {{"opening", Mark::ok, visit.info.server}};
}

Findings check_uidl(Visit& visit) {
    const auto listing = visit.mailbox->list();
    if (!listing) return {problem("listing", listing.error())};
    return {{"listing", Mark::ok, fmt::format("UIDL names {} messages that are not filed yet", listing->uids.size())}};
}

constexpr std::array<Check, 8> imap_checks{{
    {"capabilities", Check::Role::leaf, check_imap_capabilities},
    {"namespace", Check::Role::leaf, check_namespace},
    {"inbox", Check::Role::leaf, check_inbox},
    {"folders", Check::Role::leaf, check_folders},
    {"rights", Check::Role::leaf, check_rights},
    {"quota", Check::Role::leaf, check_quota},
    {"trial", Check::Role::leaf, check_trial},
    {"clock", Check::Role::leaf, check_clock},
}};
constexpr std::array<Check, 6> pop3_checks{{
    {"capabilities", Check::Role::leaf, check_pop3_capabilities},
    {"inbox", Check::Role::leaf, check_inbox},
    {"listing", Check::Role::leaf, check_uidl},
    {"maildir", Check::Role::leaf, check_disk},
    {"folders", Check::Role::leaf, check_folders},
    {"trial", Check::Role::leaf, check_trial},
}};
constexpr std::array<Check, 5> maildir_checks{{
    {"maildir", Check::Role::link, check_disk},
    {"opening", Check::Role::link, check_opening},
    {"inbox", Check::Role::leaf, check_inbox},
    {"folders", Check::Role::leaf, check_folders},
    {"trial", Check::Role::leaf, check_trial},
}};

} // namespace

std::span<const Check> account_checks(Protocol protocol) {
    switch (protocol) {
        case Protocol::imap:
            return imap_checks;
        case Protocol::pop3:
            return pop3_checks;
        case Protocol::maildir:
            return maildir_checks;
    }
    return {};
}

} // namespace nixie
