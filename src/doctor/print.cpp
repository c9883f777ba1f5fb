#include "doctor/print.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "log/secrets.hpp"
#include "report/columns.hpp"
#include "report/figures.hpp"

namespace nixie {
namespace {

constexpr std::size_t mark_width = 9;
constexpr std::size_t subject_width = 12;
constexpr std::size_t text_indent = 2 + mark_width + 2 + subject_width + 2;

Paint paint_of(Mark mark) {
    switch (mark) {
        case Mark::ok:
            return Paint::green;
        case Mark::warning:
            return Paint::yellow;
        case Mark::problem:
            return Paint::red;
        case Mark::not_tried:
            break;
    }
    return Paint::faint;
}

/// What servers say may repeat a secret or hold control characters.
std::string shown(const std::string& text) { return fold_space(printable(redacted(text))); }

std::size_t text_columns(std::size_t columns) {
    return columns == any_width || columns <= text_indent ? any_width : columns - text_indent;
}

/// What was not tried for one cause is one line.
Findings folded(const Findings& findings) {
    Findings out;
    for (const auto& finding : findings) {
        const bool same = !out.empty() && finding.mark == Mark::not_tried && out.back().mark == Mark::not_tried &&
                          out.back().text == finding.text;
        if (same)
            out.back().subject += ", " + finding.subject;
        else
            out.push_back(finding);
    }
    for (auto& finding : out) {
        if (finding.subject.find(',') == std::string::npos) continue;
        finding.text = finding.subject + ": " + finding.text;
        finding.subject = "the rest";
    }
    return out;
}

std::size_t count_of(const std::vector<Examination>& examinations, Mark mark) {
    std::size_t out = 0;
    for (const auto& examination : examinations)
        out += static_cast<std::size_t>(std::count_if(examination.findings.begin(), examination.findings.end(),
                                                      [&](const Finding& finding) { return finding.mark == mark; }));
    return out;
}

} // namespace

std::string examination_text(const Examination& examination, std::size_t columns, Colours colours) {
    std::string out = painted(shown(examination.name), Paint::bold, colours);
    if (!examination.about.empty()) out += "  " + shown(examination.about);
    out += '\n';
    for (const auto& finding : folded(examination.findings)) {
        const std::string mark = fmt::format("{:<{}}", name(finding.mark), mark_width);
        out += fmt::format("  {}  {:<{}}  {}\n", painted(mark, paint_of(finding.mark), colours), finding.subject,
                           subject_width, wrapped(shown(finding.text), text_indent, text_columns(columns)));
        if (!finding.remedy.empty())
            out += fmt::format("{:{}}{}\n", "", text_indent,
                               wrapped("→ " + shown(finding.remedy), text_indent, text_columns(columns)));
    }
    return out;
}

std::string verdict_text(const std::vector<Examination>& examinations, Colours colours) {
    const std::size_t problems = count_of(examinations, Mark::problem);
    const std::size_t warnings = count_of(examinations, Mark::warning);
    if (problems + warnings == 0) return painted("All well.", Paint::green, colours) + "\n";
    std::string out;
    if (problems > 0) out = number_of(problems, "problem");
    if (warnings > 0) out += (out.empty() ? "" : ", ") + number_of(warnings, "warning");
    return painted(out + ".", problems > 0 ? Paint::red : Paint::yellow, colours) + "\n";
}

std::string examinations_json(const std::vector<Examination>& examinations) {
    nlohmann::ordered_json out;
    out["health"] = name(gravest(examinations));
    out["examinations"] = nlohmann::ordered_json::array();
    for (const auto& examination : examinations) {
        nlohmann::ordered_json one{{"name", examination.name}, {"about", examination.about}};
        one["findings"] = nlohmann::ordered_json::array();
        for (const auto& finding : examination.findings)
            one["findings"].push_back({{"subject", finding.subject},
                                       {"mark", name(finding.mark)},
                                       {"finding", redacted(finding.text)},
                                       {"remedy", redacted(finding.remedy)}});
        out["examinations"].push_back(std::move(one));
    }
    return out.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

} // namespace nixie
