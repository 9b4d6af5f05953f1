// Owning handles for the curl objects this folder uses. Nothing above host/http sees a curl type.
#pragma once

#include <curl/curl.h>

#include <memory>

namespace belay::http {

template <auto Free>
struct Freed {
  template <typename T>
  void operator()(T* object) const {
    Free(object);
  }
};

using Easy = std::unique_ptr<CURL, Freed<curl_easy_cleanup>>;
using Multi = std::unique_ptr<CURLM, Freed<curl_multi_cleanup>>;
using Share = std::unique_ptr<CURLSH, Freed<curl_share_cleanup>>;
using Url = std::unique_ptr<CURLU, Freed<curl_url_cleanup>>;
using CurlText = std::unique_ptr<char, Freed<curl_free>>;

}  // namespace belay::http
