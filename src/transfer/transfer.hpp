// One transfer by libcurl that ends in time, or when it is asked to.
#pragma once

#include <curl/curl.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "nixie/result.hpp"
#include "nixie/time.hpp"

namespace nixie {

/// Asked several times a second; true ends what is under way with ErrorCode::interrupted.
using StopAsked = std::function<bool()>;

/// Whether libcurl can be used; starts it at the first call.
bool libcurl_is_ready();

class Transfer {
  public:
    /// `protocols` as libcurl lists them: "http,https". Redirects are not followed. TLS is verified, by the authorities in
    /// `ca_file` alone if it names one.
    Transfer(const std::string& url, const char* protocols, const std::string& ca_file, Duration timeout);

    template <class Value>
    void set(CURLoption option, Value value) {
        if (easy_ && curl_easy_setopt(easy_.get(), option, value) != CURLE_OK) broken_ = true;
    }
    /// A header line, or a recipient: see `option`.
    void add(std::vector<std::string>& lines, CURLoption option);
    void log_in(const std::string& user, const std::string& password);
    /// `what` names the other side in errors. An answer that is too long is no error: what came of it is kept.
    Result<void> run(const std::string& what, const StopAsked& stop);

    /// Whether it failed because nobody known vouches for the other side's certificate.
    [[nodiscard]] bool is_untrusted() const;
    [[nodiscard]] long number(CURLINFO info) const;
    [[nodiscard]] curl_off_t large(CURLINFO info) const;
    [[nodiscard]] const std::string& answer() const { return answer_; }

  private:
    struct Cleanup {
        void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
        void operator()(curl_slist* list) const { curl_slist_free_all(list); }
    };
    static std::size_t receive(char* bytes, std::size_t size, std::size_t count, void* self);
    static int progress(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t);

    std::vector<std::unique_ptr<curl_slist, Cleanup>> lists_;
    std::unique_ptr<CURL, Cleanup> easy_;
    std::string answer_;
    bool full_ = false, broken_ = false;
    CURLcode ended_ = CURLE_OK;
    const StopAsked* stop_ = nullptr;
};

} // namespace nixie
