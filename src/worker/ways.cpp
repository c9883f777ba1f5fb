#include "worker/ways.hpp"

#include "base/text.hpp"
#include "log/secrets.hpp"
#include "notify/command_hook.hpp"
#include "notify/file_way.hpp"
#include "notify/mail_way.hpp"
#include "notify/signature.hpp"
#include "notify/webhook.hpp"
#include "worker/endpoint.hpp"

namespace nixie {
namespace {

class BrokenWay : public Way {
  public:
    explicit BrokenWay(Error error) : error_(std::move(error)) {}
    Result<void> tell(const Telling& /*event*/, Time /*now*/, const StopAsked& /*stop*/) override { return error_; }

  private:
    Error error_;
};

using MadeWay = Result<std::unique_ptr<Way>>;

/// A line a key: all sign while receivers learn the new one.
Result<std::vector<std::string>> webhook_keys(const SecretSource& source) {
    std::vector<std::string> keys;
    if (source.from == SecretSource::From::nothing) return keys;
    const auto text = read_secret_text(source);
    if (!text) return text.error();
    std::string_view rest = *text, line;
    while (next_line(rest, line)) {
        const auto secret = trim(line);
        if (secret.empty()) continue;
        guard_secret(secret);
        auto key = webhook_key(secret);
        if (!key) return key.error();
        keys.push_back(std::move(key).value());
    }
    if (keys.empty()) return Error{ErrorCode::config, "the webhook's secret is empty", source.name};
    return keys;
}

WebhookFormat shape_of(NotifyConfig::Format format) {
    switch (format) {
        case NotifyConfig::Format::standard:
            return WebhookFormat::standard;
        case NotifyConfig::Format::listmonk:
            return WebhookFormat::listmonk;
        case NotifyConfig::Format::mautic:
            return WebhookFormat::mautic;
        case NotifyConfig::Format::sympa:
            return WebhookFormat::sympa;
    }
    return WebhookFormat::standard;
}

MadeWay make_webhook(const NotifyConfig& config) {
    auto keys = webhook_keys(config.secret);
    if (!keys) return keys.error();
    auto password = guarded(read_secret(config.password));
    if (!password) return password.error();
    WebhookOptions options{.url = config.target, .format = shape_of(config.format)};
    options.keys = std::move(keys).value();
    options.user = config.user;
    options.password = std::move(password).value();
    options.list = config.list;
    options.owner = config.owner;
    options.ca_file = config.ca_file;
    options.timeout = config.timeout;
    return std::unique_ptr<Way>(std::make_unique<Webhook>(std::move(options)));
}

Result<SmtpServer> make_server(const NotifyConfig& config) {
    const SmtpConfig& smtp = config.smtp;
    auto password = guarded(read_secret(smtp.password));
    if (!password) return password.error();
    const auto tls = smtp.encryption == Encryption::none ? SmtpServer::Tls::none : SmtpServer::Tls::required;
    return SmtpServer{smtp.url, tls, smtp.user, std::move(password).value(), smtp.ca_file, config.timeout};
}

MadeWay make_mail(const NotifyConfig& config) {
    auto server = make_server(config);
    if (!server) return server.error();
    return std::unique_ptr<Way>(
        std::make_unique<MailWay>(MailOptions{std::move(server).value(), config.from, config.target}));
}

MadeWay make_resender(const NotifyConfig& config, const TryContext& context) {
    auto server = make_server(config);
    if (!server) return server.error();
    auto signer = ReturnPathSigner::make(context.config.verp);
    if (!signer) return signer.error();
    return std::unique_ptr<Way>(std::make_unique<Resender>(
        ResendOptions{std::move(server).value(), config.from, config.per_domain, std::move(signer).value()}, context));
}

MadeWay way_as_configured(const NotifyConfig& config, const TryContext& context) {
    switch (config.way) {
        case NotifyConfig::Way::command:
            return std::unique_ptr<Way>(std::make_unique<CommandWay>(config.target, config.timeout));
        case NotifyConfig::Way::url:
            return make_webhook(config);
        case NotifyConfig::Way::file:
            return std::unique_ptr<Way>(std::make_unique<FileWay>(config.target));
        case NotifyConfig::Way::mail:
            return make_mail(config);
        case NotifyConfig::Way::try_command:
            return std::unique_ptr<Way>(std::make_unique<TryCommand>(config.target, config.timeout, context));
        case NotifyConfig::Way::resend:
            return make_resender(config, context);
    }
    return Error{ErrorCode::config, "no such way"};
}

} // namespace

std::unique_ptr<Way> make_way(const NotifyConfig& config, const TryContext& context) {
    auto made = way_as_configured(config, context);
    if (!made) return std::make_unique<BrokenWay>(made.error());
    return std::move(made).value();
}

} // namespace nixie
