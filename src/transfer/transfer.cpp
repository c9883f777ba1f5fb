#include "transfer/transfer.hpp"

#include <algorithm>

namespace nixie {
namespace {

/// Of an answer so much is read: status and headers say all that matters.
constexpr std::size_t answer_bytes = 256 * 1024;

constexpr long connect_seconds = 20;

} // namespace

bool libcurl_is_ready() {
    static const CURLcode code = curl_global_init(CURL_GLOBAL_DEFAULT);
    return code == CURLE_OK;
}

Transfer::Transfer(const std::string& url, const char* protocols, const std::string& ca_file, Duration timeout) {
    if (libcurl_is_ready()) easy_.reset(curl_easy_init());
    set(CURLOPT_URL, url.c_str());
    set(CURLOPT_PROTOCOLS_STR, protocols);
    set(CURLOPT_FOLLOWLOCATION, 0L);
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_CONNECTTIMEOUT, connect_seconds);
    set(CURLOPT_TIMEOUT, static_cast<long>(timeout.count()));
    set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    set(CURLOPT_SSL_VERIFYPEER, 1L);
    set(CURLOPT_SSL_VERIFYHOST, 2L);
    if (!ca_file.empty()) {
        set(CURLOPT_CAINFO, ca_file.c_str());
        set(CURLOPT_CAPATH, static_cast<const char*>(nullptr));
    }
    set(CURLOPT_WRITEFUNCTION, &Transfer::receive);
    set(CURLOPT_WRITEDATA, static_cast<void*>(this));
    set(CURLOPT_NOPROGRESS, 0L);
    set(CURLOPT_XFERINFOFUNCTION, &Transfer::progress);
    set(CURLOPT_XFERINFODATA, static_cast<void*>(this));
}

void Transfer::add(std::vector<std::string>& lines, CURLoption option) {
    std::unique_ptr<curl_slist, Cleanup> list;
    for (const auto& line : lines) {
        curl_slist* const longer = curl_slist_append(list.get(), line.c_str());
        if (!longer) {
            broken_ = true;
            return;
        }
        static_cast<void>(list.release());
        list.reset(longer);
    }
    set(option, list.get());
    lists_.push_back(std::move(list));
}

void Transfer::log_in(const std::string& user, const std::string& password) {
    if (user.empty()) return;
    set(CURLOPT_USERNAME, user.c_str());
    set(CURLOPT_PASSWORD, password.c_str());
}

Result<void> Transfer::run(const std::string& what, const StopAsked& stop) {
    if (!easy_ || broken_) return Error{ErrorCode::unavailable, "libcurl does not take the request", what};
    stop_ = &stop;
    ended_ = curl_easy_perform(easy_.get());
    stop_ = nullptr;
    if (ended_ == CURLE_OK || (ended_ == CURLE_WRITE_ERROR && full_)) return {};
    if (ended_ == CURLE_ABORTED_BY_CALLBACK) return Error{ErrorCode::interrupted, "asked to stop", what};
    // libcurl's own words for the code; the longer text it keeps may repeat what the other side said.
    return Error{ErrorCode::unavailable, curl_easy_strerror(ended_), what};
}

bool Transfer::is_untrusted() const {
    return ended_ == CURLE_PEER_FAILED_VERIFICATION || ended_ == CURLE_SSL_CACERT_BADFILE;
}

long Transfer::number(CURLINFO info) const {
    long out = 0;
    if (easy_) curl_easy_getinfo(easy_.get(), info, &out);
    return out;
}

curl_off_t Transfer::large(CURLINFO info) const {
    curl_off_t out = 0;
    if (easy_) curl_easy_getinfo(easy_.get(), info, &out);
    return out;
}

std::size_t Transfer::receive(char* bytes, std::size_t size, std::size_t count, void* self) {
    auto& transfer = *static_cast<Transfer*>(self);
    const std::size_t all = size * count;
    const std::size_t taken = std::min(all, answer_bytes - transfer.answer_.size());
    transfer.answer_.append(bytes, taken);
    if (taken == all) return all;
    transfer.full_ = true;
    return 0;
}

int Transfer::progress(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    const auto& transfer = *static_cast<Transfer*>(self);
    return transfer.stop_ && *transfer.stop_ && (*transfer.stop_)() ? 1 : 0;
}

} // namespace nixie
