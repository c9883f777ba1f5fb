// The retry clock of each mailbox.
#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "nixie/decision.hpp"

namespace nixie {

/// The clock of a recipient runs by the policy of the mailbox that its newest soft bounce came to.
class RetryPolicies {
  public:
    /// One for all mailboxes.
    RetryPolicies(RetryPolicy common = {}) : common_(std::move(common)) {}

    /// Another one for one of them.
    void set(const std::string& mailbox, RetryPolicy own) { own_.insert_or_assign(mailbox, std::move(own)); }

    [[nodiscard]] const RetryPolicy& common() const { return common_; }
    [[nodiscard]] const RetryPolicy& of(const std::string& mailbox) const {
        const auto own = own_.find(mailbox);
        return own == own_.end() ? common_ : own->second;
    }
    [[nodiscard]] Duration longest_window() const {
        Duration longest = common_.longest_window();
        for (const auto& [mailbox, own] : own_) longest = std::max(longest, own.longest_window());
        return longest;
    }
    [[nodiscard]] Duration longest_settle() const {
        Duration longest = common_.settle;
        for (const auto& [mailbox, own] : own_) longest = std::max(longest, own.settle);
        return longest;
    }
    [[nodiscard]] bool settle_alike() const {
        return std::all_of(own_.begin(), own_.end(),
                           [this](const auto& own) { return own.second.settle == common_.settle; });
    }

  private:
    RetryPolicy common_;
    std::map<std::string, RetryPolicy> own_;
};

} // namespace nixie
