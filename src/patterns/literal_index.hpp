// Many words looked for in a text in one pass.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace nixie {

/// A word is filed under four (or three) of its bytes: most places of a text are passed over after a look into a small table.
class LiteralIndex {
  public:
    /// Returns the word's number; equal words have one. At least three bytes, folded by fold_case().
    std::uint32_t add(const std::string& word);
    /// To be called once, after the last add().
    void finish();

    [[nodiscard]] std::size_t size() const { return size_; }
    /// The numbers of the words in `folded`, each once, in no order.
    [[nodiscard]] std::vector<std::uint32_t> find(std::string_view folded) const;

  private:
    /// A word, and where in it the bytes stand that it is filed under.
    struct Entry {
        std::uint32_t bytes;
        std::uint32_t word;
        std::uint32_t text; ///< where it begins in texts_
        std::uint16_t size;
        std::uint16_t offset;
    };
    void look(std::uint32_t bucket, std::uint32_t bytes, std::string_view folded, std::size_t at,
              std::vector<char>& seen, std::vector<std::uint32_t>& found) const;

    std::size_t size_ = 0;
    std::unordered_map<std::string, std::uint32_t> numbers_; ///< until finish()
    // Few places in memory, for each look at another costs more than what is done there.
    std::string texts_;                ///< of all words
    std::vector<Entry> entries_;       ///< by bucket
    std::vector<std::uint32_t> first_; ///< entry of each bucket; one more at the end
    std::vector<std::uint8_t> used_;   ///< of each bucket: by words of four bytes and more, of three
};

} // namespace nixie
