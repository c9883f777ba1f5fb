#include "report/metrics.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "nixie/taxonomy.hpp"

namespace nixie {
namespace {

using Labels = std::vector<std::pair<std::string_view, std::string_view>>;

std::string escaped(std::string_view value) {
    std::string out;
    for (const char c : value) {
        if (c == '\n') {
            out += "\\n";
            continue;
        }
        if (c == '\\' || c == '"') out += '\\';
        out += c;
    }
    return out;
}

/// The lines of one metric stand together, below its HELP and TYPE.
class Exposition {
  public:
    void begin(std::string_view name, std::string_view type, std::string_view help) {
        name_ = name;
        out_ += fmt::format("# HELP {0} {2}\n# TYPE {0} {1}\n", name, type, help);
    }
    void add(const Labels& labels, std::int64_t value, std::string_view suffix = "") {
        out_.append(name_).append(suffix);
        char separator = '{';
        for (const auto& [label, text] : labels) {
            out_ += fmt::format("{}{}=\"{}\"", separator, label, escaped(text));
            separator = ',';
        }
        out_ += fmt::format("{} {}\n", labels.empty() ? "" : "}", value);
    }
    void gauge(std::string_view name, std::string_view help, std::int64_t value) {
        begin(name, "gauge", help);
        add({}, value);
    }
    [[nodiscard]] std::string text() && { return std::move(out_); }

  private:
    std::string_view name_;
    std::string out_;
};

class Metrics {
  public:
    Metrics(const Figures& figures, const std::vector<std::string>& mailboxes, Time now)
        : status_(figures.status), bytes_(figures.bytes), mailboxes_(mailboxes), now_(now) {
        for (const auto& counter : figures.counters)
            counts_[{counter.metric, counter.mailbox}][counter.label] = counter.value;
    }

    std::string text() {
        out_.begin("nixie_build_info", "gauge", "The version of nixie that wrote this.");
        out_.add({{"version", NIXIE_VERSION}}, 1);
        add_messages();
        add_bounces();
        add_errors();
        add_latency();
        add_states();
        add_mailboxes();
        add_journal();
        return std::move(out_).text();
    }

  private:
    using ByLabel = std::map<std::string, std::int64_t, std::less<>>;

    const ByLabel& counts(const std::string& metric, const std::string& mailbox) { return counts_[{metric, mailbox}]; }
    static std::int64_t count(const ByLabel& counts, std::string_view label) {
        const auto found = counts.find(label);
        return found == counts.end() ? 0 : found->second;
    }

    void add_messages() {
        out_.begin("nixie_messages_total", "counter",
                   "Messages read, by kind; a copy of one already read is left out.");
        for (const auto& mailbox : mailboxes_)
            for (const auto& kind : kinds)
                out_.add({{"mailbox", mailbox}, {"kind", kind.name}}, count(counts("messages", mailbox), kind.name));
    }

    void add_bounces() {
        out_.begin("nixie_bounces_total", "counter", "Recipients in bounces, by type and category of the verdict.");
        for (const auto& mailbox : mailboxes_)
            for (const auto& [label, value] : counts("bounces", mailbox)) {
                const std::string_view words = label;
                const auto slash = words.find('/');
                out_.add({{"mailbox", mailbox},
                          {"type", words.substr(0, slash)},
                          {"category", words.substr(std::min(slash, words.size() - 1) + 1)}},
                         value);
            }
    }

    void add_errors() {
        out_.begin("nixie_errors_total", "counter", "Passes, folders and messages that failed, by cause.");
        for (const auto& mailbox : mailboxes_)
            for (const auto& cause : cause_names())
                out_.add({{"mailbox", mailbox}, {"cause", cause}}, count(counts("errors", mailbox), cause));
    }

    void add_latency() {
        out_.begin("nixie_filing_latency_seconds", "histogram", "Time from a message's arrival to its filing.");
        for (const auto& mailbox : mailboxes_) {
            const auto& classes = counts("latency", mailbox);
            std::int64_t sum = 0;
            for (const auto bound : latency_bounds) {
                const std::string text = std::to_string(bound);
                sum += count(classes, text);
                out_.add({{"mailbox", mailbox}, {"le", text}}, sum, "_bucket");
            }
            sum += count(classes, "inf");
            out_.add({{"mailbox", mailbox}, {"le", "+Inf"}}, sum, "_bucket");
            out_.add({{"mailbox", mailbox}}, count(counts("latency-sum", mailbox), ""), "_sum");
            out_.add({{"mailbox", mailbox}}, sum, "_count");
        }
    }

