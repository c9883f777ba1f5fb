#include "patterns/literal_index.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <limits>

namespace nixie {
namespace {

constexpr std::array<char, 5> white{' ', '\t', '\n', '\f', '\r'};

/// How common a byte is in mail, roughly.
constexpr std::array<int, 256> commonness = [] {
    constexpr std::string_view common = "qzjxkvbywgpfmudhclnrsioat e"; // rising
    std::array<int, 256> out{};
    for (std::size_t i = 0; i < common.size(); ++i) out[static_cast<unsigned char>(common[i])] = static_cast<int>(i);
    return out;
}();

/// In how many words so many bytes stand, or others that happen to share their place here.
class Uses {
  public:
    static constexpr std::size_t window = 4;

    explicit Uses(const std::unordered_map<std::string, std::uint32_t>& words) {
        for (const auto& [word, number] : words)
            for (std::size_t i = 0; i + window <= word.size(); ++i) ++counts_[place_of(word.data() + i)];
    }
    [[nodiscard]] int of(std::string_view bytes) const {
        return bytes.size() == window ? counts_[place_of(bytes.data())] : 0;
    }

  private:
    static constexpr unsigned bits = 16;
    static std::size_t place_of(const char* bytes) {
        std::uint32_t out = 0;
        std::memcpy(&out, bytes, window);
        return out * 0x9E3779B1U >> (32 - bits);
    }
    std::vector<int> counts_ = std::vector<int>(std::size_t{1} << bits, 0);
};

/// White space in the midst of a window may be longer than in the word.
bool is_usable(std::string_view window) {
    return window.substr(1, window.size() - 2).find(any_space) == std::string_view::npos;
}

/// Where so many bytes of `word` stand that few other words have and mail seldom; npos if white space is in the way.
std::size_t most_telling(std::string_view word, std::size_t size, const Uses& uses) {
    constexpr int weight_of_word = 8;
    constexpr int weight_of_space = 400; // filed five times
    std::size_t best = std::string_view::npos;
    int least = std::numeric_limits<int>::max();
    for (std::size_t i = 0; i + size <= word.size(); ++i) {
        const auto window = word.substr(i, size);
        if (!is_usable(window)) continue;
        int sum = weight_of_word * uses.of(window);
        for (const char c : window) sum += c == any_space ? weight_of_space : commonness[static_cast<unsigned char>(c)];
        if (sum >= least) continue;
        least = sum;
        best = i;
    }
    return best;
}

/// Past the white space at `at`, towards the end or the beginning; `at` itself where there is none.
std::size_t after_white(std::string_view text, std::size_t at) {
    while (at < text.size() && is_white(text[at])) ++at;
    return at;
}
std::size_t before_white(std::string_view text, std::size_t at) {
    while (at > 0 && is_white(text[at - 1])) --at;
    return at;
}

} // namespace

void LiteralIndex::Table::finish() {
    assert(entries.size() < std::numeric_limits<std::uint16_t>::max());
    constexpr std::size_t buckets = std::size_t{1} << bucket_bits;
    first.assign(buckets + 1, 0);
    filter.assign((std::size_t{1} << filter_bits) / 64, 0);
    std::sort(entries.begin(), entries.end(),
              [](const Entry& a, const Entry& b) { return bucket_of(a.bytes) < bucket_of(b.bytes); });
    for (const auto& entry : entries) {
        const auto bit = hash_of(entry.bytes) >> (32 - filter_bits);
        filter[bit / 64] |= std::uint64_t{1} << (bit % 64);
        ++first[bucket_of(entry.bytes) + 1];
    }
    for (std::size_t i = 0; i < buckets; ++i) first[i + 1] = static_cast<std::uint16_t>(first[i + 1] + first[i]);
}

std::uint32_t LiteralIndex::add(const std::string& word) {
    assert(word.size() >= 3 && word.size() <= std::numeric_limits<std::uint16_t>::max());
    const auto [it, is_new] = numbers_.try_emplace(word, static_cast<std::uint32_t>(size_));
    if (is_new) ++size_;
    assert(size_ < std::numeric_limits<std::uint16_t>::max());
    return it->second;
}

/// Under so many of its bytes from `offset` on; where white space is among them, under each kind of it.
void LiteralIndex::file(const std::string& word, std::uint32_t number, std::size_t offset, std::size_t size) {
    const Entry entry{0,
                      static_cast<std::uint32_t>(texts_.size()),
                      static_cast<std::uint16_t>(number),
                      static_cast<std::uint16_t>(word.size()),
                      static_cast<std::uint16_t>(offset),
                      word.find(any_space) != std::string::npos,
                      word.size() >= 4 ? four_bytes(word.data() + word.size() - 4) : 0};
    texts_ += word;
    Table& table = size == 3 ? by_three_ : by_four_;
    std::vector<std::string> windows{word.substr(offset, size)};
    for (std::size_t i = 0; i < windows.front().size(); ++i) {
        if (windows.front()[i] != any_space) continue;
        std::vector<std::string> more;
        for (auto window : windows)
            for (const char c : white) {
                window[i] = c;
                more.push_back(window);
            }
        windows = std::move(more);
    }
    for (const auto& window : windows) {
        Entry filed = entry;
        filed.bytes = window.size() == 3 ? three_bytes(window.data()) : four_bytes(window.data());
        table.entries.push_back(filed);
    }
}

void LiteralIndex::finish() {
    const Uses uses(numbers_);
    for (const auto& [word, number] : numbers_) {
        if (const auto four = most_telling(word, 4, uses); four != std::string::npos) {
            file(word, number, four, 4);
            continue;
        }
        const auto three = most_telling(word, 3, uses);
        assert(three != std::string::npos);
        file(word, number, three, 3);
    }
    numbers_.clear();
    by_four_.finish();
    by_three_.finish();
}

bool LiteralIndex::stands(const Entry& entry, std::string_view folded, std::size_t at, Hit& hit) const {
    const std::string_view word(texts_.data() + entry.text, entry.size);
    if (!entry.spaced) {
        if (entry.offset > at || folded.size() - (at - entry.offset) < entry.size) return false;
        hit.begin = at - entry.offset;
        hit.end = hit.begin + entry.size;
        return std::memcmp(folded.data() + hit.begin, word.data(), word.size()) == 0;
    }
    hit.end = at;
    hit.begin = word[entry.offset] == any_space ? before_white(folded, at) : at;
    for (std::size_t i = entry.offset; i > 0; --i) {
        if (word[i - 1] == any_space) {
            const auto begin = before_white(folded, hit.begin);
            if (begin == hit.begin) return false;
            hit.begin = begin;
        } else if (hit.begin == 0 || folded[--hit.begin] != word[i - 1]) {
            return false;
        }
    }
    for (std::size_t i = entry.offset; i < word.size(); ++i) {
        if (word[i] == any_space) {
            const auto end = after_white(folded, hit.end);
            if (end == hit.end) return false;
            hit.end = end;
        } else if (hit.end == folded.size() || folded[hit.end++] != word[i]) {
            return false;
        }
    }
    return true;
}

} // namespace nixie
