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
  out.text.reserve(size);
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
  std::string text = join(pieces).text;   // of views into text_
  text_ = std::move(text);
  auto again = json::index_object(text_);
  if (!again) return fail("a parameter of the route is not usable: " + again.error().message);
  members_ = std::move(*again);
  return {};
}

const json::Member* RequestBody::find(std::string_view name) const {
  const auto found = std::find_if(members_.begin(), members_.end(), [name](const json::Member& member) { return member.name == name; });
  return found == members_.end() ? nullptr : &*found;
}

std::string RequestBody::model() const {
  const json::Member* member = find("model");
  if (member == nullptr) return {};
  const auto value = json::parse(member->value);
  return value && value->IsString() ? std::string(json::view(*value)) : std::string();
}

bool RequestBody::stream() const {
  const json::Member* member = find("stream");
  return member != nullptr && member->value == "true";
}

PreparedBody RequestBody::prepare(std::string_view model, bool stream, const std::vector<fallback::Adjusted>& adjusted) const {
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
