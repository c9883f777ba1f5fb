// Every message in samples/ keeps its verdict when it is made anonymous, and nobody's name is left in it.
#include <re2/re2.h>

#include <set>

#include <catch2/catch.hpp>

#include "anonymise/anonymise.hpp"
#include "anonymise/vocabulary.hpp"
#include "base/text.hpp"
#include "support/samples.hpp"
#include "support/whole_file.hpp"

using namespace nixie;

namespace {

/// Whatever a reader can see of a message, decoded.
std::string seen(const std::string& bytes) {
    std::string out;
    for (const auto& part : parse_message(bytes).parts) {
        for (const auto& field : part.headers.fields()) out += field.name + ": " + field.value + "\n";
        out += part.filename + "\n" + part.text + "\n";
    }
    return to_lower(out);
}

/// The private halves of the addresses in `text`.
std::set<std::string> names_in(const std::string& text) {
    static const RE2 address(R"(([a-z0-9._%+=-]+)@([a-z0-9-]+(?:\.[a-z0-9-]+)+))");
    std::set<std::string> out;
    re2::StringPiece rest(text);
    std::string local, host;
    while (RE2::FindAndConsume(&rest, address, &local, &host)) {
        if (!is_role(local) && local.size() > 2 && !is_mail_word(local)) out.insert(local);
        // "google.example" stands for a domain of Google's.
        const auto dot = host.rfind('.');
        const auto begin = host.rfind('.', dot - 1) + 1;
        const bool provider = is_provider_label(host.substr(begin, dot - begin));
        if (public_suffix_of(host).empty() && !provider) out.insert(host);
    }
    return out;
}

bool holds_word(const std::string& text, const std::string& word) {
    const auto is_inside = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
    for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) {
        const bool begins = at == 0 || !is_inside(text[at - 1]);
        const auto end = at + word.size();
        if (begins && (end == text.size() || !is_inside(text[end]))) return true;
    }
    return false;
}

} // namespace

TEST_CASE("anonymise: every sample keeps its verdict and its line ends, and no name is left") {
    const std::string end = GENERATE(as<std::string>{}, "\n", "\r\n", "\r");
    const Judge judge = Judge::built_in();
    const auto files = sample_files();
    REQUIRE(files.size() >= least_samples);
    std::size_t checked = 0;
    for (const auto& file : files) {
        INFO(file.string());
        const std::string bytes = with_line_ends(read_file(file), end);
        const Anonymised result = anonymise(bytes, judge);
        CHECK(result.difference == "");
        CHECK((result.bytes.find('\r') != std::string::npos) == (end != "\n"));
        CHECK((result.bytes.find('\n') != std::string::npos) == (end != "\r"));
        const std::string left = to_lower(result.bytes) + seen(result.bytes);
        for (const auto& name : names_in(seen(bytes))) {
            INFO(name);
            CHECK_FALSE(holds_word(left, name));
            ++checked;
        }
    }
    CHECK(checked > 2 * least_samples);
}