    [[nodiscard]] const MailboxHealth* health(const std::string& mailbox) const {
        const auto& all = status_.mailboxes;
        const auto found =
            std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.status.name == mailbox; });
        return found == all.end() ? nullptr : &*found;
    }

    void add_states() {
        out_.begin("nixie_mailbox_state", "gauge", "1 for the state that the mailbox is in, 0 for the others.");
        for (const auto& mailbox : mailboxes_) {
            const auto* const known = health(mailbox);
            for (const auto state : mailbox_states)
                out_.add({{"mailbox", mailbox}, {"state", name(state)}}, known && known->status.state == state ? 1 : 0);
            out_.add({{"mailbox", mailbox}, {"state", "never-run"}}, known ? 0 : 1);
        }
    }

    /// A gauge of each mailbox that somebody has worked on.
    template <class Value>
    void add_each(std::string_view name, std::string_view help, const Value& value) {
        out_.begin(name, "gauge", help);
        for (const auto& mailbox : mailboxes_)
            if (const auto* const known = health(mailbox))
                if (const std::optional<std::int64_t> number = value(*known)) out_.add({{"mailbox", mailbox}}, *number);
    }

    void add_mailboxes() {
        using One = const MailboxHealth&;
        add_each("nixie_mailbox_lag_seconds",
                 "For how long a message has waited that is not filed; 0 where none waits.", [&](One one) {
                     const auto since = one.lag_since();
                     return since ? std::max<std::int64_t>(0, (now_ - *since).count()) : 0;
                 });
        add_each("nixie_mailbox_waiting_messages", "Messages in the inbox that are not filed, as last seen.",
                 [](One one) { return one.status.waiting; });
        add_each("nixie_mailbox_unfiled_messages", "Messages that are recorded and not moved yet.",
                 [](One one) { return one.unfiled; });
        add_each("nixie_mailbox_quarantined_messages", "Messages that were put into quarantine.",
                 [](One one) { return one.quarantined; });
        add_each("nixie_mailbox_consecutive_failures", "Failures in a row; 0 after a whole pass.",
                 [](One one) { return std::int64_t{one.status.failures}; });
        add_each("nixie_mailbox_last_success_timestamp_seconds", "When the last whole pass ended.",
                 [](One one) -> std::optional<std::int64_t> {
                     if (!one.status.last_success) return std::nullopt;
                     return one.status.last_success->time_since_epoch().count();
                 });
    }

    void add_journal() {
        out_.gauge("nixie_outbox_waiting_deliveries", "Events that wait to be told, once for each way.",
                   status_.outbox.waiting);
        out_.gauge("nixie_outbox_failing_deliveries", "Of those, the ones that were tried and not taken.",
                   status_.outbox.failing);
        out_.gauge("nixie_outbox_dead_letters", "Events that were given up.", status_.outbox.dead);
        out_.gauge("nixie_recipients_due", "Recipients whose next try is due.", status_.recipients_due);
        out_.gauge("nixie_held_verdicts", "Verdicts that wait for a person.", status_.held);
        const auto lasting = std::count_if(status_.troubles.begin(), status_.troubles.end(),
                                           [](const Trouble& trouble) { return trouble.lasts; });
        out_.gauge("nixie_sender_troubles", "Ways in which the sender itself seems to be at fault now.", lasting);
        out_.gauge("nixie_journal_size_bytes", "Size of the journal with its write-ahead log.", bytes_);
    }

    const JournalStatus& status_;
    std::int64_t bytes_;
    const std::vector<std::string>& mailboxes_;
    Time now_;
    std::map<std::pair<std::string, std::string>, ByLabel> counts_;
    Exposition out_;
};

} // namespace

std::string metrics_text(const Figures& figures, const std::vector<std::string>& mailboxes, Time now) {
    return Metrics(figures, mailboxes, now).text();
}

} // namespace nixie
