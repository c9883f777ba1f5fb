// An account, a clock that tests move, and a token server that answers as told.
#pragma once

#include <deque>
#include <utility>
#include <vector>

#include "auth/source.hpp"
#include "support/temporary_directory.hpp"

namespace nixie {

class HandClock final : public Clock {
  public:
    [[nodiscard]] Time now() const override { return now_; }
    void advance(Duration by) { now_ += by; }

  private:
    Time now_{std::chrono::seconds{1'800'000'000}};
};

/// Answers each question with the next answer and remembers what it was asked.
struct ScriptedPost {
    struct Asked {
        std::string url;
        Form form;
    };
    std::deque<Result<HttpAnswer>> answers = {};
    std::vector<Asked> asked = {};

    [[nodiscard]] HttpPost post() {
        return [this](const std::string& url, const Form& form) -> Result<HttpAnswer> {
            asked.push_back({url, form});
            if (answers.empty()) return Error{ErrorCode::unavailable, "nobody answers"};
            auto answer = answers.front();
            answers.pop_front();
            return answer;
        };
    }
    [[nodiscard]] std::string field(std::size_t question, const std::string& key) const {
        for (const auto& [name, value] : asked.at(question).form)
            if (name == key) return value;
        return {};
    }
};

inline HttpAnswer granted(const std::string& token, int life, const std::string& more = "") {
    return {200, R"({"access_token":")" + token + R"(","expires_in":)" + std::to_string(life) + more + "}"};
}
inline HttpAnswer denied(const std::string& error, const std::string& description = "", long status = 400) {
    return {status, R"({"error":")" + error + R"(","error_description":")" + description + "\"}"};
}

inline TokenAccount account(OAuthFlow flow) {
    TokenAccount out{"bounces", "bounces@example.org", {}};
    out.oauth.flow = flow;
    out.oauth.token_url = "https://provider.example/token";
    out.oauth.device_url = "https://provider.example/device";
    out.oauth.client_id = "client";
    out.oauth.scope = "mail";
    return out;
}

} // namespace nixie
