// The linker sends the core's calls of some functions to those here (see CMakeLists.txt); its blocks call
// __sanitizer_cov_trace_pc().
#include "work/counter.hpp"

#include <malloc.h>
#include <re2/re2.h>

#include <algorithm>
#include <cstdlib>
#include <new>

namespace {

bool counting = false;
std::uint64_t blocks = 0;
std::uint64_t bytes = 0;
std::uint64_t allocated = 0;
std::uint64_t peak = 0;

void count(std::size_t size) {
    if (counting) bytes += size;
}

} // namespace

void start_counting() {
    blocks = bytes = allocated = peak = 0;
    counting = true;
}

Cost stop_counting() {
    counting = false;
    return {blocks + bytes, peak};
}

extern "C" {

void __sanitizer_cov_trace_pc() { ++blocks; }

void* __real_memchr(const void* text, int byte, std::size_t size);
void* __wrap_memchr(const void* text, int byte, std::size_t size) {
    void* found = __real_memchr(text, byte, size);
    const auto* end = static_cast<const char*>(found);
    count(end == nullptr ? size : static_cast<std::size_t>(end - static_cast<const char*>(text)));
    return found;
}

int __real_memcmp(const void* a, const void* b, std::size_t size);
int __wrap_memcmp(const void* a, const void* b, std::size_t size) {
    count(size);
    return __real_memcmp(a, b, size);
}

void* __real_memcpy(void* to, const void* from, std::size_t size);
void* __wrap_memcpy(void* to, const void* from, std::size_t size) {
    count(size);
    return __real_memcpy(to, from, size);
}

void* __real_memmove(void* to, const void* from, std::size_t size);
void* __wrap_memmove(void* to, const void* from, std::size_t size) {
    count(size);
    return __real_memmove(to, from, size);
}

void* __real_memset(void* to, int byte, std::size_t size);
void* __wrap_memset(void* to, int byte, std::size_t size) {
    count(size);
    return __real_memset(to, byte, size);
}

} // extern "C"

// RE2::Match() itself is linear (it promises that), but how much text it must search is ours. It stops behind a match.
bool real_match(const re2::RE2* self, const re2::StringPiece& text, std::size_t begin, std::size_t end,
                re2::RE2::Anchor anchor, re2::StringPiece* groups,
                int wanted) asm("__real__ZNK3re23RE25MatchERKNS_11StringPieceEmmNS0_6AnchorEPS1_i");
bool wrapped_match(const re2::RE2* self, const re2::StringPiece& text, std::size_t begin, std::size_t end,
                   re2::RE2::Anchor anchor, re2::StringPiece* groups,
                   int wanted) asm("__wrap__ZNK3re23RE25MatchERKNS_11StringPieceEmmNS0_6AnchorEPS1_i");
bool wrapped_match(const re2::RE2* self, const re2::StringPiece& text, std::size_t begin, std::size_t end,
                   re2::RE2::Anchor anchor, re2::StringPiece* groups, int wanted) {
    re2::StringPiece whole;
    const bool matches = real_match(self, text, begin, end, anchor, wanted > 0 ? groups : &whole, std::max(wanted, 1));
    if (wanted > 0) whole = groups[0];
    count(matches ? static_cast<std::size_t>(whole.data() + whole.size() - text.data()) - begin : end - begin);
    return matches;
}

void* operator new(std::size_t size) {
    void* memory = std::malloc(size);
    if (memory == nullptr) throw std::bad_alloc();
    if (counting) {
        allocated += malloc_usable_size(memory);
        peak = std::max(peak, allocated);
    }
    return memory;
}
void operator delete(void* memory) noexcept {
    // What was there before counting began does not count.
    if (counting && memory != nullptr) allocated -= std::min<std::uint64_t>(allocated, malloc_usable_size(memory));
    std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept { operator delete(memory); }
