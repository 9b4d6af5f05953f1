#include "leader.hpp"

#include "base/utf8.hpp"
#include "reading.hpp"

namespace belay::credentials {
namespace {

constexpr Millis usual_limit{120'000};
constexpr std::size_t longest_message = 500;

}  // namespace

Millis Leader::limit_of(const std::string& provider) const {
  return options_.hook_limit ? options_.hook_limit(provider) : usual_limit;
}

RefreshResult Leader::lead(Credential& credential, const RefreshRequest& request, const HookStarted& started) {
  const UnixMs asked = request.asked_at != 0 ? request.asked_at : clock_.unix_ms();
  const Millis limit = limit_of(credential.card().provider);
  Turn turn{.credential = credential,
            .card = credential.card(),
            .request = request,
            .limit = limit,
            .stop = stop_,
            .view = {},
            .standing = {}};
  const ViewPtr before = credential.loaded(limit, stop_, Leased::no);
  if (!before->why.empty()) return result_of(RefreshOutcome::failed_transient, before->generation(), before->why);
  turn.view = before;
  if (auto done = without_hook(turn, *before, asked)) return *std::move(done);

  const auto lease = ledger_.lease(turn.card, before->standing, request.wait_until, stop_);
  if (!lease) {
    return result_of(RefreshOutcome::failed_transient, before->generation(),
                     "another process is refreshing it and has not finished in time");
  }
  const std::vector<Fd> locks =
      turn.card.settings.write_back ? files_.lock(turn.card, request.wait_until) : std::vector<Fd>{};
  turn.view = credential.look(Read::cached);  // what others did while we waited
  if (auto done = without_hook(turn, *before, asked)) return *std::move(done);
  // Running an exec credential's command again is its hook's business.
  turn.view =
      turn.card.is_exec() ? credential.loaded(limit, stop_, Leased::yes) : credential.read(limit, stop_, Leased::yes);
  if (!turn.view->why.empty())
    return result_of(RefreshOutcome::failed_transient, turn.view->generation(), turn.view->why);
  if (auto done = without_hook(turn, *before, asked)) return *std::move(done);
  turn.standing = turn.view->standing;
  publisher_.write_back(turn);
  HookOutput output = call_hook(turn, started);
  if (is_failure(output.outcome) && !turn.card.is_exec()) {
    // Another program may have renewed this login while we asked, and spent the token that we asked with.
    const ViewPtr again = credential.read(limit, stop_, Leased::yes);
    if (again->why.empty() && again->generation() > turn.view->generation()) {
      turn.view = again;
      turn.standing = again->standing;
      if (again->ready(clock_.unix_ms())) return result_of(RefreshOutcome::refreshed, again->generation(), "");
      output = call_hook(turn, started);  // a refresh token that nobody has tried yet
    }
  }
  return publisher_.take(turn, std::move(output));
}

/// Somebody has done it already, or the source has changed.
std::optional<RefreshResult> Leader::without_hook(const Turn& turn, const View& before, UnixMs asked) const {
  const View& view = *turn.view;
  if (!view.why.empty() || !view.values) return std::nullopt;
  const std::uint64_t generation = view.generation();
  const bool by_operator = turn.request.cause == Cause::operator_;
  const bool news = turn.credential.take_news() && by_operator;  // found by a look before this refresh
  const bool newer =
      news || generation > before.generation() || (!by_operator && generation > turn.request.failed_generation);
  if (newer && view.ready(clock_.unix_ms())) return result_of(RefreshOutcome::refreshed, generation, "");
  const auto& last = view.standing.current().last;
  if (by_operator || !last || last->at <= asked || last->generation != generation || !is_failure(last->outcome))
    return std::nullopt;
  return result_of(last->outcome, generation, last->message);  // for the same reason, a moment ago, by another process
}

// ---------------------------------------------------------------------------------------------------------- the hook

HookOutput Leader::call_hook(Turn& turn, const HookStarted& started) {
  const Card& card = turn.card;
  turn.interrupted = turn.standing.grant && turn.standing.grant->in_flight;
  HookInput input;
  input.provider = card.provider;
  input.id = card.settings.id;
  input.type = card.settings.type;
  input.generation = turn.view->generation();
  input.fields = turn.credential.all_fields(*turn.view);
  input.expires = turn.view->expires;
  input.cause = turn.request.cause;
  input.failure = turn.request.failure;
  input.deadline = clock_.mono() + turn.limit;
  CancelSource hurry;
  input.cancel = hurry.token();
  input.before_request = [this, &turn, recorded = false]() mutable -> Result<void> {
    if (recorded || !turn.standing.grant) return {};  // only a refresh token can be spent
    auto stored = ledger_.change(turn.card, turn.standing, [this](Record& grant) {
      if (!grant.in_flight) grant.in_flight = clock_.unix_ms();
    });
    recorded = stored.ok();
    return stored;
  };
  input.read_source = [&card, limit = turn.limit, values = turn.view->values,
                       cancel = input.cancel](std::string_view key) -> Result<Secret> {
    SourceReader reader(limit, cancel);
    const std::string_view command = card.field("command");
    if (key == "command" && !command.empty()) return reader.run("its command", std::string(command));
    const Source* source = card.source(key == "command" ? "source" : key);
    if (source == nullptr) return fail("the credential " + card.name + " has no source " + printable(key));
    if (const auto read = values->sources.find(key); runs_program(*source) && read != values->sources.end())
      return read->second;  // ran just now
    return reader.read(*source);
  };
  if (!options_.hook)
    return {.outcome = RefreshOutcome::failed_transient, .message = "no plugin is there to refresh it"};
  if (started) started(input.deadline, hurry);
  const bool may_be_cut = !turn.standing.grant;
  const std::uint64_t stopping = may_be_cut ? stop_.on_cancel([hurry]() mutable { hurry.cancel(); }) : 0;
  HookOutput output = options_.hook(input);
  if (may_be_cut) stop_.forget(stopping);
  output.message = printable(cut_utf8(scrub(output.message), longest_message));
  return output;
}

}  // namespace belay::credentials
