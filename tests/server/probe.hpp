// A connection that records the commands sent through it, and can be cut at one of them.
#pragma once

#include <algorithm>
#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "mailbox/imap/stream.hpp"

namespace nixie {

struct Probe {
    enum class Cut { before, after }; ///< the command reaches the server, or is executed and its answer lost

    std::vector<std::string> sent;       ///< commands without tags
    std::function<void()> while_waiting; ///< called once, when the client waits for the server to speak by itself
    std::optional<std::size_t> cut_at;   ///< index in `sent`
    Cut cut = Cut::before;

    [[nodiscard]] std::size_t count(const std::string& prefix) const {
        return static_cast<std::size_t>(
            std::count_if(sent.begin(), sent.end(), [&](const auto& line) { return line.starts_with(prefix); }));
    }
    void cut_next(std::size_t commands, Cut where) {
        sent.clear();
        cut_at = commands;
        cut = where;
    }
};

class ProbedStream final : public ImapStream {
  public:
    ProbedStream(std::unique_ptr<ImapStream> stream, std::shared_ptr<Probe> probe)
        : stream_(std::move(stream)), probe_(std::move(probe)) {}

    [[nodiscard]] std::string login_reply() const override { return stream_->login_reply(); }
    Result<void> send(std::string_view bytes) override {
        const auto line = bytes.substr(0, bytes.find("\r\n"));
        const auto space = line.find(' '); // none in DONE
        const std::string tag(line.substr(0, space));
        const bool last = probe_->cut_at == probe_->sent.size();
        probe_->sent.emplace_back(space == std::string_view::npos ? line : line.substr(space + 1));
        if (last && probe_->cut == Probe::Cut::before) cut_ = true;
        if (cut_) return lost();
        auto sent = stream_->send(bytes);
        if (sent && last) swallow_answer(tag);
        return sent;
    }
    Result<std::size_t> receive(std::span<char> buffer) override { return cut_ ? lost() : stream_->receive(buffer); }
    Result<std::size_t> receive(std::span<char> buffer, Duration timeout, int stop_fd) override {
        if (auto action = std::exchange(probe_->while_waiting, {})) action();
        return cut_ ? lost() : stream_->receive(buffer, timeout, stop_fd);
    }

  private:
    static Error lost() { return {ErrorCode::unavailable, "cut"}; }

    void swallow_answer(const std::string& tag) {
        std::string answer = "\n";
        std::array<char, 4096> buffer{};
        while (answer.find("\n" + tag + " ") == std::string::npos) {
            const auto count = stream_->receive(buffer);
            if (!count) break;
            answer.append(buffer.data(), *count);
        }
        cut_ = true;
    }

    std::unique_ptr<ImapStream> stream_;
    std::shared_ptr<Probe> probe_;
    bool cut_ = false;
};

inline ImapConnector probed(Endpoint endpoint, std::shared_ptr<Probe> probe) {
    return [connect = connector_to(std::move(endpoint)), probe]() -> Result<std::unique_ptr<ImapStream>> {
        auto stream = connect();
        if (!stream) return stream.error();
        return std::unique_ptr<ImapStream>(std::make_unique<ProbedStream>(std::move(*stream), probe));
    };
}

} // namespace nixie
