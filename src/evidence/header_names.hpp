// Names of header fields, numbered.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.hpp"

namespace nixie {

/// A few names that conditions ask for; most fields of a message have none of them, which shows without looking at them whole.
class HeaderNames {
  public:
    using Number = std::uint8_t;
    static constexpr std::size_t most = 255;

    /// Its number, also where the name is known; nothing when there are too many.
    std::optional<Number> add(std::string name) {
        if (const auto known = find(name)) return known;
        if (names_.size() >= most) return std::nullopt;
        const auto number = static_cast<Number>(names_.size());
        slots_[slot_of(name)].push_back(number);
        names_.push_back(std::move(name));
        return number;
    }
    /// Without regard to case.
    [[nodiscard]] std::optional<Number> find(std::string_view name) const {
        if (name.empty()) return std::nullopt;
        for (const auto number : slots_[slot_of(name)])
            if (equals_ignoring_case(names_[number], name)) return number;
        return std::nullopt;
    }

  private:
    static constexpr std::size_t slots = 128;
    static std::size_t slot_of(std::string_view name) {
        const auto letter = [&](std::size_t at) { return static_cast<unsigned char>(name[at]) & 0x1FU; };
        return (name.size() * 7 + letter(0) + letter(name.size() - 1) * 5) % slots;
    }

    std::vector<std::string> names_;
    std::array<std::vector<Number>, slots> slots_;
};

} // namespace nixie
