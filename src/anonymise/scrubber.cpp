#include "anonymise/scrubber.hpp"

#include <arpa/inet.h>
#include <re2/re2.h>

#include <algorithm>

#include "anonymise/characters.hpp"
#include "anonymise/vocabulary.hpp"
#include "base/text.hpp"

namespace nixie {
namespace {

constexpr std::size_t shortest_subject = 6;
constexpr std::size_t longest_subject = 200;
constexpr std::size_t longest_local = 200;
constexpr std::size_t longest_host = 255;
constexpr std::size_t shortest_token = 10;
constexpr std::size_t longest_ip = 45;
constexpr auto npos = std::string_view::npos;

bool ends_word(char c) {
    return (c >= 0 && c <= ' ') || c == 0x7f || std::string_view("<>()[]{}\",;`\\").find(c) != std::string_view::npos;
}

bool is_ip(int family, std::string_view text) {
    unsigned char buffer[16];
    return text.size() <= longest_ip && inet_pton(family, std::string(text).c_str(), buffer) == 1;
}

/// "mx.example.com", but not "disabled.It".
bool is_host(std::string_view text) {
    const auto dot = text.rfind('.');
    if (dot == std::string_view::npos || dot == 0 || text.size() > longest_host) return false;
    const std::string_view last = text.substr(dot + 1);
    if (!is_top_level(last) || text.find("..") != std::string_view::npos) return false;
    const bool new_sentence = last.front() >= 'A' && last.front() <= 'Z' && !(text[0] >= 'A' && text[0] <= 'Z');
    return !new_sentence;
}

/// A queue id, a key, a number of something: long, with letters and digits, and none of the words of mail software.
bool is_token(std::string_view text) {
    if (text.size() < shortest_token) return false;
    const auto digits = std::count_if(text.begin(), text.end(), is_digit);
    const auto letters = std::count_if(text.begin(), text.end(), is_letter);
    if (digits < 2 || (letters == 0 && digits < 9)) return false;
    const std::string lower = to_lower(text);
    for (const std::string_view known :
         {"sha", "aes", "iso-", "iso_", "windows-", "tls", "rsa", "ecdh", "utf", "rfc", "koi8", "base64"})
        if (lower.starts_with(known)) return false;
    if (lower.starts_with("20") && lower[4] == '-') return false; // a date
    return std::all_of(text.begin(), text.end(), [](char c) { return is_alnum(c) || c == '-' || c == '_'; });
}

/// With a country's "+", an area's parentheses or "0", or as 555-123-4567.
const RE2& telephone() {
    static const RE2 pattern(
        R"((\+\d[\d ()./-]{6,18}\d|\(0?\d{2,5}\)[ -]?\d[\d /-]{4,12}\d|\b0\d{2,5}[ /]\d[\d -]{4,12}\d|)"
        R"(\b\d{3}-\d{3}-\d{4}\b))");
    return pattern;
}

/// "&#64;" and its kin, under which an address may hide in HTML, as the character.
std::string without_references(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    static const RE2 pattern(R"(^&#([xX][0-9a-fA-F]{1,4}|[0-9]{1,4});)");
    for (std::size_t at = 0; at < text.size();) {
        const auto mark = text.find("&#", at);
        out += text.substr(at, mark == std::string_view::npos ? mark : mark - at);
        if (mark == std::string_view::npos) break;
        constexpr std::size_t longest = 8;
        const std::string_view rest = text.substr(mark, longest);
        re2::StringPiece number;
        at = mark + 1;
        if (!RE2::PartialMatch({rest.data(), rest.size()}, pattern, &number)) {
            out += '&';
            continue;
        }
        const bool hex = number[0] == 'x' || number[0] == 'X';
        const int code = std::stoi(std::string(number.data() + (hex ? 1 : 0), number.size() - (hex ? 1 : 0)), nullptr,
                                   hex ? 16 : 10);
        const char c = code < 127 ? static_cast<char>(code) : '\0';
        if (c == '@' || c == '.' || c == '-' || c == '_' || is_alnum(c)) {
            out += c;
            at = mark + number.size() + 3;
        } else {
            out += '&';
        }
    }
    return out;
}

} // namespace

Scrubber::Scrubber(Pseudonyms& names, const ScrubSettings& settings, std::string_view subject)
    : names_(names), settings_(settings), subject_(clip(trim(subject), longest_subject)) {
    if (subject_.size() < shortest_subject)
        subject_.clear();
    else
        subject_stand_in_ = this->subject(subject_);
}

std::string Scrubber::text(std::string_view text) {
    const std::string plain = without_subject(without_references(text));
    return words(settings_.hide_tokens ? without_telephones(plain) : plain, Local::mailbox);
}

std::string Scrubber::message_ids(std::string_view text) { return words(text, Local::message_id); }

std::string Scrubber::id(std::string_view word) {
    if (word.find('@') != std::string_view::npos) return message_ids(word);
    std::string out = names_.shaped(word);
    names_.learn(word, out);
    return out;
}

std::string Scrubber::words(std::string_view text, Local local) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t begin = at;
        while (at < text.size() && ends_word(text[at])) ++at;
        out += text.substr(begin, at - begin);
        const std::size_t start = at;
        while (at < text.size() && !ends_word(text[at])) ++at;
        if (at > start) word(text.substr(start, at - start), local, out);
    }
    return out;
}

