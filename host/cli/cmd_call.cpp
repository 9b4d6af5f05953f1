// `belay call`: one request in, one answer out.
#include <cerrno>

#include "attempts.hpp"
#include "base/hash.hpp"
#include "base/log.hpp"
#include "call_choice.hpp"
#include "call_input.hpp"
#include "call_relay.hpp"
#include "call_request.hpp"
#include "commands.hpp"
#include "exit_code.hpp"
#include "open.hpp"
#include "trace_file.hpp"

namespace belay::cli {
namespace {

constexpr Option options[] = {
    {"--route", "ROUTE", "walk this route", Offer::route},
    {"--target", "PROVIDER[/MODEL]", "ask only this target; it is never left", Offer::target},
    {"--stream", "", "print the answer as it arrives"},
    {"--json", "",
     "print the chat.completion object; with --stream its chunks as JSON lines; on failure the error object"},
    {"--trace", "FILE", "write what was tried and why to this file, also on failure; - is stderr", Offer::file},
    {"--deadline", "TIME", "at most this long for the whole call (90s, 5m) instead of the route's own limit"},
};

constexpr Operand operands[] = {{"TEXT", "what to say; standard input, if something is piped in, comes before it"}};

constexpr Example examples[] = {
    {"belay call \"why is the sky blue?\"", "the route `default`, else every provider in turn (`auto`)"},
    {"git diff | belay call --stream \"write the commit message\"",
     "what is piped in comes first, TEXT has the last word"},
    {"belay call --route compression --trace trace.json < request.json",
     "a whole request: a JSON object with `messages`"},
    {"belay call --target spare/m1 --json hi | jq -r .usage", "one target only, the answer as JSON"},
};

struct Order {
  runtime::CallRequest request;
  Show show = Show::nothing;
  bool json = false;
  std::string trace;  ///< where it goes; empty: nowhere
};

/// What the command line alone says: told to be wrong before standard input is read, which may take its time.
Result<Order> order_of(const Arguments& arguments, const runtime::Settings& settings) {
  Order order;
  order.json = arguments.has("--json");
  order.trace = arguments.value("--trace").value_or("");
  if (!order.trace.empty()) {
    if (auto good = check_trace_place(order.trace); !good) return good.error();
  }
  if (const auto limit = arguments.value("--deadline")) {
    order.request.deadline = parse_duration(*limit);
    if (!order.request.deadline || order.request.deadline->count() <= 0)
      return fail("--deadline is a time with a unit, like 90s or 5m, not \"" + *limit + "\"");
  }
  auto choice = choose(settings, {arguments.value("--route"), arguments.value("--target"), std::nullopt});
  if (!choice) return choice.error();
  order.request.route = std::move(choice->route);
  order.request.target = std::move(choice->target);
  return order;
}

Result<void> add_request(Order& order, const Arguments& arguments, const runtime::Settings& settings,
                         std::optional<std::string> input) {
  // A request may ask for a stream itself. What --json prints, chunks or the whole object, is decided on the command
  // line alone.
  const bool whole = order.json && !arguments.has("--stream");
  auto request = build_request(arguments.operand(0), std::move(input), whole ? Stream::never : Stream::as_asked);
  if (!request) return request.error();
  auto choice = choose(settings, {arguments.value("--route"), arguments.value("--target"), request->model});
  if (!choice) return choice.error();
  order.request.route = std::move(choice->route);
  order.request.target = std::move(choice->target);
  order.request.body = std::move(request->body);
  order.request.stream = arguments.has("--stream") || request->stream;
  if (*order.request.stream) order.show = order.json ? Show::events : Show::text;
  return {};
}

/// Interrupted while standard input was read: a call without attempts, so that who waits for the trace gets one.
Delivered never_begun(const Order& order) {
  Delivered delivered;
  delivered.result.error = "interrupted before the call began";
  fallback::Trace& trace = delivered.result.trace;
  trace.id = make_ulid(system_clock().unix_ms());
  trace.route = order.request.target.value_or(order.request.route.value_or(""));
  trace.outcome = fallback::Outcome::cancelled;
  trace.reason = fallback::Reason::cancelled;
  return delivered;
}

/// What is still to be written to stdout once the call is over: all of an answer that was not streamed, the error
/// object, the last line break.
std::string rest_of_output(const Order& order, const Delivered& delivered) {
  const runtime::CallResult& result = delivered.result;
  std::string text;
  if (order.json && !result.ok()) {
    text = runtime::error_body(result);
  } else if (order.show == Show::nothing) {
    text = order.json ? result.body : result.text;
  }
  const char last = !text.empty() ? text.back() : delivered.any ? delivered.last : '\n';
  if (last != '\n') text += '\n';
  return text;
}

void finish_output(const Order& order, Delivered& delivered, const Screen& out, const Interrupt& interrupt) {
  if (delivered.written != Written::whole) return;
  const std::string rest = rest_of_output(order, delivered);
  delivered.written = write_all(out.fd, out.terminal ? disarmed(rest) : rest, interrupt.descriptor());
  delivered.write_error = errno;
}

/// What a person should know beside the answer, on stderr.
void report(const Order& order, const Delivered& delivered, const Console& console) {
  const fallback::Trace& trace = delivered.result.trace;
  if (delivered.written == Written::reader_gone) return;  // `| head -1` has seen enough, and nobody asks why
  const bool told = order.trace == "-";                   // the trace itself stands there
  if (!delivered.result.ok()) {
    complain(console, delivered.result.error);
    if (!told) (void)write_all(console.err.fd, attempts_table(trace, console.err) + next_steps(trace));
    return;
  }
  if (delivered.result.text.empty() && !order.json)
    tell(console, "the answer has no text (a tool call?); --json shows all of it");
  if (told || !log_enabled(LogLevel::warn)) return;
  if (console.err.terminal) {
    if (trace.attempts.size() > 1 || !trace.skipped.empty())
      (void)write_all(console.err.fd, attempts_table(trace, console.err));
  } else if (const std::string notice = switch_notice(trace); !notice.empty()) {
    tell(console, notice);
  }
}

int exit_after(const Delivered& delivered, const Interrupt& interrupt, const Console& console) {
  switch (delivered.written) {
    case Written::whole:
      return exit_of(delivered.result.trace.outcome, interrupt.signal());
    case Written::reader_gone:
      return exit_internal;
    case Written::failed:
      complain(console, "cannot write to standard output: " + errno_text(delivered.write_error));
      return exit_internal;
    case Written::interrupted:
      return exit_of(fallback::Outcome::cancelled, interrupt.signal());
  }
  return exit_internal;
}

/// Everything that follows once the call is over. The trace's file first: it is there even if nobody reads our output
/// any more.
int finish(const Order& order, Delivered& delivered, const Console& console, const Interrupt& interrupt) {
  const bool on_stderr = order.trace == "-";
  Result<void> traced;
  const std::string trace = !order.trace.empty() ? fallback::to_json(delivered.result.trace) : "";
  if (!order.trace.empty() && !on_stderr) traced = write_trace(order.trace, trace, console);
  finish_output(order, delivered, console.out, interrupt);
  report(order, delivered, console);
  if (on_stderr) traced = write_trace(order.trace, trace, console);
  const int code = exit_after(delivered, interrupt, console);
  if (traced) return code;
  complain(console, traced.error().message);
  return code == exit_answered ? exit_internal : code;
}

int refuse(const Error& error, const Console& console) {
  complain(console, "call: " + error.message);
  return exit_usage;
}

int run(const Arguments& arguments, Console& console) {
  const Interrupt interrupt;
  auto settings = load_settings(arguments, console);
  if (!settings) return exit_usage;
  auto order = order_of(arguments, *settings);
  if (!order) return refuse(order.error(), console);
  auto input = read_input(0, interrupt.descriptor(), console);
  if (!input) return refuse(input.error(), console);
  if (interrupt.signal() != 0) {
    Delivered nothing = never_begun(*order);
    return finish(*order, nothing, console, interrupt);
  }
  if (auto added = add_request(*order, arguments, *settings, *std::move(input)); !added)
    return refuse(added.error(), console);
  auto runtime = open_runtime(*std::move(settings), arguments, console);
  if (!runtime) return exit_usage;

  Screen stage = console.err;
  stage.moves = stage.moves && !log_enabled(LogLevel::info);  // log lines tell the same, and would be drawn over
  Progress progress(stage, system_clock());
  const Start start = [&](std::shared_ptr<runtime::Observer> observer) {
    return runtime->async_call(order->request, std::move(observer));
  };
  Delivered delivered = follow(start, order->show, console.out, progress, interrupt);
  return finish(*order, delivered, console, interrupt);
}

}  // namespace

const Command call_command{
    .name = "call",
    .summary = "one call: answered by the first target that can",
    .about =
        "A JSON object with `messages` on standard input is the request. Any other text there, "
        "and TEXT, are the user's message; with both, TEXT "
        "comes last. JSON that has no `messages` is a message like any other text. Standard "
        "input is not read when it is a terminal.\n\n"
        "Without --route and --target the request's `model` says which route or target, else "
        "the route `default` is walked, else `auto`: "
        "every provider that has credentials.\n\n"
        "The answer goes to standard output, everything else to standard error. When another "
        "target than the first one answered, that is said "
        "there. After an answer has begun to stream nothing is tried again: what arrived stays, "
        "and the exit code tells of the failure. A request that asks for a stream itself is streamed, but with "
        "--json alone the whole object is printed.",
    .options = options,
    .operands = operands,
    .examples = examples,
    .run = run};

}  // namespace belay::cli
