// SPDX-License-Identifier: 0BSD
//
// What an error in OpenAI's shape means: status, code, type and text read in one place. The host's default table stands
// on it, and a provider of a compatible wire may use it in classify_error() (belay/cpp/error_body.hpp does) before it
// adds what only its own servers say. C++20, header-only.
//
// The order of questions is that of the host's reasons, first match wins: auth, quota, rate, overload, server, timeout,
// model, permission, and then the request's own faults. Within a question codes are asked before texts, since texts
// quote and mention a lot.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "belay/failure.h"
#include "belay/words/parameter.hpp"
#include "belay/words/phrases.hpp"
#include "belay/words/retry.hpp"
#include "belay/words/text.hpp"

namespace belay::words {

/// One error as upstream told it. `status` is the HTTP status, or 200 for an error inside a reply.
struct Error {
  int status = 0;
  std::string_view code, type, message, parameter;
  std::string_view body = {};  ///< as it came, for what stands beside the text: retry details
};

/// What it means. -1 and empty: not told.
struct Meaning {
  std::uint32_t reason = BELAY_REASON_UNKNOWN;
  std::string parameter;  ///< top-level member that was refused
  std::string rename;     ///< its new name
  std::int64_t affordable_tokens = -1;
  std::int64_t retry_after_ms = -1;
  std::int64_t reset_unix_ms = -1;
};

/// A request without this top-level member would be none.
inline bool is_indispensable(std::string_view member) { return detail::is_any(member, detail::indispensable); }

namespace detail {

/// One error while it is asked. `status` is 0 for an error in a reply that tells no status of its own.
class Reading {
 public:
  explicit Reading(const Error& error)
      : error_(error),
        code_(fold(error.code)),
        type_(fold(error.type)),
        text_(without_addresses(fold(error.message))),
        status_(effective_status(error)) {
    for (auto phrase : harmless_phrases) {
      if (const auto at = text_.find(phrase); at != std::string::npos) text_.erase(at, phrase.size());
    }
  }

  Meaning meaning() {
    if (!by_access() && !by_capacity() && !by_status() && !by_words_of_a_stream() && !by_request() && status_ >= 400) {
      found_.reason = BELAY_REASON_PERMISSION_DENIED;
    }
    return std::move(found_);
  }

 private:
  /// The HTTP status; of an error in a reply the one that its code tells, and so behind a 400 by which a relay wraps
  /// another error.
  static int effective_status(const Error& error) {
    int told = status_in(error.code);
    if (told == 0) told = status_in(error.type);
    const bool in_reply = error.status == 0 || (error.status >= 200 && error.status < 300);
    return in_reply || (error.status == 400 && told != 0) ? told : error.status;
  }

  template <class Codes>
  [[nodiscard]] bool says(const Codes& codes) const {
    return is_any(code_, codes) || is_any(type_, codes);
  }
  template <class Phrases>
  [[nodiscard]] bool reads(const Phrases& phrases) const {
    return any_in(text_, phrases);
  }
  bool is(std::uint32_t reason) {
    found_.reason = reason;
    return true;
  }

  /// auth_rejected
  bool by_access() {
    if (status_ == 401) return is(BELAY_REASON_AUTH_REJECTED);
    if (status_ != 400 && status_ != 403 && status_ != 422 && status_ != 0) return false;
    // "unauthorized" as the code of a 403 is a matter of rights.
    const bool bare = status_ == 403 && (code_ == "unauthorized" || type_ == "unauthorized");
    if (says(auth_codes) && !bare) return is(BELAY_REASON_AUTH_REJECTED);
    if (reads(auth_phrases)) return is(BELAY_REASON_AUTH_REJECTED);
    return (status_ == 403 || status_ == 0) && reads(auth_phrases_of_access) && is(BELAY_REASON_AUTH_REJECTED);
  }

  /// quota_exhausted: not a parameter error that happens to mention tokens or limits, not a limit of a minute.
  bool by_capacity() {
    if (status_ != 0 && (status_ < 400 || status_ >= 500)) return false;
    if (status_ != 402 && !says(quota_codes) && (is_parameter_error() || !tells_quota())) return false;
    found_.affordable_tokens = number_after(text_, "can only afford");
    return is(BELAY_REASON_QUOTA_EXHAUSTED);
  }
  [[nodiscard]] bool is_parameter_error() const {
    if (status_ != 400 && status_ != 422 && status_ != 0) return false;
    return says(parameter_codes) || (!error_.parameter.empty() && error_.parameter != "null") ||
           !refused_for_sure({}, {}, {}, text_).empty();
  }
  [[nodiscard]] bool tells_quota() const {
    const bool daily = any_word_in(text_, long_windows) && any_word_in(text_, window_nouns);
    // Google says the same words of every window and tells which one beside them.
    const bool of_a_minute =
        error_.body.find("PerMinute") != std::string_view::npos && error_.body.find("PerDay") == std::string_view::npos;
    if (of_a_minute) return false;
    if (daily || reads(quota_phrases) || any_word_in(text_, quota_words)) return true;
    const bool used_up = has_word(text_, "quota") && reads(quota_verbs);
    return (used_up || reads(weak_quota_phrases)) && !reads(short_windows);
  }

