// SPDX-License-Identifier: 0BSD
//
// What a provider gets, as small views: fields, configuration, request, credential, reply head, failure, refresh. Each
// is as long valid as what it looks at (see the C headers) and costs a pointer to copy.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "belay/cpp/text.hpp"

namespace belay::sdk {

/// Steps through an array by the stride that came with it (P5); `Wrap` makes the element that is handed out.
template <class Raw, class Wrap>
class Strided {
 public:
  class Iterator {
   public:
    Iterator(const std::byte* at, std::uint32_t stride) noexcept : at_(at), stride_(stride) {}
    Wrap operator*() const noexcept { return Wrap(*reinterpret_cast<const Raw*>(at_)); }
    Iterator& operator++() noexcept {
      at_ += stride_;
      return *this;
    }
    bool operator==(const Iterator& other) const noexcept { return at_ == other.at_; }

   private:
    const std::byte* at_;
    std::uint32_t stride_;
  };

  Strided() = default;
  Strided(const Raw* at, std::uint32_t count, std::uint32_t stride) noexcept
      : at_(reinterpret_cast<const std::byte*>(at)), count_(at == nullptr ? 0 : count), stride_(stride) {}

  [[nodiscard]] Iterator begin() const noexcept { return {at_, stride_}; }
  [[nodiscard]] Iterator end() const noexcept { return {at_ + std::size_t{count_} * stride_, stride_}; }
  [[nodiscard]] std::uint32_t size() const noexcept { return count_; }
  [[nodiscard]] bool empty() const noexcept { return count_ == 0; }

 private:
  const std::byte* at_ = nullptr;
  std::uint32_t count_ = 0;
  std::uint32_t stride_ = 0;
};

/// An HTTP header (name in lower case) or a field of a credential.
struct Field {
  std::string_view name;
  std::string_view value;
  bool secret = false;

  explicit Field(const belay_field& raw) noexcept
      : name(view(raw.name)), value(view(raw.value)), secret((raw.flags & BELAY_SECRET) != 0) {}
};

class Fields : public Strided<belay_field, Field> {
 public:
  Fields() = default;
  explicit Fields(const belay_fields& raw) noexcept : Strided(raw.at, raw.count, raw.stride) {}

  /// The first one of that name.
  [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const noexcept {
    for (const Field field : *this) {
      if (field.name == name) return field.value;
    }
    return std::nullopt;
  }
  [[nodiscard]] std::string_view value(std::string_view name) const noexcept {
    return find(name).value_or(std::string_view());
  }
};

/// [provider.NAME] as create() gets it. Lives during the constructor; `ctx` as long as the instance.
class Config {
 public:
  explicit Config(const belay_config* raw) noexcept : raw_(raw) {}
  [[nodiscard]] belay_ctx* ctx() const noexcept { return raw_->ctx; }
  [[nodiscard]] std::string_view name() const noexcept { return view(raw_->name); }
  [[nodiscard]] std::string_view base_url() const noexcept { return view(raw_->base_url); }
  [[nodiscard]] std::string_view options() const noexcept { return view(raw_->options); }
  [[nodiscard]] std::string_view model() const noexcept { return view(raw_->model); }

 private:
  const belay_config* raw_;
};

/// One top-level member of a request's body.
struct Member {
  std::string_view name;   ///< as written between the quotes
  std::string_view value;  ///< the whole JSON value

  explicit Member(const belay_member& raw) noexcept : name(view(raw.name)), value(view(raw.value)) {}
};

struct Text : std::string_view {
  explicit Text(const belay_str& raw) noexcept : std::string_view(view(raw)) {}
};

/// The request of one exchange; valid until the exchange is destroyed.
class Request {
 public:
  explicit Request(const belay_request* raw) noexcept : raw_(raw) {}
  [[nodiscard]] std::string_view operation() const noexcept { return view(raw_->operation); }
  [[nodiscard]] std::string_view wire() const noexcept { return view(raw_->wire); }
  [[nodiscard]] bool stream() const noexcept { return (raw_->flags & BELAY_REQUEST_STREAM) != 0; }
  [[nodiscard]] std::string_view model() const noexcept { return view(raw_->model); }
  [[nodiscard]] std::string_view body() const noexcept { return view(raw_->body); }
  [[nodiscard]] std::string_view id() const noexcept { return view(raw_->request_id); }
  [[nodiscard]] std::int64_t deadline_ns() const noexcept { return raw_->deadline_ns; }
  [[nodiscard]] Strided<belay_member, Member> members() const noexcept {
    return {raw_->members, raw_->member_count, raw_->member_stride};
  }
  [[nodiscard]] Strided<belay_str, Text> required() const noexcept {
    return {raw_->required, raw_->required_count, sizeof(belay_str)};
  }
  [[nodiscard]] std::optional<std::string_view> member(std::string_view name) const noexcept {
    for (const Member member : members()) {
      if (member.name == name) return member.value;
    }
    return std::nullopt;
  }

