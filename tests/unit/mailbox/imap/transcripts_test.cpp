// Whole sessions, byte by byte: what servers of many makes say, what they must be asked, and what comes of it. The files
// in transcripts/ are of our own writing; each server's manner is its maker's. Their form:
//     login: TEXT     the answer to the login        > STEP    what the mailbox is asked to do
//     C: / S:         a line of client or server     < RESULT  what it says to that; log: TEXT  what it logged
//     include FILE    its steps come first
// "S:" that ends in "\" has no line end. Where client and server lines meet there is a round trip.
#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <cstring>
#include <deque>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <utility>
#include <vector>

#include "mailbox/imap/mailbox.hpp"

using namespace nixie;

namespace {

using Strings = std::vector<std::string>;

constexpr std::size_t least_transcripts = 20;
constexpr std::size_t fetch_limit = 1000;

struct Line {
    enum class From { client, server };
    From from;
    std::string text; ///< with its end
};

struct Step {
    std::string what;
    std::deque<Line> lines;
    std::string result;
    Strings log;
};

struct Transcript {
    std::string login;
    std::vector<Step> steps;
};

Transcript read_transcript(const std::filesystem::path& file) {
    Transcript out;
    std::ifstream in(file, std::ios::binary);
    for (std::string line; std::getline(in, line);) {
        const auto after = [&](std::size_t size) { return line.size() > size ? line.substr(size) : ""; };
        if (line.empty() || line.starts_with("#")) continue;
        INFO(file.string() << ": " << line);
        if (line.starts_with("include ")) {
            out = read_transcript(file.parent_path() / after(8));
        } else if (line.starts_with("login: ")) {
            out.login = after(7);
        } else if (line.starts_with("> ")) {
            out.steps.push_back({after(2), {}, "", {}});
        } else {
            REQUIRE_FALSE(out.steps.empty());
            Step& step = out.steps.back();
            if (line.starts_with("< ")) {
                step.result = after(2);
            } else if (line.starts_with("log: ")) {
                step.log.push_back(after(5));
            } else {
                REQUIRE((line.starts_with("C:") || line.starts_with("S:")));
                const auto from = line[0] == 'C' ? Line::From::client : Line::From::server;
                std::string text = after(3);
                if (from == Line::From::server && text.ends_with('\\'))
                    text.pop_back();
                else
                    text += "\r\n";
                step.lines.push_back({from, text});
            }
        }
    }
    return out;
}

/// The server's side of the step under way.
struct Dialogue {
    std::deque<Line> lines;
    Strings wrong;
    std::size_t chunk = 1;
};

class DialogueStream final : public ImapStream {
  public:
    DialogueStream(std::shared_ptr<Dialogue> dialogue, std::string login)
        : dialogue_(std::move(dialogue)), login_(std::move(login)) {}

    [[nodiscard]] std::string login_reply() const override { return login_; }

    Result<void> send(std::string_view bytes) override {
        sent_ += bytes;
        for (std::size_t end; (end = sent_.find("\r\n")) != std::string::npos; sent_.erase(0, end + 2)) {
            const std::string line = sent_.substr(0, end + 2);
            auto& lines = dialogue_->lines;
            const bool expected =
                !lines.empty() && lines.front().from == Line::From::client && lines.front().text == line;
            if (!expected) {
                dialogue_->wrong.push_back("sent: " + line);
                return Error{ErrorCode::unavailable, "not in the transcript"};
            }
            lines.pop_front();
        }
        return {};
    }
    Result<std::size_t> receive(std::span<char> buffer) override {
        if (!server_speaks()) {
            if (!dialogue_->lines.empty())
                dialogue_->wrong.push_back("waited before: " + dialogue_->lines.front().text);
            return Error{ErrorCode::unavailable, "the server closed the connection"};
        }
        std::string& text = dialogue_->lines.front().text;
        const std::size_t size = std::min({buffer.size(), text.size(), dialogue_->chunk});
        std::memcpy(buffer.data(), text.data(), size);
        text.erase(0, size);
        if (text.empty()) dialogue_->lines.pop_front();
        return size;
    }
    Result<std::size_t> receive(std::span<char> buffer, Duration, int) override {
        return server_speaks() ? receive(buffer) : Result<std::size_t>(std::size_t{0});
    }

  private:
    [[nodiscard]] bool server_speaks() const {
        return !dialogue_->lines.empty() && dialogue_->lines.front().from == Line::From::server;
    }

