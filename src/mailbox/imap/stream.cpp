#include "mailbox/imap/stream.hpp"

#include <utility>

namespace nixie {
namespace {

class ConnectionStream final : public ImapStream {
  public:
    explicit ConnectionStream(Connection connection) : connection_(std::move(connection)) {}

    [[nodiscard]] std::string login_reply() const override { return connection_.login_reply(); }
    [[nodiscard]] std::string announced() const override { return connection_.announced(); }
    Result<void> send(std::string_view bytes) override { return connection_.send(bytes); }
    Result<std::size_t> receive(std::span<char> buffer) override { return connection_.receive(buffer); }
    Result<std::size_t> receive(std::span<char> buffer, Duration timeout, int stop_fd) override {
        return connection_.receive(buffer, timeout, stop_fd);
    }

  private:
    Connection connection_;
};

} // namespace

ImapConnector connector_to(Endpoint endpoint) {
    return [endpoint = std::move(endpoint)]() -> Result<std::unique_ptr<ImapStream>> {
        auto connection = Connection::open(endpoint);
        if (!connection) return connection.error();
        return std::unique_ptr<ImapStream>(std::make_unique<ConnectionStream>(std::move(connection).value()));
    };
}

} // namespace nixie
