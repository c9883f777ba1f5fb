#include "explain/examples.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "classify/compiled_rules.hpp"
#include "classify/example.hpp"

namespace nixie {
namespace {

Message message_of_example(const Example& example) {
    Message message;
    Part part;
    part.headers = example.headers;
    part.type = "text/plain";
    part.text = example.text;
    message.parts.push_back(std::move(part));
    return message;
}

std::string at_place(const std::string& id, const std::string& where) { return id + " (" + where + ")"; }

class RuleExamples {
  public:
    RuleExamples(const RuleFiles& files, const Rules& rules, ExamplesRun& out)
        : files_(files), compiled_(rules), out_(out) {
        for (const auto& rule : files.rules) by_id_[rule.id] = &rule;
    }

    void run() {
        for (std::size_t i = 0; i < files_.rules.size(); ++i) {
            if (i < files_.own_rules)
                run_own(files_.rules[i]);
            else
                watch(files_.rules[i]);
        }
    }

  private:
    std::string winner(const std::string& example) const { return classify(example_evidence(example), compiled_).rule; }
    const Rule* rule(const std::string& id) const {
        const auto found = by_id_.find(id);
        return found == by_id_.end() ? nullptr : found->second;
    }
    static std::string place(const Rule& rule, const std::vector<int>& lines, std::size_t index) {
        return index < lines.size() ? rule.where.substr(0, rule.where.rfind(':') + 1) + std::to_string(lines[index])
                                    : rule.where;
    }

    void run_own(const Rule& own) {
        std::size_t lost = 0;
        const Rule* first_winner = nullptr;
        for (std::size_t i = 0; i < own.examples.size(); ++i) {
            ++out_.count;
            const auto id = winner(own.examples[i]);
            if (id == own.id) continue;
            const Rule* const by = rule(id);
            // Rules stand in the order of belief.
            if (by != nullptr && by < &own) {
                ++lost;
                if (first_winner == nullptr) first_winner = by;
            }
            out_.failures.push_back(
                {place(own, own.lines.examples, i), own.id, own.examples[i],
                 by == nullptr ? "no rule holds for it" : "decided by " + at_place(by->id, by->where)});
        }
        if (lost == own.examples.size() && first_winner != nullptr) out_.overruled.push_back({&own, first_winner});
        for (std::size_t i = 0; i < own.counter_examples.size(); ++i) {
            ++out_.count;
            if (winner(own.counter_examples[i]) == own.id)
                out_.failures.push_back({place(own, own.lines.counter_examples, i), own.id, own.counter_examples[i],
                                         "a counter example, but decided by this rule"});
        }
    }

    /// Whether rules of one's own take the examples of a built-in one.
    void watch(const Rule& built_in) {
        for (const auto& example : built_in.examples) {
            const Rule* const by = rule(winner(example));
            if (by == nullptr || by >= files_.rules.data() + files_.own_rules) continue;
            auto known = std::find_if(out_.takeovers.begin(), out_.takeovers.end(),
                                      [&](const Takeover& takeover) { return takeover.by == by; });
            if (known == out_.takeovers.end()) known = out_.takeovers.insert(known, {by, &built_in, example, 0});
            ++known->count;
        }
    }

    const RuleFiles& files_;
    const Rules& compiled_;
    ExamplesRun& out_;
    std::map<std::string, const Rule*> by_id_;
};

class FormatExamples {
  public:
    FormatExamples(const RuleFiles& files, const Formats& formats, ExamplesRun& out)
        : files_(files), formats_(formats), out_(out) {}

    void run() {
        const auto& impl = formats_.impl();
        for (std::size_t i = 0; i < files_.own_formats; ++i)
            for (const auto& example : impl.formats[i].examples) run(impl.formats[i], example);
        for (std::size_t i = 0; i < files_.own_kinds; ++i)
            for (const auto& example : impl.kinds[i].examples) {
                ++out_.count;
                if (!Holding(impl, example.headers, example.text, example.attachment).all(impl.kinds[i].when))
                    fail(example, impl.kinds[i].id, "its conditions do not hold");
            }
    }

  private:
    void run(const Format& format, const Example& example) {
        ++out_.count;
        const Report report = read_report(message_of_example(example), formats_);
        if (report.format.empty()) return fail(example, format.id, "no format reads a recipient in it");
        if (report.format != format.id) {
            const auto& all = formats_.impl().formats;
            const auto other =
                std::find_if(all.begin(), all.end(), [&](const Format& f) { return f.id == report.format; });
            return fail(example, format.id,
                        "read by " + (other == all.end() ? report.format : at_place(other->id, other->where)));
        }
        if (report.recipients.empty()) return fail(example, format.id, "no recipient is left of it");
        const auto& first = report.recipients.front();
        if (first.address.text != example.address)
            return fail(example, format.id,
                        "the first recipient is \"" + first.address.text + "\", not \"" + example.address + "\"");
        if (!example.diagnostic.empty() && first.diagnostic.text != example.diagnostic)
            fail(example, format.id,
                 "the diagnostic is \"" + first.diagnostic.text + "\", not \"" + example.diagnostic + "\"");
    }
    void fail(const Example& example, const std::string& id, std::string what) {
        out_.failures.push_back({example.where, id, example.text, std::move(what)});
    }

    const RuleFiles& files_;
    const Formats& formats_;
    ExamplesRun& out_;
};

} // namespace

ExamplesRun run_examples(RuleFiles& files) {
    ExamplesRun out;
    auto compiled = Rules::Impl::compile(files.rules);
    if (!compiled) {
        files.errors.push_back(compiled.error());
        return out;
    }
    const Rules rules = Rules::Impl::wrap(std::move(compiled).value());
    RuleExamples(files, rules, out).run();
    const Formats formats = Formats::Impl::wrap(std::move(files.formats));
    FormatExamples(files, formats, out).run();
    return out;
}

} // namespace nixie
