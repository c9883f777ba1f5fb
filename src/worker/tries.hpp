// Makes tries that are due: by a command, or by sending again what the report returned.
#pragma once

#include <string>
#include <vector>

#include "config/config.hpp"
#include "notify/command_hook.hpp"
#include "notify/smtp.hpp"
#include "notify/way.hpp"
#include "store/store.hpp"
#include "verp/return_path.hpp"

namespace nixie {

/// What making a try needs to know. The references must outlive it.
struct TryContext {
    Store& store;
    const Config& config;
};

/// A command makes the try; when it ends well, the try is marked as made.
class TryCommand : public Way {
  public:
    TryCommand(std::string command, Duration timeout, const TryContext& context)
        : command_(std::move(command), timeout), context_(context) {}
    Result<void> tell(const Telling& event, Time now, const StopAsked& stop) override;

  private:
    CommandWay command_;
    TryContext context_;
};

/// Makes fresh return paths.
class ReturnPathSigner {
  public:
    /// Reads the key ring.
    static Result<ReturnPathSigner> make(const VerpConfig& config);
    [[nodiscard]] const std::string& address() const { return config_.address; }
    [[nodiscard]] Result<std::string> sign(const std::string& recipient, const std::string& mailing, Time now) const;

  private:
    ReturnPathSigner(VerpConfig config, std::vector<ReturnPathKey> keys)
        : config_(std::move(config)), keys_(std::move(keys)) {}
    VerpConfig config_;
    std::vector<ReturnPathKey> keys_;
};

struct ResendOptions {
    SmtpServer server;
    std::string from; ///< empty: the address of the return path
    int per_domain = 0;
    ReturnPathSigner signer;
};

/// Sends the original again to its one recipient, at most once for each try: that it is about to is committed before, how it ended
/// after. What may have been sent and what was sent are the same to it. What must not be sent is left to others.
class Resender : public Way {
  public:
    Resender(ResendOptions options, const TryContext& context) : options_(std::move(options)), context_(context) {}
    Result<void> tell(const Telling& event, Time now, const StopAsked& stop) override;

  private:
    Result<void> send(const Telling& event, const PendingTry& pending, Time now, const StopAsked& stop);
    Result<void> end(const PendingTry& pending, const Submission& done, const std::string& id, Time now);
    Result<void> hand_over(const PendingTry& pending, const std::string& cause, Time now);

    ResendOptions options_;
    TryContext context_;
};

} // namespace nixie
