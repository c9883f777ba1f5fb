#include "log/log.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <mutex>
#include <vector>

#include <fmt/format.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "log/datagram.hpp"

namespace nixie {
namespace {

/// Of the line that this thread is writing: loggers call their sinks in the caller's thread.
thread_local std::span<const LogField> fields_of_line;

LogLevel level_of(spdlog::level::level_enum level) {
    if (level >= spdlog::level::err) return LogLevel::error;
    if (level == spdlog::level::warn) return LogLevel::warning;
    return level == spdlog::level::info ? LogLevel::info : LogLevel::debug;
}

spdlog::level::level_enum spdlog_level(LogLevel level) {
    switch (level) {
        case LogLevel::debug:
            return spdlog::level::debug;
        case LogLevel::info:
            return spdlog::level::info;
        case LogLevel::warning:
            return spdlog::level::warn;
        case LogLevel::error:
            return spdlog::level::err;
    }
    return spdlog::level::info;
}

LogLine line_of(const spdlog::details::log_msg& message) {
    return {std::chrono::floor<Duration>(message.time),
            level_of(message.level),
            {message.payload.data(), message.payload.size()},
            fields_of_line};
}

class LineFormatter final : public spdlog::formatter {
  public:
    LineFormatter(LogFormat format, bool to_journal) : format_(format), to_journal_(to_journal) {}

    void format(const spdlog::details::log_msg& message, spdlog::memory_buf_t& out) override {
        const LogLine line = line_of(message);
        std::string text = to_journal_ ? fmt::format("<{}>", syslog_priority(line.level)) : "";
        text += log_line(line, format_, to_journal_ ? LogTime::left_out : LogTime::shown);
        text += '\n';
        out.append(text.data(), text.data() + text.size());
    }
    [[nodiscard]] std::unique_ptr<spdlog::formatter> clone() const override {
        return std::make_unique<LineFormatter>(format_, to_journal_);
    }

  private:
    LogFormat format_;
    bool to_journal_;
};

class JournalSink final : public spdlog::sinks::base_sink<std::mutex> {
  public:
    explicit JournalSink(std::string socket) : socket_(std::move(socket)) {}

  protected:
    void sink_it_(const spdlog::details::log_msg& message) override {
        const LogLine line = line_of(message);
        if (send_datagram(socket_, journal_entry(line))) return;
        // The journal may be restarting: nothing is to be lost for that.
        fmt::print(stderr, "{}\n", log_line(line, LogFormat::text));
    }
    void flush_() override {}

  private:
    std::string socket_;
};

/// "device:inode" of standard error, as systemd puts it into the environment if that is the journal's.
bool standard_error_is_journal() {
    const char* const stream = std::getenv("JOURNAL_STREAM");
    struct stat status {};
    return stream && ::fstat(STDERR_FILENO, &status) == 0 &&
           stream == fmt::format("{}:{}", static_cast<std::uint64_t>(status.st_dev),
                                 static_cast<std::uint64_t>(status.st_ino));
}

} // namespace

Result<void> set_up_log(const LogConfig& config, const std::string& journal) {
    std::shared_ptr<spdlog::sinks::sink> sink;
    if (config.target == LogTarget::journal) {
        struct stat status {};
        if (!journal.starts_with('@') && ::stat(journal.c_str(), &status) != 0)
            return Error{ErrorCode::config, "there is no journal of systemd on this machine", journal,
                         "set `to = \"stderr\"` in [log]"};
        sink = std::make_shared<JournalSink>(journal);
    } else {
        sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
        sink->set_formatter(std::make_unique<LineFormatter>(config.format, standard_error_is_journal()));
    }
    spdlog::set_default_logger(std::make_shared<spdlog::logger>("nixie", std::move(sink)));
    set_log_level(config.level);
    return {};
}

void set_log_level(LogLevel level) { spdlog::set_level(spdlog_level(level)); }

void log(LogLevel level, std::string_view message, std::initializer_list<LogField> fields) {
    fields_of_line = {fields.begin(), fields.size()};
    spdlog::log(spdlog_level(level), spdlog::string_view_t(message.data(), message.size()));
    fields_of_line = {};
}

void log(LogLevel level, const Error& error, std::initializer_list<LogField> fields) {
    std::vector<LogField> all(fields);
    if (!error.where.empty()) all.emplace_back("where", error.where);
    if (!error.remedy.empty()) all.emplace_back("remedy", error.remedy);
    fields_of_line = all;
    spdlog::log(spdlog_level(level), spdlog::string_view_t(error.what.data(), error.what.size()));
    fields_of_line = {};
}

} // namespace nixie
