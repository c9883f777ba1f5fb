// What stands for what: each private word has one stand-in throughout a message, and stand-ins tell nothing of it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

namespace nixie {

class Pseudonyms {
  public:
    /// Names of offices stay; "bounces+user=host" keeps that form. `local` in any case.
    std::string local_part(std::string_view local);
    /// Lower case; the number of labels and what they say of a host's purpose stay, as does a public provider's domain.
    std::string host(std::string_view host);
    /// From the blocks for documentation (RFC 5737, RFC 3849); loopback stays.
    std::string ip4(std::string_view address);
    std::string ip6(std::string_view address);
    /// Left of the '@' of a message id.
    std::string message_id(std::string_view local);
    /// Letters by letters, digits by digits, all else as it is: queue ids, numbers.
    std::string shaped(std::string_view token);
    std::string person(std::string_view word);
    std::string subject_word(std::string_view word);
    /// With its ending, from which much is concluded.
    std::string file_name(std::string_view name);
    /// A boundary (not empty) needs a stand-in of its own, whatever its parts are replaced by.
    std::string boundary(std::string_view old, std::string scrubbed);

    /// What stands for a word of prose that was a local part, a person or a host elsewhere, or null. Persons are known with
    /// their capital letters only.
    [[nodiscard]] const std::string* known_word(std::string_view word) const;
    /// A word whose stand-in known_word() shall give.
    void learn(std::string_view word, const std::string& stand_in);

  private:
    using Map = std::unordered_map<std::string, std::string>;

    std::string numbered(Map& map, std::string_view key, std::string_view prefix, std::string_view ending = {});
    std::string label(std::string_view label);

    Map locals_, labels_, domains_, ip4_, ip6_, ids_, shaped_, persons_, subject_words_, files_, boundaries_, words_;
    std::unordered_map<std::string, std::size_t> boundary_uses_;
    std::uint32_t state_ = 20'000; ///< of shaped()'s sequence, which is the same for every message
};

} // namespace nixie
