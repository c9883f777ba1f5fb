// Many words looked for in a text in one pass.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace nixie {

/// In a word: white space, as much as there is, but at least one character of it. Nothing else in a word next to it may be white.
constexpr char any_space = '\1';

/// What `\s` of a pattern stands for.
constexpr bool is_white(char c) { return c == ' ' || (c >= '\t' && c <= '\r' && c != '\v'); }

/// A word is filed under four (or three) of its bytes: most places of a text are passed over after a look into a small table.
class LiteralIndex {
  public:
    /// A word found: its number and where in the text it stands.
    struct Hit {
        std::uint32_t word;
        std::size_t begin, end;
    };

    /// Returns the word's number; equal words have one. At least three bytes, folded by fold_case(); two side by side where
    /// there is any_space.
    std::uint32_t add(const std::string& word);
    /// To be called once, after the last add().
    void finish();

    [[nodiscard]] std::size_t size() const { return size_; }
    /// Calls `take` with a Hit for each place where a word stands in `folded`.
    template <class Take>
    void find(std::string_view folded, Take take) const;

  private:
    static constexpr unsigned bucket_bits = 12;
    static constexpr unsigned filter_bits = 15;
    static constexpr std::uint32_t hash_of(std::uint32_t bytes) { return bytes * 0x9E3779B1U; }
    static constexpr std::size_t bucket_of(std::uint32_t bytes) { return hash_of(bytes) >> (32 - bucket_bits); }

    /// A word, and where in it the bytes stand that it is filed under.
    struct Entry {
        std::uint32_t bytes;
        std::uint32_t text; ///< where it begins in texts_
        std::uint16_t word;
        std::uint16_t size;
        std::uint16_t offset;
        bool spaced;        ///< it holds any_space
        std::uint32_t last; ///< its last four bytes, unless it is shorter or spaced
    };
    /// Entries by their bytes, in buckets.
    struct Table {
        std::vector<Entry> entries;
        std::vector<std::uint16_t> first;  ///< entry of each bucket; one more at the end
        std::vector<std::uint64_t> filter; ///< a bit for each hash that is used
        void finish();
        [[nodiscard]] bool may_hold(std::uint32_t bytes) const {
            const auto bit = hash_of(bytes) >> (32 - filter_bits);
            return (filter[bit / 64] >> (bit % 64) & 1U) != 0;
        }
    };
    void file(const std::string& word, std::uint32_t number, std::size_t offset, std::size_t size);
    [[nodiscard]] bool stands(const Entry& entry, std::string_view folded, std::size_t at, Hit& hit) const;
    template <class Take>
    void look(const Table& table, std::uint32_t bytes, std::string_view folded, std::size_t at, Take& take) const;
    /// As numbers of the machine's own byte order, which is the same for words and texts.
    static std::uint32_t four_bytes(const char* at) {
        std::uint32_t out = 0;
        std::memcpy(&out, at, 4);
        return out;
    }
    static std::uint32_t three_bytes(const char* at) {
        std::uint32_t out = 0;
        std::memcpy(&out, at, 3);
        return out;
    }
    /// The first three of four bytes, as three_bytes() gives them.
    static constexpr std::uint32_t first_three(std::uint32_t four) {
        return std::endian::native == std::endian::little ? four & 0xFFFFFFU : four & 0xFFFFFF00U;
    }

    std::size_t size_ = 0;
    std::unordered_map<std::string, std::uint32_t> numbers_; ///< until finish()
    std::string texts_;                                      ///< of all words
    Table by_four_;
    Table by_three_; ///< for words without four bytes side by side
};

template <class Take>
void LiteralIndex::look(const Table& table, std::uint32_t bytes, std::string_view folded, std::size_t at,
                        Take& take) const {
    const auto bucket = bucket_of(bytes);
    for (auto i = table.first[bucket]; i < table.first[bucket + 1]; ++i) {
        const Entry& entry = table.entries[i];
        Hit hit{entry.word, 0, 0};
        if (entry.bytes != bytes) continue;
        // Words that begin alike mostly end otherwise.
        const auto end = at + entry.size - entry.offset;
        if (!entry.spaced && entry.size >= 4 &&
            (end > folded.size() || four_bytes(folded.data() + end - 4) != entry.last))
            continue;
        if (stands(entry, folded, at, hit)) take(hit);
    }
}

template <class Take>
void LiteralIndex::find(std::string_view folded, Take take) const {
    if (size_ == 0 || folded.size() < 3) return;
    const bool with_three = !by_three_.entries.empty();
    const auto last = folded.size() - 3;
    for (std::size_t at = 0; at < last; ++at) {
        const auto four = four_bytes(folded.data() + at);
        if (by_four_.may_hold(four)) look(by_four_, four, folded, at, take);
        if (with_three && by_three_.may_hold(first_three(four))) look(by_three_, first_three(four), folded, at, take);
    }
    if (with_three) look(by_three_, three_bytes(folded.data() + last), folded, last, take);
}

} // namespace nixie
