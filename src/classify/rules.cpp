#include <algorithm>
#include <utility>

#include "classify/compiled_rules.hpp"

namespace nixie {
namespace {

CompiledRule::Alternatives regexes(const std::vector<std::string>& patterns) {
    CompiledRule::Alternatives out;
    for (const auto& pattern : patterns) out.emplace_back(pattern);
    return out;
}

CompiledRule compile_one(const Rule& rule) {
    return {rule.id,
            rule.where,
            rule.source,
            rule.reason,
            rule.category.value_or(info(rule.reason).category),
            rule.type,
            regexes(rule.status),
            regexes(rule.code),
            regexes(rule.command),
            regexes(rule.action),
            regexes(rule.mta),
            regexes(rule.domain)};
}

/// Adds the rules of `files` to `all`.
Result<void> read_files(const std::vector<DataFile>& files, Besides besides, std::vector<Rule>& all) {
    for (const auto& file : files) {
        auto rules = read_rules(file, besides);
        if (!rules) return rules.error();
        std::move(rules->begin(), rules->end(), std::back_inserter(all));
    }
    return {};
}

Result<std::unique_ptr<const Rules::Impl>> compile_files(const std::vector<DataFile>& files) {
    std::vector<Rule> all;
    if (const auto read = read_files(files, Besides::nothing, all); !read) return read.error();
    return Rules::Impl::compile(all);
}

} // namespace

void Rules::Impl::add(const Rule& rule) {
    for (const auto& pattern : rule.text) {
        texts_.add(Regex(pattern));
        rule_of_text_.push_back(rules_.size());
    }
    if (rule.text.empty()) without_text_.push_back(rules_.size());
    rules_.push_back(compile_one(rule));
}

Result<std::unique_ptr<const Rules::Impl>> Rules::Impl::compile(const std::vector<Rule>& rules) {
    auto out = std::make_unique<Impl>();
    std::vector<Error> errors;
    refuse_taken_ids(rules, errors);
    if (!errors.empty()) return errors.front();
    for (const auto& rule : rules) out->add(rule);
    out->texts_.finish();
    return std::unique_ptr<const Impl>(std::move(out));
}

std::vector<Candidate> Rules::Impl::candidates(std::string_view words) const {
    Search search(texts_);
    search.look_at(words);
    auto texts = search.candidates();
    std::sort(texts.begin(), texts.end());
    std::vector<Candidate> out;
    out.reserve(texts.size() + without_text_.size());
    auto other = without_text_.begin();
    const auto others_before = [&](std::size_t rule) {
        for (; other != without_text_.end() && *other < rule; ++other) out.push_back({&rules_[*other], nullptr});
    };
    for (const auto text : texts) {
        others_before(rule_of_text_[text]);
        out.push_back({&rules_[rule_of_text_[text]], &texts_[text]});
    }
    others_before(rules_.size());
    return out;
}

const CompiledRule* Rules::Impl::find(std::string_view id) const {
    const auto found =
        std::find_if(rules_.begin(), rules_.end(), [&](const CompiledRule& rule) { return rule.id == id; });
    return found == rules_.end() ? nullptr : &*found;
}

Rules::Rules(std::unique_ptr<const Impl> impl) : impl_(std::move(impl)) {}
Rules::Rules(Rules&&) noexcept = default;
Rules& Rules::operator=(Rules&&) noexcept = default;
Rules::~Rules() = default;

std::optional<RuleOrigin> Rules::find(std::string_view id) const {
    const CompiledRule* const rule = impl_->find(id);
    if (rule == nullptr) return std::nullopt;
    return RuleOrigin{rule->where, rule->source};
}

Rules Rules::built_in() {
    auto compiled = compile_files(built_in_files("rules"));
    assert(compiled.ok());
    return Rules(std::move(compiled).value());
}

Result<Rules> Rules::with_own(const std::string& directory) {
    const auto files = files_in(directory);
    if (!files) return files.error();
    std::vector<Rule> all;
    if (const auto read = read_files(*files, Besides::formats, all); !read) return read.error();
    if (const auto read = read_files(built_in_files("rules"), Besides::nothing, all); !read) return read.error();
    auto compiled = Impl::compile(all);
    if (!compiled) return compiled.error();
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
