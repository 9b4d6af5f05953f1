#include "body.hpp"

#include <algorithm>
#include <string>

namespace belay::openai {
namespace {

constexpr std::string_view both_names[] = {"max_tokens", "max_completion_tokens"};

bool is_dropped(const Options& options, std::string_view name) {
  return std::find(options.drop.begin(), options.drop.end(), name) != options.drop.end();
}

/// What the options make of one body.
class Edit {
 public:
  Edit(const sdk::Request& request, const Options& options) : options_(options) {
    const bool has_wanted = !options.max_tokens_name.empty() && request.member(options.max_tokens_name).has_value();
    for (const auto name : both_names) {
      if (options.max_tokens_name.empty() || name == options.max_tokens_name || !request.member(name)) continue;
      (has_wanted ? superseded_ : renamed_) = name;
    }
    if (options.stream_usage && request.stream() && request.operation() == "chat") {
      const auto told = request.member("stream_options");
      adds_usage_ = !told || told->find("\"include_usage\"") == std::string_view::npos;
    }
  }

  [[nodiscard]] bool leaves_out(std::string_view name) const {
    return is_dropped(options_, name) || (!superseded_.empty() && name == superseded_);
  }
  [[nodiscard]] bool renames(std::string_view name) const { return !renamed_.empty() && name == renamed_; }
  [[nodiscard]] bool adds_usage() const { return adds_usage_; }
  [[nodiscard]] bool touches(const sdk::Request& request) const {
    if (adds_usage_) return true;
    for (const sdk::Member member : request.members()) {
      if (leaves_out(member.name) || renames(member.name)) return true;
    }
    return false;
  }

 private:
  const Options& options_;
  std::string_view renamed_;     // the member that gets the other name
  std::string_view superseded_;  // the member that goes since the caller gave the right one too
  bool adds_usage_ = false;
};

/// `stream_options` of the caller with the wish for usage in it.
std::string with_usage(std::string_view told) {
  if (!told.starts_with('{')) return R"({"include_usage":true})";  // null
  std::string_view rest = told.substr(1);
  while (!rest.empty() && (rest.front() == ' ' || rest.front() == '\t' || rest.front() == '\r' || rest.front() == '\n'))
    rest.remove_prefix(1);
  return R"({"include_usage":true)" + std::string(rest.starts_with('}') ? "" : ",") + std::string(rest);
}

}  // namespace

sdk::Status write_body(const sdk::Request& request, const Options& options, sdk::Writer& writer) {
  for (const auto name : request.required()) {
    if (is_dropped(options, name))
      return {BELAY_ERR_UNSUPPORTED,
              "options.drop leaves out \"" + std::string(name) + "\", which this request must have"};
  }
  const Edit edit(request, options);
  if (!edit.touches(request)) return writer.body_as_given().status();

  // Many small pieces in one copy; a large value (messages) goes out as it lies.
  std::string pending = "{";
  bool first = true, usage_written = false;
  const auto name_of = [&](std::string_view name) {
    pending.append(first ? "\"" : ",\"").append(name).append("\":");
    first = false;
  };
  for (const sdk::Member member : request.members()) {
    if (edit.leaves_out(member.name)) continue;
    name_of(edit.renames(member.name) ? std::string_view(options.max_tokens_name) : member.name);
    if (edit.adds_usage() && member.name == "stream_options") {
      pending.append(with_usage(member.value));
      usage_written = true;
    } else if (member.value.size() < 1024) {
      pending.append(member.value);
    } else {
      writer.body(pending).body(member.value);
      pending.clear();
    }
  }
  if (edit.adds_usage() && !usage_written) {
    name_of("stream_options");
    pending.append(with_usage({}));
  }
  return writer.body(pending.append("}")).status();
}

}  // namespace belay::openai
