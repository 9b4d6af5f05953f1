// One call as a waterfall: its attempts in time, and what was done after each.

import {$, command, copyButton, el, sign, text} from './dom.js';
import {liveStretches, outcomeKind} from './calls.js';
import {countdown, moment, quoted, reasonWords, refreshWords, span, verdictWords} from './words.js';

const nameOf = (one) => `${one.provider}/${one.model}`;

/** /belay/traces/ID tells everything but when; the list's entry tells when. `listed` may be missing (a key that sees only its own calls). */
export function viewOf(trace, listed) {
  let at = 0;
  const attempts = trace.attempts.map((one, i) => {
    const from = listed?.attempts[i]?.at_ms ?? at;
    at = from + one.duration_ms;
    return {...one, from, to: at};
  });
  return {...listed, ...trace, attempts, skipped: trace.skipped, whole: Math.max(listed?.duration_ms ?? trace.duration_ms, at, 1), first: listed?.first_content_ms ?? null};
}

/** A call that is still under way, in the same form. */
export function liveViewOf(call) {
  const stretches = liveStretches(call);
  const attempts = call.attempts.map((one, i) => ({...one, refresh: 'none', message: null, from: stretches[i].from, to: stretches[i].to ?? call.since_ms, duration_ms: one.ms, runs: !one.over}));
  return {id: call.id, route: call.route, began: call.began, wire: call.wire, stream: call.stream, key: call.key, outcome: null, reason: null, served_by: null, attempts, skipped: [], duration_ms: call.since_ms, whole: Math.max(call.since_ms, 1), first: null};
}

function summary(view) {
  const first = view.attempts.find((one) => one.reason) ?? null;
  const left = view.left ?? first?.reason;
  if (view.outcome === null) return 'Under way.';
  if (view.outcome === 'ok') {
    const by = view.served_by ? `Answered by ${view.served_by.provider}/${view.served_by.model}` : 'Answered';
    if (view.attempts.length === 1 && view.skipped.length === 0) return `${by}, at the first attempt.`;
    if (first && nameOf(first) !== `${view.served_by?.provider}/${view.served_by?.model}`) return `${by}, because ${nameOf(first)} was left: ${reasonWords(left)}.`;
    if (view.skipped.length) return `${by}, because ${view.skipped[0].target} was passed over (${view.skipped[0].why.split(',', 1)[0]}).`;
    return `${by}, at attempt ${view.attempts.length}.`;
  }
  const why = view.reason ? `: ${reasonWords(view.reason)} (${view.reason})` : '';
  return {failed: `No target answered${why}.`, refused: `Refused${why}.`, deadline: 'The deadline passed before an answer was there.', cancelled: 'The caller went away.'}[view.outcome] ?? view.outcome;
}

// ----------------------------------------------------------------------------------------------------------------------- waterfall

/** 4 to 8 marks at round times. */
function marks(whole) {
  const rough = whole / 5, power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(1, [1, 2, 5, 10].map((one) => one * power).find((one) => one >= rough));
  const out = [];
  for (let at = 0; at <= whole; at += step) out.push(at);
  return out;
}

const percent = (ms, whole) => `${Math.min(100, (100 * ms) / whole)}%`;

function placed(node, from, to, whole) {
  node.style.left = percent(from, whole);
  if (to !== null) node.style.width = percent(Math.max(to - from, 0), whole);
  return node;
}

function axis(view) {
  const out = el('div', {class: 'axis', 'aria-hidden': 'true'});
  for (const at of marks(view.whole)) {
    const near = at / view.whole > 0.93 ? 'mark last' : 'mark';
    out.append(placed(el('span', {class: near}, el('b', null, at === 0 ? '0' : span(at).replace('.0 s', ' s'))), at, null, view.whole));
  }
  if (view.first !== null) out.append(placed(el('span', {class: 'mark first'}), view.first, null, view.whole));
  return out;
}

function told(one) {
  const out = [];
  const line = (kind, ...words) => out.push(el('p', {class: 'told'}, sign(kind), ' ', el('span', null, ...words)));
  if (one.reason) line('bad', el('code', null, one.reason), ' ', reasonWords(one.reason));
  if (one.message) out.push(el('blockquote', null, one.message));
  if (one.refresh && one.refresh !== 'none' && one.verdict !== 'refresh') line('warn', el('code', null, one.refresh), ' ', refreshWords(one.refresh));
  if (one.adjusted?.length) line('refresh', `changed ${one.adjusted.map((change) => (change.to === null ? `${change.parameter}: dropped` : `${change.parameter}: now ${JSON.stringify(change.to)}`)).join('; ')}`);
  if (one.hold_ms !== undefined && one.hold_ms !== null) line('wait', one.hold_ms < 0 ? 'held until its secret changes' : `held for ${countdown(one.hold_ms)}`);
  if (one.runs) line('run', 'under way');
  else if (one.verdict) line(one.verdict === 'done' ? 'ok' : one.verdict === 'give_up' ? 'bad' : 'run', el('code', null, one.verdict), ' ', verdictWords(one.verdict));
  return out;
}

