#include "mailbox/imap/deflate.hpp"

#include <zlib.h>

#include <chrono>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "mailbox/waiting.hpp"

namespace nixie {
namespace {

constexpr std::size_t compressed_size = 16 * 1024;
/// RFC 4978 section 4: raw deflate, without zlib's header.
constexpr int raw_window = -MAX_WBITS;
constexpr int deflate_memory = 8;

class DeflatedStream final : public ImapStream {
  public:
    DeflatedStream(std::unique_ptr<ImapStream> stream, std::string_view received)
        : stream_(std::move(stream)), input_(received.begin(), received.end()) {
        if (::deflateInit2(&out_, Z_DEFAULT_COMPRESSION, Z_DEFLATED, raw_window, deflate_memory, Z_DEFAULT_STRATEGY) !=
                Z_OK ||
            ::inflateInit2(&in_, raw_window) != Z_OK)
            throw std::bad_alloc();
        give(input_.size());
    }
    ~DeflatedStream() override {
        ::deflateEnd(&out_);
        ::inflateEnd(&in_);
    }
    DeflatedStream(const DeflatedStream&) = delete;
    DeflatedStream& operator=(const DeflatedStream&) = delete;

    Result<void> send(std::string_view bytes) override {
        out_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data())); // zlib does not write there
        out_.avail_in = static_cast<uInt>(bytes.size());
        std::vector<char> buffer(compressed_size);
        do {
            out_.next_out = reinterpret_cast<Bytef*>(buffer.data());
            out_.avail_out = static_cast<uInt>(buffer.size());
            ::deflate(&out_, Z_SYNC_FLUSH); // the server must see the whole command
            const std::size_t size = buffer.size() - out_.avail_out;
            if (size == 0) break;
            if (auto sent = stream_->send({buffer.data(), size}); !sent) return sent;
        } while (out_.avail_out == 0);
        return {};
    }

    Result<std::size_t> receive(std::span<char> buffer) override {
        while (true) {
            auto got = inflate(buffer);
            if (!got || *got > 0) return got;
            input_.resize(compressed_size);
            const auto count = stream_->receive(input_);
            if (!count) return count;
            give(*count);
        }
    }

    Result<std::size_t> receive(std::span<char> buffer, Duration timeout, int stop_fd) override {
        const auto until = from_now(timeout);
        while (true) {
            auto got = inflate(buffer);
            if (!got || *got > 0) return got;
            input_.resize(compressed_size);
            const auto left = std::chrono::ceil<Duration>(until - std::chrono::steady_clock::now());
            const auto count = stream_->receive(input_, std::max(left, Duration::zero()), stop_fd);
            if (!count || *count == 0) return count;
            give(*count);
        }
    }

  private:
    void give(std::size_t size) {
        in_.next_in = reinterpret_cast<Bytef*>(input_.data());
        in_.avail_in = static_cast<uInt>(size);
    }

    /// What fits into `buffer`; zlib keeps the rest. 0: more must be received first.
    Result<std::size_t> inflate(std::span<char> buffer) {
        in_.next_out = reinterpret_cast<Bytef*>(buffer.data());
        in_.avail_out = static_cast<uInt>(buffer.size());
        const int code = ::inflate(&in_, Z_SYNC_FLUSH);
        // Z_BUF_ERROR: nothing to do yet. The end of the stream is no end of an IMAP session.
        if (code != Z_OK && code != Z_BUF_ERROR)
            return Error{ErrorCode::protocol, "what the server sends is not compressed as agreed", "",
                         "set `compress = false` for this mailbox"};
        return buffer.size() - in_.avail_out;
    }

    std::unique_ptr<ImapStream> stream_;
    std::vector<char> input_;
    z_stream out_{};
    z_stream in_{};
};

} // namespace

std::unique_ptr<ImapStream> deflated(std::unique_ptr<ImapStream> stream, std::string_view received) {
    return std::make_unique<DeflatedStream>(std::move(stream), received);
}

} // namespace nixie
