#include "address.hpp"

#include <algorithm>

#include "exchange.hpp"

namespace belay::http {
namespace {

/// Few URLs are in use at a time; a caller that makes up a new one for each request must not grow the book without end.
constexpr std::size_t most_addresses = 256;
/// Header sets differ by credential; a pool of keys has a few.
constexpr std::size_t most_recent_lines = 4;
/// Of one address; after a peak of thousands the others give their memory back.
constexpr std::size_t most_spare = 256;

const EndpointSettings no_settings;

std::string part(CURLU* url, CURLUPart which, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(url, which, &text, flags) != CURLUE_OK) return "";
  const CurlText owned(text);
  return text;
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return text;
}

bool agree(CURLU* url, const Origin& origin) {
  return lower(part(url, CURLUPART_SCHEME)) == origin.scheme && lower(part(url, CURLUPART_HOST)) == origin.host &&
         part(url, CURLUPART_PORT, CURLU_DEFAULT_PORT) == std::to_string(origin.port);
}

}  // namespace

Result<CheckedUrl> CheckedUrl::parse(const std::string& url) {
  auto origin = origin_of(url);
  if (!origin) return origin.error();
  Url parsed(curl_url());
  const CURLUcode code = curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), CURLU_PATH_AS_IS | CURLU_DISALLOW_USER);
  if (code != CURLUE_OK) return fail("the URL for " + origin->text() + " cannot be sent: " + curl_url_strerror(code));
  if (!agree(parsed.get(), *origin))
    return fail("the host of the URL for " + origin->text() + " is not written in its plain form");
  return CheckedUrl{std::move(parsed), *std::move(origin)};
}

Result<CheckedUrl> CheckedUrl::follow(const std::string& location) const {
  Url next(curl_url_dup(parsed.get()));
  if (location.empty() ||
      curl_url_set(next.get(), CURLUPART_URL, location.c_str(), CURLU_URLENCODE | CURLU_PATH_AS_IS) != CURLUE_OK)
    return fail("no usable location");
  return parse(part(next.get(), CURLUPART_URL));
}

std::string CheckedUrl::target() const {
  const std::string query = part(parsed.get(), CURLUPART_QUERY);
  return part(parsed.get(), CURLUPART_PATH) + (query.empty() ? "" : "?" + query);
}

Address::Address(CheckedUrl checked, const EndpointSettings& endpoint, ProxyChoice choice)
    : ca_file(endpoint.ca_file),
      proxy(endpoint.proxy),
      url(std::move(checked)),
      origin_text(url.origin.text()),
      place(url.origin.host + ":" + std::to_string(url.origin.port)),
      via(std::move(choice)),
      tls(url.origin.scheme == "https") {}

Address::~Address() = default;

bool Address::admits(const std::vector<std::string>& patterns) const {
  return std::any_of(patterns.begin(), patterns.end(), [&](const std::string& pattern) {
    return pattern == origin_text || origin_matches(url.origin, pattern);
  });
}

std::string Address::host_text() const { return origin_text.substr(origin_text.find("://") + 3); }

Result<std::shared_ptr<HeaderLines>> Address::lines(const Request& request) {
  for (const auto& lines : recent_)
    if (lines->serves(request)) return lines;
  auto built = HeaderLines::build(request);
  if (!built) return built;
  if (recent_.size() < most_recent_lines) {
    recent_.push_back(*built);
  } else {
    recent_[oldest_] = *built;
    oldest_ = (oldest_ + 1) % most_recent_lines;
  }
  return built;
}

std::unique_ptr<Exchange> Address::take_spare() {
  if (spare_.empty()) return nullptr;
  auto exchange = std::move(spare_.back());
  spare_.pop_back();
  return exchange;
}

void Address::give_spare(std::unique_ptr<Exchange> exchange) {
  if (spare_.size() < most_spare) spare_.push_back(std::move(exchange));
}

Result<std::shared_ptr<Address>> AddressBook::find(const std::string& url, const EndpointSettings* endpoint) {
  const EndpointSettings& settings = endpoint ? *endpoint : no_settings;
  const auto [begin, end] = known_.equal_range(url);
  for (auto entry = begin; entry != end; ++entry)
    if (entry->second->ca_file == settings.ca_file && entry->second->proxy == settings.proxy) return entry->second;

  auto checked = CheckedUrl::parse(url);
  if (!checked) return checked.error();
  ProxyChoice via = environment_.choose(settings.proxy, checked->origin.scheme);
  if (known_.size() >= most_addresses) known_.clear();
  auto address = std::make_shared<Address>(*std::move(checked), settings, std::move(via));
  known_.emplace(url, address);
  return address;
}

}  // namespace belay::http