 private:
  const belay_request* raw_;
};

/// The credential of one exchange, or none (`if (credential)`) for a keyless provider; valid until the exchange is
/// destroyed.
class Credential {
 public:
  explicit Credential(const belay_credential* raw) noexcept : raw_(raw) {}
  explicit operator bool() const noexcept { return raw_ != nullptr; }
  [[nodiscard]] std::string_view id() const noexcept { return raw_ ? view(raw_->id) : std::string_view(); }
  [[nodiscard]] std::string_view type() const noexcept { return raw_ ? view(raw_->type) : std::string_view(); }
  [[nodiscard]] std::uint64_t generation() const noexcept { return raw_ ? raw_->generation : 0; }
  [[nodiscard]] Fields fields() const noexcept { return raw_ ? Fields(raw_->fields) : Fields(); }
  /// The key, or the access token.
  [[nodiscard]] std::string_view secret() const noexcept { return fields().value("secret"); }

 private:
  const belay_credential* raw_;
};

/// The head of a 2xx reply.
class Head {
 public:
  explicit Head(const belay_head* raw) noexcept : raw_(raw) {}
  [[nodiscard]] int status() const noexcept { return raw_->status; }
  [[nodiscard]] Fields headers() const noexcept { return Fields(raw_->headers); }

 private:
  const belay_head* raw_;
};

/// How a reply ended. One that this SDK doesn't know arrives as `failed`.
enum class Finish : std::uint32_t {
  complete = BELAY_FINISH_COMPLETE,
  truncated = BELAY_FINISH_TRUNCATED,
  cancelled = BELAY_FINISH_CANCELLED,
  timeout = BELAY_FINISH_TIMEOUT,
  failed = BELAY_FINISH_FAILED,
};

/// A failed attempt; see belay/failure.h.
class Failure {
 public:
  explicit Failure(const belay_failure* raw) noexcept : raw_(raw) {}
  [[nodiscard]] std::uint32_t kind() const noexcept { return raw_->kind; }
  [[nodiscard]] int status() const noexcept { return raw_->status; }
  [[nodiscard]] Fields headers() const noexcept { return Fields(raw_->headers); }
  [[nodiscard]] std::string_view body() const noexcept { return view(raw_->body); }
  [[nodiscard]] std::string_view code() const noexcept { return view(raw_->code); }
  [[nodiscard]] std::string_view type() const noexcept { return view(raw_->type); }
  [[nodiscard]] std::string_view message() const noexcept { return view(raw_->message); }
  [[nodiscard]] std::string_view parameter() const noexcept { return view(raw_->parameter); }

 private:
  const belay_failure* raw_;
};

/// Asks whether to stop; valid during the call that got it.
class Cancel {
 public:
  Cancel(const belay_host* host, const belay_cancel* raw) noexcept : host_(host), raw_(raw) {}
  [[nodiscard]] bool asked() const noexcept { return host_ != nullptr && host_->cancelled(raw_) != 0; }
  /// Turns readable when asked; -1: there is none. Never close or read it.
  [[nodiscard]] int fd() const noexcept { return host_ == nullptr ? -1 : host_->cancel_fd(raw_); }

 private:
  const belay_host* host_;
  const belay_cancel* raw_;
};

/// What refresh_credentials() and login() get.
class Refresh {
 public:
  Refresh(const belay_host* host, const belay_refresh_in* raw) noexcept : host_(host), raw_(raw) {}
  [[nodiscard]] std::uint32_t cause() const noexcept { return raw_->cause; }
  [[nodiscard]] belay_ctx* ctx() const noexcept { return raw_->ctx; }
  [[nodiscard]] std::string_view id() const noexcept { return view(raw_->id); }
  [[nodiscard]] std::string_view type() const noexcept { return view(raw_->type); }
  [[nodiscard]] std::uint64_t failed_generation() const noexcept { return raw_->failed_generation; }
  [[nodiscard]] Fields fields() const noexcept { return Fields(raw_->fields); }
  [[nodiscard]] std::int64_t expires_unix_ms() const noexcept { return raw_->expires_unix_ms; }
  [[nodiscard]] std::optional<Failure> failure() const noexcept {
    return raw_->failure == nullptr ? std::nullopt : std::optional<Failure>(Failure(raw_->failure));
  }
  [[nodiscard]] std::int64_t deadline_ns() const noexcept { return raw_->deadline_ns; }
  [[nodiscard]] Cancel cancel() const noexcept { return {host_, raw_->cancel}; }
  [[nodiscard]] std::uint32_t attempt() const noexcept { return raw_->attempt; }
  /// To pass on to a service of the host.
  [[nodiscard]] const belay_refresh_in* raw() const noexcept { return raw_; }

 private:
  const belay_host* host_;
  const belay_refresh_in* raw_;
};

}  // namespace belay::sdk