    std::shared_ptr<Dialogue> dialogue_;
    std::string login_;
    std::string sent_;
};

std::string in_words(const Error& error) {
    const std::array<std::pair<ErrorCode, const char*>, 7> names{{{ErrorCode::unavailable, "unavailable"},
                                                                  {ErrorCode::refused, "refused"},
                                                                  {ErrorCode::no_room, "no_room"},
                                                                  {ErrorCode::forbidden, "forbidden"},
                                                                  {ErrorCode::protocol, "protocol"},
                                                                  {ErrorCode::config, "config"},
                                                                  {ErrorCode::refused_login, "refused_login"}}};
    const auto name =
        std::find_if(names.begin(), names.end(), [&](const auto& row) { return row.first == error.code; });
    REQUIRE(name != names.end());
    return std::string(name->second) + (error.wait ? " for " + format_duration(*error.wait) : "") + ": " + error.what;
}

template <class T, class Say>
std::string say(const Result<T>& result, const Say& say_value) {
    return result ? say_value() : in_words(result.error());
}

Strings words(const std::string& text) {
    std::istringstream in(text);
    Strings out;
    for (std::string word; in >> word;) out.push_back(word);
    return out;
}

FolderPath levels(const std::string& folder) {
    FolderPath out;
    std::istringstream in(folder);
    for (std::string level; std::getline(in, level, '/');) out.push_back(level);
    return out;
}

/// One step: "open", "list", "fetch 3 4", "file 3 4 Bounces/spam", "wait", "enter Bounces/spam", "close".
std::string perform(ImapMailbox& mailbox, const std::string& step) {
    Strings arguments = words(step);
    const std::string verb = arguments.at(0);
    arguments.erase(arguments.begin());
    const auto ok = [] { return std::string("ok"); };
    if (verb == "open") return say(mailbox.open(Access::change), ok);
    if (verb == "close") return say(mailbox.close(), ok);
    if (verb == "enter") return say(mailbox.enter(levels(arguments.at(0)), Access::examine), ok);
    if (verb == "list") {
        const auto listing = mailbox.list();
        return say(listing, [&] {
            // One that lasts no longer than the session is never the same.
            std::string out = listing->validity.starts_with("session-") ? "session:" : listing->validity + ":";
            for (const auto& uid : listing->uids) out += " " + uid;
            return out;
        });
    }
    if (verb == "fetch") {
        Strings got;
        const auto fetched = mailbox.fetch(arguments, fetch_limit, [&](FetchedMessage&& message) {
            const auto line = message.bytes.substr(0, message.bytes.find('\r'));
            got.push_back(message.uid + " (" + std::to_string(message.size) + ") " + line);
        });
        std::sort(got.begin(), got.end());
        std::string out;
        for (const auto& message : got) out += (out.empty() ? "" : ", ") + message;
        return fetched ? out : out + (out.empty() ? "" : ", then ") + in_words(fetched.error());
    }
    if (verb == "file") {
        const std::string folder = arguments.back();
        arguments.pop_back();
        const auto filed = mailbox.file({levels(folder), arguments});
        return say(filed, [&] {
            std::string out = "filed";
            for (const auto& [from, to] : filed->uids) out += " " + from + ">" + to;
            return out;
        });
    }
    REQUIRE(verb == "wait");
    const auto woken = mailbox.wait(std::chrono::minutes(1), -1);
    return say(woken, [&] { return std::string(*woken == Wake::changed ? "changed" : "timeout"); });
}

std::vector<std::filesystem::path> transcript_files() {
    std::vector<std::filesystem::path> out;
    for (const auto& entry :
         std::filesystem::directory_iterator(NIXIE_SOURCE_DIR "/tests/unit/mailbox/imap/transcripts"))
        if (entry.is_regular_file()) out.push_back(entry.path());
    std::sort(out.begin(), out.end());
    return out;
}

} // namespace

TEST_CASE("imap transcripts: each server is understood, and asked for what its manner needs") {
    REQUIRE(transcript_files().size() >= least_transcripts);
    const auto file = GENERATE(from_range(transcript_files()));
    const auto chunk = GENERATE(as<std::size_t>{}, 1, 13, 100'000);
    const std::string name = file.filename().string();
    CAPTURE(name, chunk);
    const Transcript transcript = read_transcript(file);
    const auto dialogue = std::make_shared<Dialogue>();
    dialogue->chunk = chunk;
    Strings log;
    const auto connect = [&]() -> Result<std::unique_ptr<ImapStream>> {
        return std::unique_ptr<ImapStream>(std::make_unique<DialogueStream>(dialogue, transcript.login));
    };
    ImapMailbox mailbox(connect, "", "INBOX", [&](std::string_view text) { log.emplace_back(text); });
    for (const auto& step : transcript.steps) {
        CAPTURE(step.what);
        log.clear();
        dialogue->lines = step.lines;
        CHECK(perform(mailbox, step.what) == step.result);
        CHECK(log == step.log);
        CHECK(dialogue->wrong == Strings{});
        std::string left;
        for (const auto& line : dialogue->lines) left += (line.from == Line::From::client ? "C: " : "S: ") + line.text;
        CHECK(left == "");
        if (!dialogue->wrong.empty() || !left.empty()) break;
    }
}
