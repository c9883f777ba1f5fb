#include <algorithm>
#include <map>
#include <numeric>
#include <utility>

#include "classify/compiled_rules.hpp"

namespace nixie {
namespace {

constexpr int shortest_literal = 3;
/// For automata, which are built as texts need them and dropped when this is used up: of the literals, of one pattern.
constexpr std::int64_t literals_memory = 32 << 20;
constexpr std::int64_t pattern_memory = 1 << 19;

RE2::Options options(std::int64_t memory) {
    RE2::Options out;
    out.set_case_sensitive(false);
    out.set_log_errors(false);
    out.set_max_mem(memory);
    return out;
}

RE2::Options literal_options() {
    RE2::Options out = options(literals_memory);
    out.set_literal(true);
    return out;
}

CompiledRule::Alternatives compile_all(const std::vector<std::string>& patterns) {
    CompiledRule::Alternatives out;
    for (const auto& pattern : patterns) out.push_back(std::make_unique<const RE2>(pattern, options(pattern_memory)));
    return out;
}

CompiledRule compile_one(const Rule& rule) {
    return {rule.id,
            rule.reason,
            rule.category.value_or(info(rule.reason).category),
            rule.type,
            compile_all(rule.status),
            compile_all(rule.code),
            compile_all(rule.mta),
            compile_all(rule.domain)};
}

Result<std::unique_ptr<const Rules::Impl>> compile_files(const std::vector<DataFile>& files) {
    std::vector<Rule> all;
    for (const auto& file : files) {
        auto rules = read_rules(file);
        if (!rules) return rules.error();
        std::move(rules->begin(), rules->end(), std::back_inserter(all));
    }
    return Rules::Impl::compile(all);
}

} // namespace

Rules::Impl::Impl() : texts_(shortest_literal), literals_(literal_options(), RE2::UNANCHORED) {}

std::optional<Error> Rules::Impl::add(const Rule& rule) {
    const auto index = static_cast<int>(rules_.size());
    for (const auto& pattern : rule.text) {
        int number = 0;
        if (texts_.Add(pattern, options(pattern_memory), &number) != RE2::NoError)
            return Error{ErrorCode::config, "pattern '" + pattern + "' does not compile", rule.where, "shorten it"};
        rule_of_text_.push_back(index);
    }
    if (rule.text.empty()) without_text_.push_back(index);
    rules_.push_back(compile_one(rule));
    return std::nullopt;
}

std::optional<Error> Rules::Impl::finish() {
    std::vector<std::string> literals;
    if (!rule_of_text_.empty()) texts_.Compile(&literals);
    for (const auto& literal : literals) literals_.Add(literal, nullptr);
    if (literals_.Compile()) return std::nullopt;
    return Error{ErrorCode::config, "the rules' patterns are too many or too large", "", "shorten some"};
}

Result<std::unique_ptr<const Rules::Impl>> Rules::Impl::compile(const std::vector<Rule>& rules) {
    auto out = std::unique_ptr<Impl>(new Impl);
    std::map<std::string, std::string> seen;
    for (const auto& rule : rules) {
        const auto [first, is_new] = seen.emplace(rule.id, rule.where);
        if (!is_new)
            return Error{ErrorCode::config, "rule id \"" + rule.id + "\" is taken", rule.where,
                         "rename it, or the one at " + first->second};
        if (auto error = out->add(rule)) return *std::move(error);
    }
    if (auto error = out->finish()) return *std::move(error);
    return std::unique_ptr<const Impl>(std::move(out));
}

std::vector<int> Rules::Impl::possible_texts(std::string_view words) const {
    std::vector<int> found;
    RE2::Set::ErrorInfo problem{RE2::Set::kNoError};
    std::vector<int> out;
    if (rule_of_text_.empty()) return out;
    if (!literals_.Match(re2::StringPiece(words.data(), words.size()), &found, &problem) &&
        problem.kind != RE2::Set::kNoError) {
        // The automaton outgrew its memory: every pattern is possible.
        out.resize(rule_of_text_.size());
        std::iota(out.begin(), out.end(), 0);
        return out;
    }
    texts_.AllPotentials(found, &out);
    std::sort(out.begin(), out.end());
    return out;
}

std::vector<Candidate> Rules::Impl::candidates(std::string_view words) const {
    std::vector<Candidate> out;
    auto other = without_text_.begin();
    const auto others_before = [&](int rule) {
        for (; other != without_text_.end() && *other < rule; ++other)
            out.push_back({&rules_[static_cast<std::size_t>(*other)], nullptr});
    };
    for (const int text : possible_texts(words)) {
        const int rule = rule_of_text_[static_cast<std::size_t>(text)];
        others_before(rule);
        out.push_back({&rules_[static_cast<std::size_t>(rule)], &texts_.GetRE2(text)});
    }
    others_before(static_cast<int>(rules_.size()));
    return out;
}

Rules::Rules(std::unique_ptr<const Impl> impl) : impl_(std::move(impl)) {}
Rules::Rules(Rules&&) noexcept = default;
Rules& Rules::operator=(Rules&&) noexcept = default;
Rules::~Rules() = default;

Rules Rules::built_in() {
    auto compiled = compile_files(built_in_files("rules"));
    assert(compiled.ok());
    return Rules(std::move(compiled).value());
}

Result<Rules> Rules::from_directory(const std::string& directory) {
    const auto files = files_in(directory);
    if (!files) return files.error();
    auto compiled = compile_files(*files);
    if (!compiled) return compiled.error();
    return Rules(std::move(compiled).value());
}

} // namespace nixie
