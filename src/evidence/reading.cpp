// Applying a format to prose.
#include <algorithm>
#include <unordered_map>

#include "base/text.hpp"
#include "evidence/address.hpp"
#include "evidence/delivery_status.hpp"
#include "evidence/prose.hpp"
#include "evidence/recipients.hpp"
#include "evidence/smtp_command.hpp"
#include "evidence/smtp_reply.hpp"

namespace nixie {
namespace {

constexpr int most_in_line = 200;

/// Goes through the lines once and gathers each recipient's block.
class Scanner {
  public:
    Scanner(const Format& format, const Prose& prose, const Search& words)
        : format_(format),
          prose_(prose),
          words_(words),
          // What any report may look like is believed less than a format's own wording.
          source_(format.looks == Format::Looks::report ? Source::smtp_reply : Source::format),
          open_(format.begin.empty()) {}

    ProseReading scan(const Headers& headers) {
        for (const auto& line : prose_.lines)
            if (take(line) == Go::stop) break;
        close_block();
        add_from_header(headers);
        share_diagnostics();
        for (auto& recipient : out_.recipients) {
            read_diagnostic(recipient);
            if (recipient.command.empty()) recipient.command = make_fact(format_.command, source_, {});
            add_meaning(recipient.diagnostic);
        }
        out_.format = out_.named = &format_;
        return std::move(out_);
    }

  private:
    enum class Go { on, stop };

    [[nodiscard]] bool found(const AnyOf& patterns, const Prose::Line& line) const {
        return patterns.found_in(line.text, line.marks, words_);
    }
    bool match(const AnyOf& patterns, const Prose::Line& line, Groups& groups) const {
        return patterns.match(line.text, line.marks, words_, groups);
    }

    Go take(const Prose::Line& line) {
        if (found(format_.original, line) && reading_began_) {
            out_.returned = text_after(line);
            return Go::stop;
        }
        if (!open_) {
            open_ = found(format_.begin, line);
            // What any report may look like: the first recipient may stand in the line that announces it.
            if (open_ && format_.looks == Format::Looks::report && !found(format_.skip, line)) read_recipients(line);
            return Go::on;
        }
        if (found(format_.end, line)) {
            close_block();
            // Without `begin` nothing could open the reading again.
            if (format_.begin.empty()) return Go::stop;
            open_ = false;
            return Go::on;
        }
        reading_began_ = reading_began_ || !trim(line.text).empty();
        read(line);
        return Go::on;
    }

    [[nodiscard]] std::string_view text_after(const Prose::Line& line) const {
        for (const auto& piece : prose_.pieces)
            if (piece.part == line.place.part)
                return piece.text.substr(static_cast<std::size_t>(line.text.data() - piece.text.data()) +
                                         line.text.size());
        return {};
    }

    void read(const Prose::Line& line) {
        if (found(format_.skip, line)) return;
        Groups groups;
        if (read_recipients(line)) {
            // A service writes its event as one line of JSON.
            const bool in_one_line = format_.follow == Format::Follow::line && text_.empty();
            if (in_one_line && match(format_.detail, line, groups)) begin_detail(groups, line);
            return;
        }
        if (match(format_.ahead, line, groups)) {
            close_block();
            pending_ = make_fact(groups[Group::diagnostic], source_, line.place, longest_diagnostic);
            ahead_ = in_pending_ = true;
            return;
        }
        if (match(format_.detail, line, groups)) {
            begin_detail(groups, line);
            return;
        }
        gather(line);
    }

    /// A pattern that is not tied to the line's beginning may name several recipients in it.
    bool read_recipients(const Prose::Line& line) {
        Groups groups;
        if (!match(format_.recipient, line, groups) || !open_block(groups, line)) return false;
        auto rest = line.text;
        for (int count = 1; count < most_in_line; ++count) {
            rest = rest.substr(static_cast<std::size_t>(groups[Group::whole].data() - rest.data()) +
                               groups[Group::whole].size());
            if (rest.empty() || !format_.recipient.match_again(rest, groups) || groups[Group::whole].empty()) break;
            open_block(groups, line);
        }
        return true;
    }