function attemptRow(view, one, i) {
  const kind = one.runs ? 'run' : one.reason ? 'bad' : 'ok';
  const before = i > 0 ? view.attempts[i - 1] : null;
  const track = el('div', {class: 'track', 'aria-hidden': 'true'});
  if (before && one.from - before.to >= view.whole / 100) {
    const what = before.verdict === 'refresh' || (before.refresh && before.refresh !== 'none') ? 'refresh' : 'wait';
    track.append(placed(el('span', {class: 'gap', title: `${what}, ${span(one.from - before.to)}`}), before.to, one.from, view.whole));
  }
  track.append(placed(el('span', {class: `bar ${kind}`}), one.from, one.to, view.whole));
  return el('li', {class: 'attempt'},
    el('div', {class: 'label'}, el('b', null, nameOf(one)),
      one.credential ? el('span', {class: 'credential'}, `#${one.credential}${one.generation ? `, generation ${one.generation}` : ''}`) : null,
      el('span', {class: 'figures'}, one.status ? `HTTP ${one.status}` : one.runs ? '' : 'no reply', ' · ', span(one.duration_ms), el('span', {class: 'hidden'}, `, from ${span(one.from)} on`))),
    track, ...told(one));
}

function facts(view) {
  const out = el('dl', {class: 'figures'});
  const add = (name, value) => value !== null && value !== undefined && value !== '' && out.append(el('div', null, el('dt', null, name), el('dd', null, value)));
  add('Route', view.route);
  add('Began', view.began ? moment(view.began) : null);
  add(view.outcome === null ? 'So far' : 'Took', span(view.duration_ms));
  add('First content', view.first !== null ? span(view.first) : null);
  add('Of it in belay', view.overhead_us !== undefined ? (view.overhead_us < 1000 ? `${view.overhead_us} µs` : span(view.overhead_us / 1000)) : null);
  add('Sent to the client', view.status ? `HTTP ${view.status}` : null);
  add('Wire', view.wire ? `${view.wire}${view.stream ? ', streamed' : ''}` : null);
  add('Gateway key', view.key);
  add('Can succeed again', view.retry_after_ms !== null && view.retry_after_ms !== undefined ? `after ${countdown(view.retry_after_ms)}` : null);
  return out;
}

/** What fetches it on a command line; the key stays in the shell's environment. */
function curl(view, keyed) {
  return `curl -s${keyed ? ' -H "Authorization: Bearer $BELAY_KEY"' : ''} ${quoted(`${location.origin}/belay/traces/${encodeURIComponent(view.id)}`)}`;
}

// -------------------------------------------------------------------------------------------------------------------------- dialog

/** `onClosed` is called however it was closed. */
export function makeTraceDialog(dialog, onClosed) {
  const body = el('div', {class: 'body'});
  const title = el('h2', {id: 'trace-title', tabindex: '-1'});
  dialog.append(el('div', {class: 'top'}, title, el('button', {type: 'button', class: 'quiet close', onclick: () => dialog.close()}, 'Close', el('kbd', {'aria-hidden': 'true'}, 'Esc'))), body);
  dialog.addEventListener('close', onClosed);
  dialog.addEventListener('click', (event) => event.target === dialog && dialog.close());   // beside it
  let shown = '';

  const show = (said, make) => {
    if (said !== shown) {
      shown = said;
      body.replaceChildren(...make());
    }
    if (!dialog.open) {
      dialog.showModal();
      title.focus();
    }
  };
  return {
    view(view, keyed) {
      text(title, `Call of ${view.route || 'no route'}`);
      show(JSON.stringify(view), () => [
        el('p', {class: 'summary'}, sign(view.outcome === null ? 'run' : outcomeKind(view)), ' ', el('span', null, summary(view))),
        el('div', {class: 'command'}, el('code', null, view.id), copyButton(view.id, 'the id')),
        facts(view),
        el('h3', null, 'Attempts'),
        view.attempts.length ? el('div', {class: 'falls'}, axis(view), el('ol', null, ...view.attempts.map((one, i) => attemptRow(view, one, i)))) : el('p', {class: 'none'}, view.outcome === null ? 'None yet.' : 'No request was sent.'),
        ...(view.first !== null ? [el('p', {class: 'how'}, el('span', {class: 'key first', 'aria-hidden': 'true'}), ` First content after ${span(view.first)}: from here on nothing is retried.`)] : []),
        ...(view.skipped.length ? [el('h3', null, 'Passed over'), el('ul', {class: 'skipped'}, ...view.skipped.map((one) => el('li', null, sign('skip'), ' ', el('b', null, one.target), ' ', one.why)))] : []),
        el('h3', null, 'The same on a command line'), command(curl(view, keyed)),
      ]);
    },
    words(heading, words) {
      text(title, heading);
      show(`${heading}\n${words}`, () => [el('p', null, words)]);
    },
    close: () => dialog.open && dialog.close(),
    isOpen: () => dialog.open,
  };
}
