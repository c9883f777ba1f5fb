#include "store/lock.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>

#include "unit/store/journal.hpp"

using namespace nixie;

namespace {

/// A child process that holds the lock until it is killed.
class Holder {
  public:
    explicit Holder(const std::string& state) {
        std::array<int, 2> ready{};
        REQUIRE(::pipe(ready.data()) == 0);
        child_ = ::fork();
        REQUIRE(child_ >= 0);
        if (child_ == 0) {
            const auto lock = InstanceLock::take(state);
            const char answer = lock.ok() ? 'y' : 'n';
            if (::write(ready[1], &answer, 1) == 1) ::pause();
            ::_exit(1);
        }
        char answer = '?';
        REQUIRE(::read(ready[0], &answer, 1) == 1);
        REQUIRE(answer == 'y');
        ::close(ready[0]);
        ::close(ready[1]);
    }
    Holder(const Holder&) = delete;
    Holder& operator=(const Holder&) = delete;
    ~Holder() { kill(); }

    void kill() {
        if (child_ <= 0) return;
        ::kill(child_, SIGKILL);
        ::waitpid(child_, nullptr, 0);
        child_ = -1;
    }
    [[nodiscard]] std::string pid() const { return std::to_string(child_); }

  private:
    pid_t child_ = -1;
};

} // namespace

TEST_CASE("instance lock: a second instance is told who holds it") {
    TemporaryDirectory directory;
    const Holder holder(directory.file("state.db"));
    const auto second = InstanceLock::take(directory.file("state.db"));
    REQUIRE_FALSE(second);
    CHECK(second.error().code == ErrorCode::busy);
    CHECK(second.error().what == "another nixie is working on this journal (pid " + holder.pid() + ")");
    CHECK(second.error().where == directory.file("state.db"));
}

TEST_CASE("instance lock: dies with its process") {
    TemporaryDirectory directory;
    Holder holder(directory.file("state.db"));
    holder.kill();
    CHECK(InstanceLock::take(directory.file("state.db")).ok());
}

TEST_CASE("instance lock: let go at the end of its scope, also after a move") {
    TemporaryDirectory directory;
    {
        auto first = must(InstanceLock::take(directory.file("state.db")));
        const InstanceLock moved = std::move(first);
        CHECK_FALSE(InstanceLock::take(directory.file("state.db")));
    }
    CHECK(InstanceLock::take(directory.file("state.db")).ok());
}

TEST_CASE("instance lock: each journal has its own") {
    TemporaryDirectory directory;
    const auto first = must(InstanceLock::take(directory.file("one.db")));
    CHECK(InstanceLock::take(directory.file("other.db")).ok());
}

TEST_CASE("instance lock: a folder that is not there is an error of its own") {
    TemporaryDirectory directory;
    const auto lock = InstanceLock::take(directory.file("missing/state.db"));
    REQUIRE_FALSE(lock);
    CHECK(lock.error().code == ErrorCode::output);
}