/// A run without blanks and brackets: addresses, a URL, "key=value", …
void Scrubber::word(std::string_view word, Local local, std::string& out) {
    for (auto at = word.find('@'); at != std::string_view::npos; at = word.find('@')) {
        std::size_t begin = at; // behind "mailto:", "to:" or a word in another script
        while (begin > 0 && !is_foreign(word[begin - 1]) && std::string_view(":'/|").find(word[begin - 1]) == npos)
            --begin;
        piece(word.substr(0, begin), out);
        const std::string_view mailbox = word.substr(begin, at - begin);
        std::size_t end = at + 1;
        while (end < word.size() && in_host(word[end])) ++end;
        while (end > at + 1 && !is_alnum(word[end - 1])) --end;
        if (mailbox.size() > longest_local || local == Local::message_id)
            out += names_.message_id(mailbox);
        else
            out += names_.local_part(mailbox);
        out += '@';
        const std::string_view domain = word.substr(at + 1, end - at - 1);
        out += is_ip(AF_INET, domain) ? names_.ip4(domain) : names_.host(domain.substr(0, longest_host));
        word.remove_prefix(end);
    }
    piece(word, out);
}

/// What has no '@' in it.
void Scrubber::piece(std::string_view text, std::string& out) {
    const auto first = std::min(text.find_first_not_of(".:'*-_=|!?"), text.size());
    out += text.substr(0, first);
    text.remove_prefix(first);
    const auto last = text.find_last_not_of(".:'*-_=|!?");
    const std::string_view tail = last == std::string_view::npos ? std::string_view{} : text.substr(last + 1);
    text = text.substr(0, last == std::string_view::npos ? 0 : last + 1);
    if (is_ip(AF_INET6, text)) {
        out += names_.ip6(text);
    } else {
        for (std::size_t at = 0; at < text.size();) {
            const std::size_t begin = at;
            bool foreign = false;
            for (; at < text.size() && (in_host(text[at]) || is_foreign(text[at])); ++at)
                foreign = foreign || is_foreign(text[at]);
            const std::string_view part = text.substr(begin, at - begin);
            if (const std::string* known = settings_.hide_words ? names_.known_word(part) : nullptr; known != nullptr)
                out += *known;
            else if (foreign)
                between_foreign(part, out);
            else
                single(part, out);
            while (at < text.size() && !in_host(text[at]) && !is_foreign(text[at])) out += text[at++];
        }
    }
    out += tail;
}

