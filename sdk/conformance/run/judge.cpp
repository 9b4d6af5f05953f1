#include "run/judge.hpp"

#include <exception>

#include "base/utf8.hpp"
#include "run/crumb.hpp"

namespace belay::conform {
namespace {

void settle(Outcome& outcome, Status status, std::string expected, std::string observed) {
  outcome.status = status;
  outcome.expected = std::move(expected);
  outcome.observed = std::move(observed);
}

}  // namespace

Outcome judge(const Check& check, const ChildSetup& setup) {
  Outcome outcome;
  outcome.status = Status::pass;
  Case one(check, setup);
  try {
    if (!check.own_host) {
      note_doing(std::string(check.id) + ": loading the plugin");
      one.plugin();
      note_doing(check.id);
    }
    check.run(one);
    note_doing(std::string(check.id) + ": tearing down");
    one.tear_down();
  } catch (const CheckFailed& failure) {
    settle(outcome, Status::fail, failure.expected, failure.observed);
  } catch (const CheckSkipped& skipped) {
    settle(outcome, Status::skip, "", skipped.what());
  } catch (const CheckNotApplicable& why) {
    settle(outcome, Status::not_applicable, "", why.what());
  } catch (const std::exception& thrown) {
    settle(outcome, Status::fail, "nothing is thrown across the line (P13)", std::string("an exception came out of the plugin or the check: ") + printable(thrown.what()));
  } catch (...) {
    settle(outcome, Status::fail, "nothing is thrown across the line (P13)", "an exception of an unknown kind came out of the plugin");
  }
  outcome.measured = one.measures();
  return outcome;
}

}  // namespace belay::conform