    bool open_block(const Groups& groups, const Prose::Line& line) {
        auto addresses = addresses_in(groups[Group::address]);
        if (addresses.empty()) return false;
        std::vector<std::size_t> named;
        for (auto& address : addresses) named.push_back(slot(std::move(address), line.place));
        named.erase(std::remove(named.begin(), named.end(), none), named.end());
        // A diagnostic that quotes its own recipient goes on.
        if (named == block_ && gathering_ && !text_.empty()) return false;
        close_block();
        block_ = std::move(named);
        fill(groups, line.place);
        waiting_ = text_.empty();
        gathering_ = format_.follow != Format::Follow::line;
        return true;
    }

    /// The recipient of that address, made if it is new.
    std::size_t slot(std::string address, Place place) {
        const auto [it, is_new] = known_.try_emplace(to_lower(address), out_.recipients.size());
        if (!is_new) return it->second;
        if (out_.recipients.size() >= most_recipients) {
            out_.capped = true;
            known_.erase(it);
            return none;
        }
        Evidence evidence;
        evidence.address = {std::move(address), source_, place};
        out_.recipients.push_back(std::move(evidence));
        said_before_.push_back(pending_);
        if (ahead_) pending_ = {};
        ahead_ = false;
        return it->second;
    }

    void fill(const Groups& groups, Place place) {
        for (const auto index : block_) {
            auto& recipient = out_.recipients[index];
            const auto set = [&](Fact& fact, Group group) {
                if (fact.empty()) fact = make_fact(groups[group], source_, place);
            };
            if (recipient.original_address.empty())
                recipient.original_address = make_fact(clean_address(groups[Group::original]), source_, place);
            set(recipient.status, Group::status);
            set(recipient.smtp_code, Group::code);
            set(recipient.remote_mta, Group::mta);
            if (recipient.command.empty())
                recipient.command = make_fact(normal_command(groups[Group::command]), source_, place);
        }
        text_ = std::string(trim(groups[Group::diagnostic]));
        text_place_ = place;
    }

    void begin_detail(const Groups& groups, const Prose::Line& line) {
        if (block_.empty()) {
            if (in_pending_ && !pending_.empty()) {
                gather(line);
                return;
            }
            pending_ = make_fact(groups[Group::diagnostic], source_, line.place, longest_diagnostic);
            in_pending_ = true;
            return;
        }
        // Lines that tell something else of the recipient leave the diagnostic as it is.
        if (!groups[Group::original].empty() || !groups[Group::command].empty()) {
            const auto said = std::move(text_);
            fill(groups, line.place);
            text_ = said;
            return;
        }
        fill(groups, line.place);
        detailed_ = true;
        waiting_ = text_.empty();
        gathering_ = format_.follow != Format::Follow::line;
    }

    void gather(const Prose::Line& line) {
        const auto text = trim(line.text);
        if (in_pending_) {
            if (text.empty())
                in_pending_ = pending_.empty();
            else
                pending_ = make_fact(pending_.text + " " + std::string(text), source_,
                                     pending_.empty() ? line.place : pending_.place, longest_diagnostic);
            return;
        }
        if (block_.empty() || (!gathering_ && !text.empty())) return;
        if (text.empty()) {
            if (!waiting_ && (detailed_ || format_.follow == Format::Follow::paragraph)) gathering_ = false;
            // The reason above each address: what comes now is said of the next one.
            if (format_.follow == Format::Follow::line && !pending_.empty()) close_block();
            return;
        }
        if (waiting_) text_place_ = line.place;
        waiting_ = false;
        append(text_, text);
    }

    static void append(std::string& to, std::string_view text) {
        if (to.size() >= longest_diagnostic) return;
        if (!to.empty()) to += ' ';
        to += text;
    }

    void close_block() {
        const auto fact = make_fact(text_, source_, text_place_, longest_diagnostic);
        for (const auto index : block_) {
            auto& known = out_.recipients[index].diagnostic;
            // A recipient named twice, as in a transcript: what is said the second time completes the first.
            if (known.empty())
                known = fact;
            else if (!fact.empty() && known.text.find(fact.text) == std::string::npos)
                known = make_fact(known.text + " " + fact.text, source_, known.place, longest_diagnostic);
        }
        block_.clear();
        text_.clear();
        waiting_ = gathering_ = detailed_ = in_pending_ = false;
    }

