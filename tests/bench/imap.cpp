// How long nixie takes to empty an inbox, beside a client that only fetches and moves the same messages.
//
// usage: bench_imap [--rounds N] [--delay MILLISECONDS]... [N]...     N messages each; 0 and 40 ms of round trip by default
#include <spawn.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include "bench/bare_client.hpp"
#include "config/config.hpp"
#include "nixie/judge.hpp"
#include "support/dovecot.hpp"
#include "support/maildir_tree.hpp"
#include "support/relay.hpp"
#include "support/temporary_directory.hpp"
#include "worker/filing.hpp"

namespace {

namespace fs = std::filesystem;
using namespace nixie;

constexpr std::size_t messages_at_once = 1000;

struct Cost {
    double seconds = 0;
    double processor_seconds = 0;
    double peak_mebibytes = 0;
};

struct Sample {
    std::string bytes;
    std::string folder;
};

/// Makes equal samples different messages. It must not look like a reply code, nor leave a pasted text without a header.
std::string numbered(std::size_t number, const std::string& bytes) {
    return "X-Number: n" + std::to_string(number) + "\n" + bytes;
}

std::vector<Sample> read_samples() {
    std::vector<Sample> out;
    const Judge judge = Judge::built_in();
    for (const auto& entry : fs::recursive_directory_iterator(NIXIE_SOURCE_DIR "/samples")) {
        if (entry.path().extension() != ".eml") continue;
        std::ifstream in(entry.path(), std::ios::binary);
        Sample sample;
        sample.bytes.assign(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
        sample.folder = "Bounces/" + folder_for(judge(numbered(0, sample.bytes)));
        out.push_back(std::move(sample));
    }
    if (out.empty()) throw std::runtime_error("no samples");
    std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.bytes < b.bytes; });
    return out;
}

/// A Maildir with `count` messages, each a sample with a number, and the folder each of them goes to.
std::vector<std::string> fill(const fs::path& maildir, const std::vector<Sample>& samples, std::size_t count) {
    std::minstd_rand random(7);
    std::vector<std::string> folders, batch;
    for (std::size_t i = 0; i < count; ++i) {
        const Sample& sample = samples[random() % samples.size()];
        folders.push_back(sample.folder);
        batch.push_back(numbered(i, sample.bytes));
        if (batch.size() < messages_at_once && i + 1 < count) continue;
        deliver(maildir, batch);
        batch.clear();
    }
    return folders;
}

void give_like(const fs::path& model, const fs::path& path) {
    struct stat status {};
    if (::stat(model.c_str(), &status) != 0 || ::chown(path.c_str(), status.st_uid, status.st_gid) != 0)
        throw std::runtime_error("chown " + path.string());
}

/// The same files again under a second name: servers move and remove messages, and never write into them.
void copy_maildir(const fs::path& from, const fs::path& to) {
    for (const char* const part : {"", "cur", "new", "tmp"}) {
        fs::create_directory(to / part);
        give_like(from, to / part);
    }
    for (const auto& entry : fs::directory_iterator(from / "new"))
        fs::create_hard_link(entry.path(), to / "new" / entry.path().filename());
}

double seconds_of(const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
}

template <class Work>
double timed(const Work& work) {
    const auto begin = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

Cost run_nixie(const std::string& config) {
    std::vector<std::string> words{NIXIE_BINARY, "run", "--once", "--quiet", "--config", config};
    std::vector<char*> arguments;
    for (auto& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    Cost cost;
    int status = 0;
    rusage usage{};
    cost.seconds = timed([&] {
        pid_t child = 0;
        if (::posix_spawn(&child, NIXIE_BINARY, nullptr, nullptr, arguments.data(), environ) != 0)
            throw std::runtime_error("cannot run " NIXIE_BINARY);
        ::wait4(child, &status, 0, &usage);
    });
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) throw std::runtime_error("nixie failed");
    cost.processor_seconds = seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime);
    cost.peak_mebibytes = static_cast<double>(usage.ru_maxrss) / 1024;
    return cost;
}

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

class Bench {
  public:
    Bench(std::size_t count, int rounds) : count_(count), rounds_(rounds) {
        template_ = dovecot_.maildir("template");
        folders_ = fill(template_, read_samples(), count);
    }

