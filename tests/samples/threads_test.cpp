// One Judge serves several threads.
#include <atomic>
#include <thread>
#include <vector>

#include <catch2/catch.hpp>

#include "nixie/judge.hpp"
#include "report/judgement.hpp"
#include "support/samples.hpp"
#include "support/whole_file.hpp"

using namespace nixie;

TEST_CASE("threads: one judge used by several at once gives what it gives to one") {
    constexpr std::size_t threads = 4;
    const auto files = sample_files();
    REQUIRE(files.size() >= least_samples);
    std::vector<std::string> messages, alone;
    const Judge judge = Judge::built_in();
    const Judge another = Judge::built_in();
    for (const auto& file : files) {
        messages.push_back(read_file(file));
        alone.push_back(judgement_json(another(messages.back()), file.string()));
    }
    std::atomic<std::size_t> wrong = 0, done = 0;
    std::vector<std::thread> running;
    // `judge` has read nothing yet, so that the threads meet in whatever it makes on first use; each begins elsewhere.
    for (std::size_t thread = 0; thread < threads; ++thread)
        running.emplace_back([&, thread] {
            for (std::size_t i = 0; i < files.size(); ++i) {
                const std::size_t at = (i + thread * files.size() / threads) % files.size();
                if (judgement_json(judge(messages[at]), files[at].string()) != alone[at]) ++wrong;
                ++done;
            }
        });
    for (auto& thread : running) thread.join();
    CHECK(wrong == 0);
    CHECK(done == threads * files.size());
}
