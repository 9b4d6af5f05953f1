// How this page says things: times, reasons, verdicts.

/** 9:52, 1 h 05 min: to the second below an hour. */
export function countdown(ms) {
  const s = Math.max(0, Math.ceil(ms / 1000));
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)}:${String(s % 60).padStart(2, '0')}`;
  return `${Math.floor(s / 3600)}:${String(Math.floor((s % 3600) / 60)).padStart(2, '0')}:${String(s % 60).padStart(2, '0')}`;
}

/** A span as short as its size allows: 812 ms, 4.2 s, 3 min, 2 h 10 min, 5 d. */
export function span(ms) {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const minutes = Math.round(ms / 60_000);
  if (minutes < 60) return `${minutes} min`;
  if (minutes < 48 * 60) return `${Math.floor(minutes / 60)} h${minutes % 60 ? ` ${minutes % 60} min` : ''}`;
  return `${Math.round(minutes / 1440)} d`;
}

const two = (number) => String(number).padStart(2, '0');

/** Of today: 03:12:07; else with its date. */
export function moment(text) {
  const at = new Date(text);
  const time = `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
  return at.toDateString() === new Date().toDateString() ? time : `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${time}`;
}

export function inOrAgo(text) {
  const ms = new Date(text).getTime() - Date.now();
  return ms >= 0 ? `in ${span(ms)}` : `${span(-ms)} ago`;
}

export const count = (number, one, many = `${one}s`) => `${number} ${number === 1 ? one : many}`;

const reasons = {
  auth_rejected: 'its login was refused', credential_missing: 'it has no credential', quota_exhausted: 'its quota is used up', rate_limited: 'it was asked too often',
  overloaded: 'it was overloaded', server_error: 'its server failed', unreachable: 'it could not be reached', timed_out: 'it took too long',
  model_unavailable: 'it does not have this model', permission_denied: 'it did not allow this', invalid_reply: 'its reply made no sense',
  unsupported_parameter: 'it did not know a parameter', context_too_long: 'the request is too long for this model', request_too_large: 'the request is too large',
  bad_request: 'the request was wrong', content_refused: 'it refused the content', plugin_fault: 'its plugin failed', deadline_exceeded: 'the deadline of the call passed',
  cancelled: 'the caller went away',
};
export const reasonWords = (reason) => reasons[reason] ?? reason;

const verdicts = {
  done: 'answered', retry_same: 'tried the same again', adjust: 'changed the request and tried again', refresh: 'refreshed the credential and tried again',
  next_credential: 'went on to the next credential', next_target: 'went on to the next target', give_up: 'gave up',
};
export const verdictWords = (verdict) => verdicts[verdict] ?? verdict;

const refreshes = {
  refreshed: 'the credential was refreshed', unchanged: 'a refresh changed nothing', not_applicable: 'this credential can’t be refreshed',
  failed_transient: 'a refresh failed for now', failed_permanent: 'a refresh failed for good', needs_interaction: 'the refresh needs a person to log in',
};
export const refreshWords = (outcome) => refreshes[outcome] ?? outcome;

/** auth, capacity, ... as a configuration names them, instead of every reason of theirs. */
const groups = {
  auth: ['auth_rejected', 'credential_missing', 'permission_denied'],
  capacity: ['quota_exhausted', 'rate_limited', 'overloaded'],
  transport: ['unreachable', 'timed_out', 'server_error', 'invalid_reply'],
  model: ['model_unavailable', 'context_too_long'],
};

export const reasonsOf = (on) => (on && on !== 'any' ? on.split(', ') : []);

export function grouped(on) {
  const left = new Set(reasonsOf(on));
  const out = [];
  for (const [name, members] of Object.entries(groups)) {
    if (!members.every((one) => left.has(one))) continue;
    out.push(name);
    members.forEach((one) => left.delete(one));
  }
  return [...out, ...left];
}

/** The word as a shell takes it. */
export const quoted = (word) => (/^[\w@%+=:,./#-]+$/.test(word) && !word.startsWith('#') ? word : `'${word.replaceAll("'", "'\\''")}'`);
