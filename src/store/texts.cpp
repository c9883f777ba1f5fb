#include "store/texts.hpp"

#include <limits>

#include "base/text.hpp"
#include "store/store_impl.hpp"

namespace nixie {
namespace {

constexpr std::size_t longest_text = 400, most_sightings = 65'536;
/// Where the recipient's address was.
constexpr char address_mark = '\x01';

std::string with_mark(std::string_view text, std::string_view address) {
    std::string out(text);
    if (address.empty()) return out;
    for (auto at = out.find(address); at != std::string::npos; at = out.find(address, at + 1))
        out.replace(at, address.size(), 1, address_mark);
    return out;
}

/// Who is named in a text might ask to be forgotten.
bool names_somebody(std::string_view text) { return text.find('@') != std::string_view::npos; }

} // namespace

bool Sightings::is_shared(std::string_view text, std::string_view whose) {
    if (first_.size() >= most_sightings) first_.clear();
    const std::hash<std::string_view> hash;
    const auto [seen, is_new] = first_.try_emplace(hash(text), hash(whose));
    return !is_new && seen->second != hash(whose);
}

Texts::Texts(SQLite::Database& db, Sightings& sightings)
    : sightings_(sightings), find_(db, "SELECT id FROM texts WHERE text = ?"), add_(db, R"sql(
          INSERT OR IGNORE INTO texts (text) SELECT ?1 WHERE (SELECT max(id) FROM texts) < ?2)sql") {}

std::int64_t Texts::word(std::string_view text) {
    if (text.empty()) return 0;
    const std::string key(text);
    const auto known = find(key);
    return known != 0 ? known : add(key, std::numeric_limits<std::int64_t>::max());
}

Coded Texts::text(std::string_view text, std::string_view whose) {
    if (text.empty()) return 0;
    std::string key(text);
    if (text.size() > longest_text || names_somebody(text)) return key;
    if (const auto known = find(key); known != 0) return known;
    if (!sightings_.is_shared(text, whose)) return key;
    if (const auto added = add(key, most_texts); added != 0) return added;
    return key;
}

Coded Texts::text_about(std::string_view text, std::string_view address) {
    if (text.find(address_mark) != std::string_view::npos) return std::string(text);
    const auto coded = this->text(with_mark(text, address), to_lower(address));
    return std::holds_alternative<std::int64_t>(coded) ? coded : Coded(std::string(text));
}

std::int64_t Texts::find(const std::string& text) {
    const auto [known, is_new] = known_.try_emplace(text, 0);
    if (is_new && find_row(find_, text)) known->second = find_.getColumn(0).getInt64();
    return known->second;
}

std::int64_t Texts::add(const std::string& text, std::int64_t most) {
    run(add_, text, most);
    return known_[text] = find_row(find_, text) ? find_.getColumn(0).getInt64() : 0;
}

} // namespace nixie
