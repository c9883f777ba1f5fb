#include "explain/codes.hpp"

#include <array>

#include "base/text.hpp"
#include "patterns/regex.hpp"

namespace nixie {
namespace {

constexpr std::string_view remark = "a reply code is three digits, an enhanced status code class.subject.detail";

struct Shape {
    std::string reply, status;
    bool fits = false;
};

/// Numbers that stand as codes do, whether or not there are such codes.
Shape shape_of(std::string_view text) {
    static constexpr std::array<std::string_view, 2> names{"reply", "status"};
    static const Regex pattern(R"(^(?:(?P<reply>\d{3})(?:[\s-]+|$))?(?:\(?#?(?P<status>(?:\d+|X)\.\d+\.\d+)\)?)?$)",
                               Regex::Ends::text, names);
    std::array<std::string_view, 3> groups;
    Shape out;
    out.fits = pattern.capture(trim(text), groups) && !(groups[1].empty() && groups[2].empty());
    if (!out.fits) return out;
    out.reply = groups[1];
    out.status = to_upper(groups[2]);
    return out;
}

std::string complaint_about(const Shape& shape) {
    if (!shape.reply.empty() && (shape.reply.front() < '2' || shape.reply.front() > '5'))
        return shape.reply + " is no SMTP reply code: the first digit is 2, 3, 4 or 5";
    if (shape.status.empty()) return {};
    static const Regex sound(R"([245X]\.\d{1,3}\.\d{1,3})");
    const auto first = shape.status.substr(0, shape.status.find('.'));
    if (first != "2" && first != "4" && first != "5" && first != "X")
        return shape.status + " is no enhanced status code: the class is 2, 4 or 5";
    if (!sound.matches_whole(shape.status))
        return shape.status + " is no enhanced status code: subject and detail have three digits at most";
    return {};
}

CodeMeaning status_meaning(const std::string& status, const CodeBook& book) {
    const auto dot = status.find('.');
    const auto second = status.find('.', dot + 1);
    CodeMeaning out{status, &book, CodeBook::find(book.classes, status.substr(0, dot)), nullptr, nullptr};
    out.of_subject = CodeBook::find(book.subjects, "X" + status.substr(dot, second - dot));
    out.of_code = CodeBook::find(book.codes, "X" + status.substr(dot));
    return out;
}

CodeMeaning reply_meaning(const std::string& reply, const CodeBook& book) {
    CodeMeaning out{reply, &book, CodeBook::find(book.classes, reply.substr(0, 1)), nullptr, nullptr};
    out.of_subject = CodeBook::find(book.subjects, std::string("X") + reply[1]);
    out.of_code = CodeBook::find(book.codes, reply);
    return out;
}

} // namespace

std::optional<Codes> parse_codes(std::string_view text) {
    const Shape shape = shape_of(text);
    if (!shape.fits || !complaint_about(shape).empty()) return std::nullopt;
    return Codes{shape.reply, shape.status};
}

std::string code_complaint(std::string_view text) {
    const Shape shape = shape_of(text);
    if (!shape.fits) return {};
    auto complaint = complaint_about(shape);
    return complaint.empty() ? complaint : complaint + " (" + std::string(remark) + ")";
}

std::vector<CodeMeaning> look_up(const Codes& codes, const Registry& registry) {
    std::vector<CodeMeaning> out;
    if (!codes.status.empty()) out.push_back(status_meaning(codes.status, registry.status));
    if (!codes.reply.empty()) out.push_back(reply_meaning(codes.reply, registry.reply));
    return out;
}

} // namespace nixie
