// What a piece of work costs, counted and not timed: the same on every machine.
#pragma once

#include <cstdint>

struct Cost {
    /// Basic blocks of the core that ran, and bytes that the C library searched, compared, moved or set and RE2 searched for it.
    std::uint64_t work = 0;
    std::uint64_t peak = 0; ///< the most bytes of memory that it held at one time
};

void start_counting();
Cost stop_counting();

template <class Work>
Cost cost_of(Work work) {
    start_counting();
    work();
    return stop_counting();
}