/// The ASCII words between characters of another script.
void Scrubber::between_foreign(std::string_view text, std::string& out) {
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t begin = at;
        while (at < text.size() && !is_foreign(text[at])) ++at;
        single(text.substr(begin, at - begin), out);
        while (at < text.size() && is_foreign(text[at])) out += text[at++];
    }
}

void Scrubber::single(std::string_view text, std::string& out) {
    if (is_ip(AF_INET, text))
        out += names_.ip4(text);
    else if (is_host(text))
        out += names_.host(text);
    else if (settings_.hide_tokens && is_token(text))
        out += names_.shaped(text);
    else
        out += text;
}

std::string Scrubber::without_subject(std::string_view text) const {
    std::string out;
    if (subject_.empty()) return std::string(text);
    for (;;) {
        const auto at = text.find(subject_);
        out += text.substr(0, at);
        if (at == std::string_view::npos) return out;
        out += subject_stand_in_;
        text.remove_prefix(at + subject_.size());
    }
}

std::string Scrubber::without_telephones(std::string_view text) {
    std::string out;
    re2::StringPiece rest(text.data(), text.size());
    re2::StringPiece found;
    const char* copied = text.data();
    while (RE2::FindAndConsume(&rest, telephone(), &found)) {
        out.append(copied, static_cast<std::size_t>(found.data() - copied));
        out += names_.shaped({found.data(), found.size()});
        copied = found.data() + found.size();
    }
    out.append(copied, static_cast<std::size_t>(text.data() + text.size() - copied));
    return out;
}

void Scrubber::phrase(std::string_view phrase, std::string& out) {
    for (std::size_t at = 0; at < phrase.size();) {
        const std::size_t begin = at;
        while (at < phrase.size() && ends_word(phrase[at])) ++at;
        out += phrase.substr(begin, at - begin);
        const std::size_t start = at;
        while (at < phrase.size() && !ends_word(phrase[at])) ++at;
        std::string_view name = phrase.substr(start, at - start);
        if (name.find('@') != std::string_view::npos || is_host(name)) {
            word(name, Local::mailbox, out);
            continue;
        }
        const auto quote = std::min(name.find_first_not_of("'."), name.size());
        out += name.substr(0, quote);
        name.remove_prefix(quote);
        const auto end = name.find_last_not_of("'.:") + 1;
        out += names_.person(name.substr(0, end));
        out += name.substr(end);
    }
}

std::string Scrubber::addresses(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        const auto open = text.find('<');
        const auto close = open == std::string_view::npos ? open : text.find('>', open);
        const std::string_view before = text.substr(0, open);
        if (open == std::string_view::npos && before.find('@') == std::string_view::npos && !trim(before).empty()) {
            phrase(before, out);
            return out;
        }
        if (open == std::string_view::npos) return out += this->text(before);
        const std::string_view bracket = text.substr(open, close == std::string_view::npos ? close : close + 1 - open);
        const auto at = bracket.find('@');
        // An office's name says what kind of mail this is.
        if (at != std::string_view::npos && is_role(to_lower(bracket.substr(1, at - 1))))
            out += this->text(before);
        else
            phrase(before, out);
        out += this->text(bracket);
        text.remove_prefix(open + bracket.size());
    }
    return out;
}

std::string Scrubber::subject(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t begin = at;
        while (at < text.size() && !is_foreign(text[at]) && !is_alnum(text[at])) ++at;
        out += text.substr(begin, at - begin);
        const std::size_t start = at;
        while (at < text.size() && (is_foreign(text[at]) || is_alnum(text[at]))) ++at;
        const std::string_view word = text.substr(start, at - start);
        constexpr std::size_t longest_prefix = 3; // Re: Fwd: AW: …
        const bool prefix = at < text.size() && text[at] == ':' && word.size() <= longest_prefix;
        out += word.empty() ? "" : prefix ? std::string(word) : names_.subject_word(word);
    }
    return out;
}

} // namespace nixie
