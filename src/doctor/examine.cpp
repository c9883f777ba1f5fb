#include "doctor/examine.hpp"

#include <algorithm>

#include "worker/endpoint.hpp"

namespace nixie {
namespace {

/// Where the server is and how to get there. Secrets are for the login, which says itself if they are not to be had.
Result<Endpoint> way_to(MailboxConfig config) {
    config.login.password = {};
    config.login.token_command.clear();
    config.login.oauth.reset();
    return make_endpoint(config);
}

/// What the link was about that broke, if one did, is `broken`.
void run_checks(std::span<const Check> checks, Visit& visit, std::string& broken, Findings& out) {
    for (const auto& check : checks) {
        if (!broken.empty()) {
            out.push_back({check.subject, Mark::not_tried, "needs what failed: " + broken});
            continue;
        }
        Findings found = check.run(visit);
        const auto failed = std::find_if(found.begin(), found.end(),
                                         [](const Finding& finding) { return finding.mark == Mark::problem; });
        if (check.role == Check::Role::link && failed != found.end()) broken = failed->subject;
        std::move(found.begin(), found.end(), std::back_inserter(out));
    }
}

} // namespace

Examination examine_mailbox(const MailboxConfig& config, Writing writing, const Clock& clock) {
    const std::string& user = config.login.user;
    Examination out{config.name, user.empty() ? config.url : config.url + " as " + user, {}};
    Visit visit{config, clock, writing, {}, {}, {}, nullptr, {}, {}};
    std::string broken;
    if (config.protocol != Protocol::maildir) {
        auto endpoint = way_to(config);
        if (!endpoint) {
            out.findings.push_back(problem("configuration", endpoint.error()));
            broken = "configuration";
        } else {
            visit.endpoint = std::move(endpoint).value();
        }
        run_checks(server_checks(), visit, broken, out.findings);
    }
    run_checks(account_checks(config.protocol), visit, broken, out.findings);
    if (visit.mailbox)
        if (const auto closed = visit.mailbox->close(); !closed)
            out.findings.push_back(problem("leaving", closed.error()));
    return out;
}

} // namespace nixie
