#include "patterns/literal_index.hpp"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstring>
#include <limits>

namespace nixie {
namespace {

constexpr unsigned bucket_bits = 14;
constexpr std::size_t buckets = std::size_t{1} << bucket_bits;
constexpr std::uint8_t used_by_four = 1;
constexpr std::uint8_t used_by_three = 2;

constexpr std::uint32_t bucket_of(std::uint32_t bytes) { return bytes * 0x9E3779B1U >> (32 - bucket_bits); }

/// As a number of the machine's own byte order, which is the same for words and texts.
std::uint32_t four_bytes(const char* at) {
    std::uint32_t out = 0;
    std::memcpy(&out, at, 4);
    return out;
}
std::uint32_t three_bytes(const char* at) {
    std::uint32_t out = 0;
    std::memcpy(&out, at, 3);
    return out;
}
/// The first three of four bytes, as three_bytes() gives them.
constexpr std::uint32_t first_three(std::uint32_t four) {
    return std::endian::native == std::endian::little ? four & 0xFFFFFFU : four & 0xFFFFFF00U;
}

/// How common a byte is in mail, roughly.
int commonness(char c) {
    constexpr std::string_view common = "qzjxkvbywgpfmudhclnrsioat e"; // rising
    const auto place = common.find(c);
    return place == std::string_view::npos ? 0 : static_cast<int>(place);
}

/// In how many words four bytes stand, or others that share their bucket.
using Uses = std::vector<std::uint16_t>;

Uses uses_of(const std::unordered_map<std::string, std::uint32_t>& words) {
    Uses out(buckets, 0);
    for (const auto& [word, number] : words)
        for (std::size_t i = 0; i + 4 <= word.size(); ++i) ++out[bucket_of(four_bytes(word.data() + i))];
    return out;
}

/// Where the four bytes of `word` stand that few other words have and mail seldom.
std::size_t most_telling(std::string_view word, const Uses& uses) {
    constexpr int weight_of_word = 8;
    std::size_t best = 0;
    int least = std::numeric_limits<int>::max();
    for (std::size_t i = 0; i + 4 <= word.size(); ++i) {
        int sum = weight_of_word * uses[bucket_of(four_bytes(word.data() + i))];
        for (const char c : word.substr(i, 4)) sum += commonness(c);
        if (sum >= least) continue;
        least = sum;
        best = i;
    }
    return best;
}

} // namespace

std::uint32_t LiteralIndex::add(const std::string& word) {
    assert(word.size() >= 3 && word.size() <= std::numeric_limits<std::uint16_t>::max());
    const auto [it, is_new] = numbers_.try_emplace(word, static_cast<std::uint32_t>(size_));
    if (is_new) ++size_;
    return it->second;
}

void LiteralIndex::finish() {
    used_.assign(buckets, 0);
    first_.assign(buckets + 1, 0);
    const auto uses = uses_of(numbers_);
    for (const auto& [word, number] : numbers_) {
        const bool short_word = word.size() == 3;
        const auto offset = short_word ? 0 : most_telling(word, uses);
        const auto bytes = short_word ? three_bytes(word.data()) : four_bytes(word.data() + offset);
        used_[bucket_of(bytes)] |= short_word ? used_by_three : used_by_four;
        ++first_[bucket_of(bytes) + 1];
        entries_.push_back({bytes, number, static_cast<std::uint32_t>(texts_.size()),
                            static_cast<std::uint16_t>(word.size()), static_cast<std::uint16_t>(offset)});
        texts_ += word;
    }
    numbers_.clear();
    std::sort(entries_.begin(), entries_.end(),
              [](const Entry& a, const Entry& b) { return bucket_of(a.bytes) < bucket_of(b.bytes); });
    for (std::size_t i = 0; i < buckets; ++i) first_[i + 1] += first_[i];
}

void LiteralIndex::look(std::uint32_t bucket, std::uint32_t bytes, std::string_view folded, std::size_t at,
                        std::vector<char>& seen, std::vector<std::uint32_t>& found) const {
    for (auto i = first_[bucket]; i < first_[bucket + 1]; ++i) {
        const Entry& entry = entries_[i];
        if (entry.bytes != bytes || entry.offset > at || seen[entry.word] != 0) continue;
        const auto begin = at - entry.offset;
        if (folded.size() - begin < entry.size) continue;
        if (std::memcmp(folded.data() + begin, texts_.data() + entry.text, entry.size) != 0) continue;
        seen[entry.word] = 1;
        found.push_back(entry.word);
    }
}

std::vector<std::uint32_t> LiteralIndex::find(std::string_view folded) const {
    std::vector<std::uint32_t> found;
    if (size_ == 0 || folded.size() < 3) return found;
    std::vector<char> seen(size_, 0);
    for (std::size_t at = 0; at + 3 <= folded.size(); ++at) {
        // The last place has three bytes only; the fourth is 0, which no word holds.
        const auto* here = folded.data() + at;
        const auto four = at + 4 <= folded.size() ? four_bytes(here) : three_bytes(here);
        const auto three = first_three(four);
        if (const auto bucket = bucket_of(four); (used_[bucket] & used_by_four) != 0)
            look(bucket, four, folded, at, seen, found);
        if (const auto bucket = bucket_of(three); (used_[bucket] & used_by_three) != 0)
            look(bucket, three, folded, at, seen, found);
    }
    return found;
}

} // namespace nixie
