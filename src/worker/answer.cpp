#include "worker/answer.hpp"

#include <algorithm>

#include "worker/filing.hpp"

namespace nixie {
namespace {

constexpr const char* no_rule = "corrected"; ///< in place of a rule's id

const ReasonInfo& usual_reason(Category category) {
    const auto found =
        std::find_if(reasons.begin(), reasons.end(), [&](const auto& row) { return row.category == category; });
    // Two categories are only ever named by rules of network-error.
    return found != reasons.end() ? *found : info(Reason::network_error);
}

bool is_temporary(const BounceRecord& bounce) {
    return bounce.status.starts_with('4') || (bounce.status.empty() && bounce.smtp_code.starts_with('4'));
}

void put_into(Category category, BounceRecord& bounce) {
    if (bounce.category != category) {
        const ReasonInfo& own = info(bounce.reason);
        const ReasonInfo& nearest = own.category == category ? own : usual_reason(category);
        bounce.reason = nearest.reason;
        bounce.type = is_temporary(bounce) ? nearest.on_temporary : nearest.type;
        bounce.category = category;
        bounce.rule = no_rule;
        bounce.matched.clear();
    }
    // A report that says otherwise would count as what it says.
    if (bounce.action != "failed") bounce.action = "failed";
}

bool is_delivered_part(const BounceRecord& bounce) {
    return bounce.action == "delivered" || bounce.action == "relayed" || bounce.action == "expanded";
}

} // namespace

std::optional<Meaning> meaning_of(std::string_view folder) {
    // The folder "other" is the category's; ordinary mail has a folder of another name.
    if (const auto category = find_category(folder)) return Meaning{Kind::bounce, category};
    if (folder == ordinary_folder) return Meaning{Kind::other, {}};
    if (folder == quarantine_folder) return std::nullopt;
    if (const auto kind = find_kind(folder)) return Meaning{*kind, {}};
    return std::nullopt;
}

std::vector<OurFolder> our_folders(const FolderNames& names) {
    std::vector<OurFolder> out;
    for (const auto& name : FolderNames::defaults()) {
        const FolderPath path = names.path(name);
        const auto known =
            std::find_if(out.begin(), out.end(), [&](const auto& folder) { return folder.path == path; });
        if (known != out.end())
            known->defaults.push_back(name);
        else
            out.push_back({path, folder_name(names, name), {name}});
    }
    return out;
}

MessageRecord corrected(MessageRecord judged, const Judgement& judgement, const Meaning& meaning) {
    MessageRecord out = std::move(judged);
    const bool was_bounce = out.kind == Kind::bounce;
    const auto decided = find_category(folder_for(judgement));
    out.kind = meaning.kind;
    if (!meaning.category) return out;
    const auto& original = judgement.report.original;
    if (out.bounces.empty() && !original.to.empty()) {
        // A message that nobody takes for a report tells at best whom the returned one was for.
        out.bounces.emplace_back();
        out.bounces.back().address = original.to;
    }
    for (auto& bounce : out.bounces) {
        const bool stays = was_bounce && (is_delivered_part(bounce) || bounce.category != decided);
        if (!stays) put_into(*meaning.category, bounce);
    }
    return out;
}

} // namespace nixie