    void add_from_header(const Headers& headers) {
        if (format_.recipient_header.empty() || !out_.recipients.empty()) return;
        for (const auto& field : headers.fields()) {
            if (!equals_ignoring_case(field.name, format_.recipient_header)) continue;
            for (auto& address : addresses_in(field.value))
                if (const auto index = slot(std::move(address), {0, 0}); index != none)
                    out_.recipients[index].address.source = Source::header;
        }
    }

    /// Recipients listed one under the other share what is said above the list, or below it.
    void share_diagnostics() {
        Fact next = pending_;
        for (std::size_t i = out_.recipients.size(); i-- > 0;) {
            auto& own = out_.recipients[i].diagnostic;
            const auto& before = said_before_[i];
            if (own.empty())
                own = before.empty() ? next : before;
            else if (before.empty())
                next = own;
            else if (own.text.find(before.text) == std::string::npos)
                own = make_fact(before.text + " " + own.text, source_, before.place, longest_diagnostic);
        }
    }

    void add_meaning(Fact& said) const {
        if (format_.means.empty() || said.text.find(format_.means) != std::string::npos) return;
        const auto reply = find_reply(said.text);
        if (!reply.code.empty() || !reply.status.empty()) return;
        const auto room = longest_diagnostic - std::min(longest_diagnostic, format_.means.size() + 3);
        said = make_fact(std::string(clip(said.text, room)) + " [" + format_.means + "]", source_, said.place,
                         longest_diagnostic);
    }

    static constexpr std::size_t none = static_cast<std::size_t>(-1);

    const Format& format_;
    const Prose& prose_;
    const Search& words_; ///< of the prose's head
    Source source_;
    ProseReading out_;
    std::unordered_map<std::string, std::size_t> known_; ///< address in lower case -> index
    std::vector<std::size_t> block_;                     ///< recipients whose block is open
    std::string text_;                                   ///< diagnostic of the open block
    Place text_place_;
    Fact pending_;                  ///< a detail that stood before the recipient that follows
    std::vector<Fact> said_before_; ///< for each recipient: `pending_` when it was named first
    bool open_;
    bool reading_began_ = false;
    bool waiting_ = false;   ///< the diagnostic has not begun
    bool gathering_ = false; ///< following lines belong to the diagnostic
    bool detailed_ = false;  ///< a detail line has (re)started the diagnostic
    bool in_pending_ = false;
    bool ahead_ = false; ///< `pending_` is of the next recipient alone
};

/// The formats' own wording first, then what any report may look like.
ProseReading read_first(const Headers& headers, const Prose& prose, const Holding& holding, Format::Looks looks) {
    ProseReading doubtful; // a loose reading that names the report's own people only
    for (const auto* candidate : holding.formats()) {
        const Format& format = *candidate;
        if (format.looks == Format::Looks::report && looks != Format::Looks::report) continue;
        if (!format.reads() || !holding.all(format.when)) continue;
        ProseReading reading = Scanner(format, prose, holding.text()).scan(headers);
        if (format.looks == Format::Looks::report)
            reading.recipients = sift_recipients(std::move(reading.recipients), headers);
        if (reading.recipients.empty()) continue;
        reading.delayed = holding.any(format.delayed);
        if (format.looks != Format::Looks::report || !are_its_own(reading.recipients, headers)) return reading;
        if (doubtful.format == nullptr) doubtful = std::move(reading);
    }
    return doubtful;
}

} // namespace

ProseReading read_prose(const Headers& headers, const Prose& prose, const Holding& holding, Format::Looks looks) {
    ProseReading out = read_first(headers, prose, holding, looks);
    // Who signs a report tells more than whose wording it borrows.
    for (const auto* format : holding.formats())
        if (!format->reads() && holding.all(format->when)) {
            out.named = format;
            break;
        }
    return out;
}

} // namespace nixie
