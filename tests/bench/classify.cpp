// How many messages a second the core judges on one core, beside what mimetic alone needs to take the same bytes apart: all
// that its MimeEntity does of itself, every header field and every part to any depth, embedded messages too, nothing decoded.
//
// usage: bench_classify PATH...     messages, and folders of them
#include <mimetic/mimetic.h>
#include <sys/resource.h>

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "nixie/judge.hpp"

namespace {

namespace fs = std::filesystem;

constexpr int rounds = 9;
constexpr double least_seconds = 0.15; ///< of each measurement

using Messages = std::vector<std::string>;

void read_file(const fs::path& path, Messages& out) {
    const auto ending = path.extension();
    if (ending == ".json" || ending == ".tsv" || ending == ".md") return;
    std::ifstream in(path, std::ios::binary);
    out.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
}

Messages read_all(int count, char** paths) {
    Messages out;
    for (int i = 0; i < count; ++i) {
        if (!fs::is_directory(paths[i])) {
            read_file(paths[i], out);
            continue;
        }
        for (const auto& entry : fs::recursive_directory_iterator(paths[i]))
            if (entry.is_regular_file()) read_file(entry.path(), out);
    }
    return out;
}

/// Processor time of this thread: what else the machine does does not count.
double seconds() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

std::size_t kept = 0; ///< so that no work can be left out

/// Messages a second.
template <class Work>
double measure(const Messages& messages, Work work) {
    std::size_t done = 0;
    const double begin = seconds();
    double spent = 0;
    do {
        for (const auto& message : messages) work(message);
        done += messages.size();
        spent = seconds() - begin;
    } while (spent < least_seconds);
    return static_cast<double>(done) / spent;
}

void print(const char* what, std::vector<double> values, const char* format) {
    std::sort(values.begin(), values.end());
    std::printf("%-28s", what);
    for (const double value : {values.front(), values[values.size() / 2], values.back()}) std::printf(format, value);
    std::printf("\n");
}

double peak_mebibytes() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<double>(usage.ru_maxrss) / 1024;
}

} // namespace

int main(int argc, char** argv) {
    const Messages messages = read_all(argc - 1, argv + 1);
    if (messages.empty()) {
        std::fprintf(stderr, "usage: %s PATH...\n", argv[0]);
        return 2;
    }
    std::size_t bytes = 0;
    for (const auto& message : messages) bytes += message.size();

    const nixie::Judge judge = nixie::Judge::built_in();
    const auto judged = [&](const std::string& message) { kept += judge(message).verdicts.size(); };
    const auto parsed = [&](const std::string& message) {
        const mimetic::MimeEntity entity(message.begin(), message.end());
        kept += entity.body().parts().size();
    };
    measure(messages, judged); // compiles the patterns that these messages need

    std::vector<double> nixie_rates;
    std::vector<double> mimetic_rates;
    std::vector<double> ratios;
    for (int i = 0; i < rounds; ++i) {
        mimetic_rates.push_back(measure(messages, parsed));
        nixie_rates.push_back(measure(messages, judged));
        ratios.push_back(nixie_rates.back() / mimetic_rates.back());
    }
    std::printf("%zu messages of %zu bytes on average, %d rounds   (%zu)\n", messages.size(), bytes / messages.size(),
                rounds, kept % 10);
    std::printf("%-28s%10s%10s%10s\n", "", "min", "median", "max");
    print("mimetic's parser, messages/s", mimetic_rates, "%10.0f");
    print("nixie's verdict, messages/s", nixie_rates, "%10.0f");
    print("nixie : mimetic", ratios, "%10.3f");
    std::printf("peak memory %.1f MiB\n", peak_mebibytes());
    return 0;
}
