#include "base/secret.hpp"

#include <openssl/crypto.h>

#include <mutex>
#include <unordered_map>
#include <vector>

#include "secret_forms.hpp"
#include "secret_index.hpp"
#include "secret_memory.hpp"

namespace belay {

/// One secret value, however many Secrets were made of it.
struct Secret::Held {
  explicit Held(std::string_view secret) : value(secret) {}
  ~Held();
  Held(const Held&) = delete;
  Held& operator=(const Held&) = delete;

  const SecretBytes value;

  // Guarded by the register.
  static constexpr std::size_t nowhere = static_cast<std::size_t>(-1);
  mutable std::vector<SecretBytes>
      forms;  // made by the first scrub(), so that a secret that no scrub() meets costs none of it
  mutable std::size_t fresh_place = nowhere;  // its index among those without forms
};

/// Every live secret. Never destroyed, so that secrets in static objects may outlive it.
struct Secret::Register {
  std::mutex mutex;
  std::unordered_map<std::string_view, std::weak_ptr<const Held>> values;
  std::vector<const Held*> fresh;  // not in the index yet
  SecretIndex index;

  static Register& instance() {
    static auto* const instance = new Register;
    return *instance;
  }

  void add(const std::shared_ptr<const Held>& held) {
    // Erased first: the key of one that is just going away points into memory that goes with it.
    values.erase(held->value.view());
    values.emplace(held->value.view(), held);
    held->fresh_place = fresh.size();
    fresh.push_back(held.get());
  }

  void remove(const Held& held) {
    const auto found = values.find(held.value.view());
    if (found != values.end() && found->first.data() == held.value.view().data()) values.erase(found);
    if (held.fresh_place != Held::nowhere) {
      fresh.back()->fresh_place = held.fresh_place;
      fresh[held.fresh_place] = fresh.back();
      fresh.pop_back();
    }
    for (const auto& form : held.forms) index.remove(form.view());
  }

  void index_fresh() {
    for (const Held* held : fresh) {
      held->forms = secret_forms(held->value.view());
      for (const auto& form : held->forms) index.add(form.view());
      held->fresh_place = Held::nowhere;
    }
    fresh.clear();
  }

  /// Where live secrets stand in `text`.
  std::vector<SecretIndex::Range> find(std::string_view text) {
    if (text.size() < shortest_scrubbed) return {};
    const std::lock_guard lock(mutex);
    index_fresh();
    return index.find(text);
  }
};

Secret::Held::~Held() {
  auto& known = Register::instance();
  const std::lock_guard lock(known.mutex);
  known.remove(*this);
}

Secret::Secret(std::string_view value) {
  if (value.empty()) return;
  auto& known = Register::instance();
  const std::lock_guard lock(known.mutex);
  if (const auto found = known.values.find(value); found != known.values.end()) held_ = found->second.lock();
  if (held_) return;
  held_ = std::make_shared<const Held>(value);
  known.add(held_);
}

std::string_view Secret::reveal() const { return held_ ? held_->value.view() : std::string_view(); }

bool operator==(const Secret& a, const Secret& b) {
  const auto left = a.reveal(), right = b.reveal();
  return left.size() == right.size() && CRYPTO_memcmp(left.data(), right.data(), left.size()) == 0;
}

std::string scrub(std::string_view text) {
  const auto ranges = Secret::Register::instance().find(text);
  std::string out;
  out.reserve(text.size());
  std::size_t kept = 0;
  for (const auto& range : ranges) {
    out.append(text.substr(kept, range.begin - kept)).append("[secret]");
    kept = range.end;
  }
  return out.append(text.substr(kept));
}

std::string scrub(std::string&& text) {
  return Secret::Register::instance().find(text).empty() ? std::move(text) : scrub(std::string_view(text));
}

void wipe(void* memory, std::size_t size) {
  if (size > 0) OPENSSL_cleanse(memory, size);
}

}  // namespace belay
