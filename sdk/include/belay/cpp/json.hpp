// SPDX-License-Identifier: 0BSD
//
// Reads JSON with the host's reader (belay.json/1), so that a small provider needs no library for it.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "belay/cpp/host.hpp"
#include "belay/ext/json.h"

namespace belay::sdk {

/// One parsed text. Not to be used by two threads at once.
class Json {
 public:
  /// A value in it, valid as long as the document. Asking one that is not there gives another that is not there.
  class Value {
   public:
    [[nodiscard]] std::uint32_t type() const noexcept { return raw_.type; }  ///< BELAY_JSON_...
    explicit operator bool() const noexcept { return raw_.type != BELAY_JSON_ABSENT; }
    /// Of a string, or a number as written; else empty.
    [[nodiscard]] std::string_view text() const noexcept { return view(raw_.string); }
    /// Of a number that fits, a boolean, or the count of an array's or object's elements; else 0.
    [[nodiscard]] std::int64_t integer() const noexcept { return raw_.integer; }
    /// What an RFC 6901 pointer leads to from here: value["/error/message"].
    [[nodiscard]] Value operator[](std::string_view pointer) const noexcept {
      Value out(*doc_);
      if (raw_.type != BELAY_JSON_ABSENT) doc_->table_->get(doc_->doc_.get(), &raw_, str(pointer), &out.raw_);
      return out;
    }
    /// Element of an array or object, below integer().
    [[nodiscard]] Value element(std::uint64_t index, std::string_view* name = nullptr) const noexcept {
      Value out(*doc_);
      belay_str written{};
      if (raw_.type != BELAY_JSON_ABSENT) doc_->table_->element(doc_->doc_.get(), &raw_, index, &written, &out.raw_);
      if (name != nullptr) *name = view(written);
      return out;
    }

   private:
    friend class Json;
    explicit Value(const Json& doc) noexcept : doc_(&doc) { raw_.size = sizeof raw_; }
    const Json* doc_;
    belay_json_value raw_{};
  };

  /// What is no JSON (or a host without the service) gives an empty document, in which nothing is there.
  explicit Json(std::string_view json) : table_(service<belay_json>(BELAY_JSON_ID)), doc_(nullptr, Release{table_}) {
    if (table_ != nullptr) doc_.reset(table_->parse(str(json), nullptr));
  }
  Json(const Json&) = delete;
  Json& operator=(const Json&) = delete;

  [[nodiscard]] Value operator[](std::string_view pointer) const noexcept {
    Value out(*this);
    if (doc_ != nullptr) table_->get(doc_.get(), nullptr, str(pointer), &out.raw_);
    return out;
  }

 private:
  struct Release {
    const belay_json* table;
    void operator()(belay_json_doc* parsed) const noexcept { table->release(parsed); }
  };

  const belay_json* table_;
  std::unique_ptr<belay_json_doc, Release> doc_;
};

}  // namespace belay::sdk