    void run(int delay) {
        std::vector<double> floor, ours, ratio, processor, memory;
        for (int round = 0; round < rounds_; ++round) {
            // In turn, so that what else the machine does befalls both.
            for (int turn = 0; turn < 2; ++turn) {
                if ((turn + round) % 2 == 0) {
                    floor.push_back(bare(delay));
                } else {
                    const Cost cost = nixie(delay);
                    ours.push_back(cost.seconds);
                    processor.push_back(cost.processor_seconds * 1e6 / static_cast<double>(count_));
                    memory.push_back(cost.peak_mebibytes);
                }
            }
            ratio.push_back(ours.back() / floor.back());
        }
        std::printf("%9zu %6d ms %9.3f %9.3f %7.2f %12.0f %9.1f\n", count_, delay, median(floor), median(ours),
                    median(ratio), median(processor), *std::max_element(memory.begin(), memory.end()));
        std::fflush(stdout);
    }

  private:
    /// A mailbox that nobody has opened yet.
    std::string new_mailbox() {
        const std::string user = Dovecot::new_user();
        copy_maildir(template_, dovecot_.maildir(user));
        return user;
    }

    [[nodiscard]] int server_port() const {
        const std::string url = dovecot_.endpoint("imap", "").url;
        return std::stoi(url.substr(url.rfind(':') + 1));
    }

    double bare(int delay) {
        const std::string user = new_mailbox();
        const Relay relay(server_port(), std::chrono::milliseconds(delay / 2));
        const double seconds = timed(
            [&] { drain_barely(delay > 0 ? relay.port() : server_port(), user, Config{}.fetch_bytes, folders_); });
        check(user, "the bare client");
        return seconds;
    }

    Cost nixie(int delay) {
        const std::string user = new_mailbox();
        const Relay relay(server_port(), std::chrono::milliseconds(delay / 2));
        const TemporaryDirectory dir;
        const int port = delay > 0 ? relay.port() : server_port();
        const std::string config =
            dir.write("nixie.toml", "state = \"" + dir.file("nixie.db") + "\"\n[[mailbox]]\nname = \"bench\"\nurl = " +
                                        "\"imap://127.0.0.1:" + std::to_string(port) + "\"\nuser = \"" + user +
                                        "\"\npassword_command = \"echo pw\"\n");
        const Cost cost = run_nixie(config);
        check(user, "nixie");
        return cost;
    }

    /// Every message where it belongs; then the mailbox goes.
    void check(const std::string& user, const char* who) {
        std::map<std::string, std::size_t> expected;
        for (const auto& folder : folders_)
            ++expected["." + fs::path(folder).parent_path().string() + "." + fs::path(folder).filename().string()];
        auto wrong = message_counts(dovecot_.maildir(user));
        for (const auto& [folder, count] : expected) wrong[folder] -= count;
        std::erase_if(wrong, [](const auto& folder) { return folder.second == 0; });
        if (!wrong.empty())
            throw std::runtime_error(std::string(who) + " left messages where they do not belong: " +
                                     std::to_string(static_cast<long>(wrong.begin()->second)) + " too many in '" +
                                     wrong.begin()->first + "'");
        fs::remove_all(dovecot_.maildir(user));
    }

    std::size_t count_;
    int rounds_;
    Dovecot dovecot_;
    fs::path template_;
    std::vector<std::string> folders_;
};

int run(int argc, char** argv) {
    int rounds = 7;
    std::vector<int> delays;
    std::vector<std::size_t> counts;
    for (int i = 1; i < argc; ++i) {
        const std::string word = argv[i];
        if (word == "--rounds" && i + 1 < argc)
            rounds = std::max(1, std::atoi(argv[++i]));
        else if (word == "--delay" && i + 1 < argc)
            delays.push_back(std::atoi(argv[++i]));
        else
            counts.push_back(std::stoul(word));
    }
    if (delays.empty()) delays = {0, 40};
    if (counts.empty()) counts = {1000, 5000};
    std::printf("%9s %9s %9s %9s %7s %12s %9s\n", "messages", "delay", "bare s", "nixie s", "ratio", "CPU us/msg",
                "MiB");
    for (const std::size_t count : counts) {
        Bench bench(count, rounds);
        for (const int delay : delays) bench.run(delay);
    }
    return 0;
}

} // namespace

int main(int argc, char** argv) {
    try {
        return run(argc, argv);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "bench_imap: %s\n", error.what());
        return 1;
    }
}
