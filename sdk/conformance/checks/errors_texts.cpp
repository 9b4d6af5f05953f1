// Texts for people: within their room, whole characters, no NUL, no secret.
#include "base/utf8.hpp"
#include "checks/errors.hpp"
#include "checks/replies.hpp"

namespace belay::conform {
namespace {

constexpr std::uint32_t rooms[] = {0, 1, 2, 3, 4, 5, 7, 16, 31, 64, 511};

/// A long text of upstream's in which every length cuts a character.
std::string long_error() {
  std::string text;
  for (int i = 0; i < 400; ++i) text += i % 3 == 0 ? "\xC3\xA9" : i % 3 == 1 ? "\xE6\xBC\xA2" : "\xF0\x9F\xA6\x8A";
  return R"({"error":{"message":")" + text + R"(","type":"invalid_request_error","param":")" + text + R"(","code":"unsupported_parameter"}})";
}

class Texts {
 public:
  Texts(Case& self, std::string secret) : self_(self), secret_(std::move(secret)) {}
  void sound(const std::string& threw, const std::string& breach, const std::string& text, const std::string& where) {
    self_.doing(where);
    self_.require(threw.empty(), "nothing is thrown across the line", where + ": " + threw);
    self_.require(breach.empty(), "an error text within its room, whole UTF-8, without NUL", where + ": " + breach);
    self_.require(text.find(secret_) == std::string::npos, "an error text without a secret", where + ": it tells the secret");
  }

 private:
  Case& self_;
  const std::string secret_;
};

}  // namespace

void err_04(Case& self) {
  auto cassette = replies::any_exchange(self.plugin());
  const std::string secret = "sk-in-no-text-4f1c";
  for (auto& field : cassette.fields) {
    if (field.secret) field.value = secret;
  }
  Texts texts(self, secret);
  Account account(self, self.plugin(), cassette);

  for (const std::uint32_t room : rooms) {
    const auto sized = " with room for " + std::to_string(room) + " bytes";
    CreateOptions broken;
    broken.error_room = room;
    broken.base_url = "";
    for (const char* options : {R"({"no-such-option-\u00e9\u6f22\ud83e\udd8a":true})", "{", "[]"}) {
      broken.options = options;
      const auto created = try_create(self.plugin(), cassette, broken);
      texts.sound(created.threw, created.room_breach, created.error, "create() without base_url and with options " + std::string(options) + sized);
    }

    std::vector<std::pair<std::string, Cassette>> complaints(4, {"", cassette});
    complaints[0].first = "an unknown operation";
    complaints[0].second.operation = "op\xC3\xA9ration.\xE6\xBC\xA2\xF0\x9F\xA6\x8A." + std::string(600, 'x');
    complaints[1].first = "a credential without fields";
    complaints[1].second.fields.clear();
    complaints[2].first = "an unknown member that is required";
    complaints[2].second.required = {"m\xC3\xA9mber-\xE6\xBC\xA2\xF0\x9F\xA6\x8A" + std::string(600, 'y')};
    complaints[3].first = "a credential with a foreign id and an empty secret";
    complaints[3].second.credential_id = "\xE6\xBC\xA2\xF0\x9F\xA6\x8A" + std::string(600, 'z');
    complaints[3].second.fields = {{"secret", "", true}, {"other", secret, true}};
    for (const auto& [what, bad] : complaints) {
      PlayOptions options;
      options.error_room = room;
      const auto played = play(self.plugin(), account.get(), bad, options);
      texts.sound(played.threw, played.room_breach, played.error, what + sized);
    }

    CassetteReply reply;
    reply.status = 400;
    reply.headers = {{"content-type", "application/json"}};
    reply.body = long_error();
    const auto answer = classify(self.plugin(), account.get(), failure_of(reply), room);
    texts.sound(answer.threw, answer.breach, answer.message + answer.parameter + answer.rename, "classify_error() of a long text" + sized);
  }

  // belay_error * may be NULL.
  PlayOptions none;
  none.error_room.reset();
  auto unknown = cassette;
  unknown.operation = "org.example.none";
  const auto played = play(self.plugin(), account.get(), unknown, none);
  texts.sound(played.threw, played.room_breach, {}, "an unknown operation, and NULL for the error");
}

}  // namespace belay::conform
