#include "worker/labels.hpp"

#include <map>
#include <set>

namespace nixie {
namespace {

/// A report may tell of thousands of recipients; what it says of most is in the first few reasons.
constexpr std::size_t most_keywords = 8;

} // namespace

Result<std::vector<Marking>> markings_of(Store& store, const MailboxConfig& mailbox, const std::string& validity,
                                         std::span<const std::string> uids) {
    std::map<std::set<std::string>, std::vector<std::string>> by_keywords;
    std::set<std::string> keywords;
    std::string uid;
    const auto end_message = [&] {
        if (!keywords.empty()) by_keywords[keywords].push_back(uid);
        keywords.clear();
    };
    const auto told = store.labels(mailbox.name, validity, uids, mailbox.retry, [&](const Label& label) {
        if (label.uid != uid) end_message();
        uid = label.uid;
        if (keywords.size() < most_keywords) keywords.insert("nixie-" + std::string(name(label.reason)));
        if (label.window && keywords.size() < most_keywords)
            keywords.insert("nixie-retry-" + format_duration(*label.window));
    });
    if (!told) return told.error();
    end_message();
    std::vector<Marking> out;
    for (auto& [words, messages] : by_keywords) out.push_back({{words.begin(), words.end()}, std::move(messages)});
    return out;
}

} // namespace nixie