  /// What the status alone tells: rate_limited, overloaded, server_error, timed_out and those that have a status of
  /// their own.
  bool by_status() {
    if (status_ == 429) return is(BELAY_REASON_RATE_LIMITED);
    if (status_ == 503 || status_ == 529) return is(BELAY_REASON_OVERLOADED);
    if (status_ == 403 &&
        (says(overload_codes) || says(server_codes) || reads(overload_phrases) || reads(server_phrases)))
      return is(BELAY_REASON_OVERLOADED);
    if (status_ >= 500) return is(BELAY_REASON_SERVER_ERROR);
    if (status_ == 408) return is(BELAY_REASON_TIMED_OUT);
    if (status_ == 404 || status_ == 410) return is(BELAY_REASON_MODEL_UNAVAILABLE);
    if (status_ == 413) return is(BELAY_REASON_REQUEST_TOO_LARGE);
    return status_ == 451 && is(BELAY_REASON_CONTENT_REFUSED);
  }

  /// The same where there is no status.
  bool by_words_of_a_stream() {
    if (status_ != 0) return false;
    if (says(rate_codes)) return is(BELAY_REASON_RATE_LIMITED);
    if (says(overload_codes)) return is(BELAY_REASON_OVERLOADED);
    if (names_the_request()) return false;
    if (says(server_codes) && !reads(rate_phrases) && !reads(overload_phrases)) return is(BELAY_REASON_SERVER_ERROR);
    if (says(timeout_codes)) return is(BELAY_REASON_TIMED_OUT);
    if (reads(rate_phrases)) return is(BELAY_REASON_RATE_LIMITED);
    if (reads(overload_phrases)) return is(BELAY_REASON_OVERLOADED);
    if (reads(server_phrases)) return is(BELAY_REASON_SERVER_ERROR);
    return reads(timeout_phrases) && is(BELAY_REASON_TIMED_OUT);
  }
  [[nodiscard]] bool names_the_request() const {
    return says(model_codes) || says(context_codes) || says(content_codes) || says(parameter_codes) ||
           says(bad_request_codes) || says(permission_codes);
  }

  /// model_unavailable and the request's own faults: 400, 422, a stream; of a 403 what is no matter of rights.
  bool by_request() {
    if (status_ != 400 && status_ != 422 && status_ != 403 && status_ != 0) return false;
    if (says(model_codes)) return is(BELAY_REASON_MODEL_UNAVAILABLE);
    if (status_ == 403) return of_a_403();
    if (says(context_codes)) return is(BELAY_REASON_CONTEXT_TOO_LONG);
    if (says(content_codes)) return is(BELAY_REASON_CONTENT_REFUSED);
    std::string parameter = refused_for_sure(code_, type_, error_.parameter, text_);
    if (parameter == "tools" || parameter == "functions")
      return is(BELAY_REASON_MODEL_UNAVAILABLE);  // without them it would be another request
    if (refuses(std::move(parameter))) return true;
    if (reads(model_phrases) || model_is_gone() || reads(incapable_phrases)) return is(BELAY_REASON_MODEL_UNAVAILABLE);
    if (reads(context_phrases)) return is(BELAY_REASON_CONTEXT_TOO_LONG);
    if (refuses(refused_loosely(text_))) return true;
    if (reads(weak_model_phrases)) return is(BELAY_REASON_MODEL_UNAVAILABLE);
    if (code_ == "1210" && error_.parameter.empty())
      return refuses("max_tokens");  // Z.AI's "invalid parameter", names none: its vision models mean this
    if (reads(content_phrases)) return is(BELAY_REASON_CONTENT_REFUSED);
    if (status_ != 0) return is(BELAY_REASON_BAD_REQUEST);
    if (says(permission_codes)) return is(BELAY_REASON_PERMISSION_DENIED);
    if (says(too_large_codes)) return is(BELAY_REASON_REQUEST_TOO_LARGE);
    return says(bad_request_codes) && is(BELAY_REASON_BAD_REQUEST);
  }
  bool of_a_403() {
    if (reads(model_phrases) || reads(weak_model_phrases) || model_is_gone()) return is(BELAY_REASON_MODEL_UNAVAILABLE);
    if (says(content_codes) || reads(content_phrases)) return is(BELAY_REASON_CONTENT_REFUSED);
    return is(BELAY_REASON_PERMISSION_DENIED);
  }
  bool refuses(std::string parameter) {
    if (parameter.empty() || is_indispensable(parameter)) return false;
    found_.rename = new_name(text_, parameter);
    found_.parameter = std::move(parameter);
    return is(BELAY_REASON_UNSUPPORTED_PARAMETER);
  }

  /// "The model `x` has been decommissioned": said behind "model" within its sentence, and not of a parameter.
  [[nodiscard]] bool model_is_gone() const {
    for (std::size_t at = find_word(text_, "model"); at != std::string::npos; at = find_word(text_, "model", at + 1)) {
      std::string_view sentence = std::string_view(text_).substr(at, 200);
      for (std::size_t dot = sentence.find('.'); dot != std::string_view::npos; dot = sentence.find('.', dot + 1)) {
        if (dot + 1 < sentence.size() && !space(sentence[dot + 1])) continue;  // within a name
        sentence = sentence.substr(0, dot);
        break;
      }
      for (auto phrase : gone_phrases) {
        const std::size_t end = sentence.find(phrase);
        if (end != std::string_view::npos &&
            refused_loosely(std::string(sentence.substr(0, end)) + " unsupported").empty())
          return true;
      }
    }
    return false;
  }

  const Error& error_;
  std::string code_, type_, text_;
  int status_;
  Meaning found_;
};

}  // namespace detail

/// Reads one error. UNKNOWN only for a 2xx whose error nothing explains (the host calls that an invalid reply) and a
/// status below 400.
inline Meaning meaning_of(const Error& error) {
  Meaning meaning = detail::Reading(error).meaning();
  const auto hint = retry_hint(error.message, error.body);
  meaning.retry_after_ms = hint.retry_after_ms;
  meaning.reset_unix_ms = hint.reset_unix_ms;
  return meaning;
}

}  // namespace belay::words
