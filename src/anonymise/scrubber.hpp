// Running text with whatever names someone or something replaced.
#pragma once

#include <string>
#include <string_view>

#include "anonymise/pseudonyms.hpp"

namespace nixie {

/// How much is taken for private. Fields that hold addresses and the like are always rewritten.
struct ScrubSettings {
    bool empty_returned = true; ///< bodies below message/rfc822 go
    bool empty_copies = true;   ///< of a message copied into the text, the body goes
    bool hide_words = true;     ///< words that were a name or a local part elsewhere
    bool hide_tokens = true;    ///< long words of letters and digits; telephone numbers
};

class Scrubber {
  public:
    /// What `names` gives lives there and grows. `subject` is the returned message's, as decoded; replaced wherever it occurs.
    Scrubber(Pseudonyms& names, const ScrubSettings& settings, std::string_view subject);

    /// Any bytes; line ends and whatever is no name stay. Linear.
    std::string text(std::string_view text);
    /// The value of Message-ID and its kin.
    std::string message_ids(std::string_view text);
    /// "Name <address>, …": the names too.
    std::string addresses(std::string_view text);
    /// Each word but "Re:" and its kin.
    std::string subject(std::string_view text);
    /// A host name where one must stand, also one without a dot.
    std::string host(std::string_view word) { return names_.host(word); }

    /// What is known to be an id, however short; from then on wherever it occurs.
    std::string id(std::string_view word);

    Pseudonyms& names() { return names_; }
    [[nodiscard]] const ScrubSettings& settings() const { return settings_; }

  private:
    enum class Local { mailbox, message_id };

    std::string words(std::string_view text, Local local);
    void word(std::string_view word, Local local, std::string& out);
    void piece(std::string_view piece, std::string& out);
    void between_foreign(std::string_view text, std::string& out);
    void single(std::string_view text, std::string& out);
    void phrase(std::string_view phrase, std::string& out);
    std::string without_subject(std::string_view text) const;
    std::string without_telephones(std::string_view text);

    Pseudonyms& names_;
    const ScrubSettings& settings_;
    std::string subject_, subject_stand_in_;
};

} // namespace nixie
