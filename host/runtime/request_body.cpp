#include "request_body.hpp"

#include <algorithm>

namespace belay::runtime {
namespace {

/// One member of the body that is being put together: as it stands in the caller's text, or new.
struct Piece {
  std::string name;    // raw, between the quotes
  std::string value;   // owned only where it changed
  std::string_view given;
  [[nodiscard]] std::string_view text() const { return value.empty() ? given : std::string_view(value); }
};

PreparedBody join(const std::vector<Piece>& pieces) {
  std::size_t size = 2;
  for (const auto& piece : pieces) size += piece.name.size() + piece.text().size() + 4;
  PreparedBody out;
  out.text.reserve(size + 32);   // never inside the string itself: views into it hold when it is moved
  std::vector<std::pair<std::size_t, std::size_t>> places;
  places.reserve(pieces.size());
  out.text += '{';
  for (const auto& piece : pieces) {
    if (out.text.size() > 1) out.text += ',';
    out.text += '"';
    const std::size_t name = out.text.size();
    out.text += piece.name;
    out.text += "\":";
    places.emplace_back(name, out.text.size());
    out.text += piece.text();
  }
  out.text += '}';
  const std::string_view text = out.text;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    out.members.push_back({text.substr(places[i].first, pieces[i].name.size()), text.substr(places[i].second, pieces[i].text().size())});
  }
  return out;
}

}  // namespace

Result<std::unique_ptr<RequestBody>> RequestBody::parse(std::string body) {
  auto out = std::make_unique<RequestBody>();
  out->text_ = std::move(body);
  auto members = json::index_object(out->text_);
  if (!members) return fail("the request is not usable: " + members.error().message);
  out->members_ = std::move(*members);
  return out;
}

Result<void> RequestBody::add_defaults(const std::vector<std::pair<std::string, std::string>>& params) {
  if (std::all_of(params.begin(), params.end(), [this](const auto& param) { return find(param.first) != nullptr; })) return {};
  std::vector<Piece> pieces;
  for (const auto& member : members_) pieces.push_back({std::string(member.name), {}, member.value});
  for (const auto& [name, value] : params) {
    if (find(name) == nullptr) pieces.push_back({name, value, {}});
  }
  for (const auto& [name, value] : params) {
    if (auto usable = json::parse(value); !usable) return fail("the parameter " + name + " of the route is not usable: " + usable.error().message);
  }
  PreparedBody whole = join(pieces);   // of views into text_; moved, it keeps its characters where its members point
  text_.swap(whole.text);
  members_ = std::move(whole.members);
  return {};
}

const json::Member* RequestBody::find(std::string_view name) const {
  const auto found = std::find_if(members_.begin(), members_.end(), [name](const json::Member& member) { return member.name == name; });
  return found == members_.end() ? nullptr : &*found;
}

std::string RequestBody::model() const {
  const json::Member* member = find("model");
  if (member == nullptr) return {};
  const std::string_view text = member->value;
  if (text.front() == '"' && text.find('\\') == std::string_view::npos) return std::string(text.substr(1, text.size() - 2));
  const auto value = json::parse(member->value);
  return value && value->IsString() ? std::string(json::view(*value)) : std::string();
}

std::string RequestBody::mistyped() const {
  const json::Member* model = find("model");
  if (model != nullptr && model->value.front() != '"' && model->value != "null") return "model";
  const json::Member* stream = find("stream");
  if (stream != nullptr && stream->value != "true" && stream->value != "false" && stream->value != "null") return "stream";
  return {};
}

bool RequestBody::stream() const {
  const json::Member* member = find("stream");
  return member != nullptr && member->value == "true";
}

bool RequestBody::wants_usage() const {
  const json::Member* member = find("stream_options");
  if (member == nullptr) return false;
  const auto options = json::parse(member->value);
  return options && json::bool_at(*options, "include_usage").value_or(false);
}

/// With nothing to adjust, one pass that copies spans.
PreparedBody RequestBody::prepare_plain(std::string_view model, bool stream) const {
  PreparedBody out;
  const std::string quoted = model.empty() ? std::string() : json::quoted(model);
  out.members.reserve(members_.size() + 2);
  out.text.reserve(text_.size() + quoted.size() + sizeof R"(,"model":,"stream":true})");   // no more than that is added, so views into it hold
  const auto add = [&out](std::string_view name, std::string_view value) {
    out.text += out.text.empty() ? "{\"" : ",\"";
    const char* const begin = out.text.data() + out.text.size();
    out.text.append(name).append("\":").append(value);
    out.members.push_back({{begin, name.size()}, {begin + name.size() + 2, value.size()}});
  };
  if (!quoted.empty() && find("model") == nullptr) add("model", quoted);
  for (const auto& member : members_) {
    if (member.name == "stream" || (!stream && member.name == "stream_options")) continue;
    if (member.name != "model") add(member.name, member.value);
    else if (!quoted.empty()) add("model", quoted);
  }
  if (stream) add("stream", "true");
  out.text += out.text.empty() ? "{}" : "}";
  return out;
}

PreparedBody RequestBody::prepare(std::string_view model, bool stream, const std::vector<fallback::Adjusted>& adjusted) const {
  if (adjusted.empty()) return prepare_plain(model, stream);
  std::vector<Piece> pieces;
  pieces.reserve(members_.size() + 2);
  bool has_model = false;
  for (const auto& member : members_) {
    if (member.name == "stream" || (!stream && member.name == "stream_options")) continue;
    if (member.name == "model") {
      has_model = true;
      if (!model.empty()) pieces.push_back({"model", json::quoted(model), {}});
      continue;
    }
    pieces.push_back({std::string(member.name), {}, member.value});
  }
  if (!has_model && !model.empty()) pieces.insert(pieces.begin(), {"model", json::quoted(model), {}});
  if (stream) pieces.push_back({"stream", "true", {}});
  for (const auto& change : adjusted) {
    const auto found = std::find_if(pieces.begin(), pieces.end(), [&](const Piece& piece) { return piece.name == change.parameter; });
    if (change.to == "null") {
      if (found != pieces.end()) pieces.erase(found);
    } else if (change.to.front() == '"') {
      const std::string name = change.to.substr(1, change.to.size() - 2);
      if (found == pieces.end()) continue;
      std::erase_if(pieces, [&](const Piece& piece) { return piece.name == name; });
      const auto again = std::find_if(pieces.begin(), pieces.end(), [&](const Piece& piece) { return piece.name == change.parameter; });
      again->name = name;
    } else if (found != pieces.end()) {
      found->value = change.to;
    } else {
      pieces.push_back({change.parameter, change.to, {}});
    }
  }
  return join(pieces);
}

}  // namespace belay::runtime
