#include "mailbox/imap/deflate.hpp"

#include <zlib.h>
#include <catch2/catch.hpp>

#include <algorithm>
#include <cstring>
#include <vector>

using namespace nixie;

namespace {

/// Raw deflate in one direction, as a server does it.
class Codec {
  public:
    enum class Way { deflate, inflate };
    explicit Codec(Way way) : way_(way) {
        if (way == Way::deflate)
            REQUIRE(::deflateInit2(&stream_, 6, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY) == Z_OK);
        else
            REQUIRE(::inflateInit2(&stream_, -MAX_WBITS) == Z_OK);
    }
    ~Codec() { way_ == Way::deflate ? ::deflateEnd(&stream_) : ::inflateEnd(&stream_); }
    Codec(const Codec&) = delete;
    Codec& operator=(const Codec&) = delete;

    std::string operator()(std::string bytes) {
        std::string out(bytes.size() * 20 + 1'000'000, '\0');
        stream_.next_in = reinterpret_cast<Bytef*>(bytes.data());
        stream_.avail_in = static_cast<uInt>(bytes.size());
        stream_.next_out = reinterpret_cast<Bytef*>(out.data());
        stream_.avail_out = static_cast<uInt>(out.size());
        way_ == Way::deflate ? ::deflate(&stream_, Z_SYNC_FLUSH) : ::inflate(&stream_, Z_SYNC_FLUSH);
        out.resize(out.size() - stream_.avail_out);
        return out;
    }

  private:
    Way way_;
    z_stream stream_{};
};

struct Wire {
    std::string sent, pending;
    std::size_t chunk = 1;
};

class WireStream final : public ImapStream {
  public:
    explicit WireStream(Wire& wire) : wire_(wire) {}
    Result<void> send(std::string_view bytes) override {
        wire_.sent += bytes;
        return {};
    }
    Result<std::size_t> receive(std::span<char> buffer) override {
        if (wire_.pending.empty()) return Error{ErrorCode::unavailable, "lost"};
        const std::size_t size = std::min({buffer.size(), wire_.pending.size(), wire_.chunk});
        std::memcpy(buffer.data(), wire_.pending.data(), size);
        wire_.pending.erase(0, size);
        return size;
    }
    Result<std::size_t> receive(std::span<char> buffer, Duration, int) override {
        return wire_.pending.empty() ? Result<std::size_t>(std::size_t{0}) : receive(buffer);
    }

  private:
    Wire& wire_;
};

} // namespace

TEST_CASE("imap deflate: bytes arrive as they were, however they are split") {
    Wire wire;
    wire.chunk = GENERATE(as<std::size_t>{}, 1, 7, 100'000);
    const auto room = GENERATE(as<std::size_t>{}, 1, 100, 65'536);
    std::string text;
    for (int i = 0; i < 2'000; ++i) text += "* " + std::to_string(i * 7919) + " FETCH (UID 1)\r\n";
    Codec server(Codec::Way::deflate);
    const std::string packed = server(text);
    REQUIRE(packed.size() < text.size() / 2);
    wire.pending = packed.substr(5);
    const auto stream = deflated(std::make_unique<WireStream>(wire), packed.substr(0, 5));
    std::string got;
    std::vector<char> buffer(room);
    while (got.size() < text.size()) {
        const auto count = stream->receive(buffer);
        REQUIRE(count);
        got.append(buffer.data(), *count);
    }
    CHECK(got == text);
    CHECK(*stream->receive(buffer, Duration{1}, -1) == 0);
    CHECK_FALSE(stream->receive(buffer));
}

TEST_CASE("imap deflate: the server sees each command whole") {
    Wire wire;
    const auto stream = deflated(std::make_unique<WireStream>(wire), "");
    Codec server(Codec::Way::inflate);
    for (const std::string command : {"n1 NOOP\r\n", "n2 UID FETCH 1 ()\r\n"}) {
        REQUIRE(stream->send(command));
        CHECK(server(std::exchange(wire.sent, {})) == command);
    }
    std::string large(300'000, 'x');
    for (std::size_t i = 0; i < large.size(); ++i) large[i] = static_cast<char>(i * 2654435761u >> 13);
    REQUIRE(stream->send(large));
    CHECK(server(wire.sent) == large);
}

TEST_CASE("imap deflate: what is not compressed is an error, not a crash") {
    Wire wire;
    wire.chunk = 100;
    wire.pending = "* OK this is plain text, and some more of it\r\n";
    const auto stream = deflated(std::make_unique<WireStream>(wire), "");
    std::vector<char> buffer(100);
    auto got = stream->receive(buffer);
    while (got) got = stream->receive(buffer);
    CHECK(got.error().code == ErrorCode::protocol);
    CHECK(got.error().remedy.find("compress") != std::string::npos);
}
