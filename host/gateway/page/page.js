// The status page: asks the gateway, shows what it says, counts down in between.

import {$, el, sign, sync, text} from './dom.js';
import {findings} from './findings.js';
import {get, key} from './gateway.js';
import {grow, showLive, showRecent, showRouteChoice} from './calls.js';
import {showRoutes, showTodo} from './routes.js';
import {showCredentials, showHolds} from './tables.js';
import {liveViewOf, makeTraceDialog, viewOf} from './trace.js';
import {count, countdown, moment, span} from './words.js';

const often = 1000, seldom = 30_000, worst = 15_000;   // ms between two questions: watched, hidden, and when it keeps failing
const tracesEvery = 2000;
const keptCalls = 50;

const now = {status: null, at: 0, told: '', traces: [], tracesAt: -Infinity, failures: 0, locked: false};
let timer = null, asking = false, again = false;

// --------------------------------------------------------------------------------------------------------------------------- asking

function tracesPath() {
  const query = new URLSearchParams({limit: keptCalls, outcome: $('#outcome').value, route: $('#route').value});
  return `/belay/traces?${query}`;
}

async function ask() {
  if (asking) {
    again = true;
    return;
  }
  asking = true;
  clearTimeout(timer);
  try {
    const wantTraces = performance.now() - now.tracesAt >= tracesEvery - 50;
    const path = tracesPath();
    const first = now.status ? null : await get('/belay/status');   // alone: it tells whether a key is needed
    const [status, traces] = await Promise.all([first ?? get('/belay/status'), wantTraces ? get(path) : null]);
    Object.assign(now, {status, at: performance.now(), told: moment(new Date()), failures: 0, locked: false});
    if (traces && path === tracesPath()) Object.assign(now, {traces: traces.traces, tracesAt: now.at});
    show();
    showTrace();
  } catch (error) {
    failed(error);
  }
  asking = false;
  if (again) {
    again = false;
    ask();
  } else if (!now.locked) {
    timer = setTimeout(ask, document.hidden ? seldom : now.failures ? Math.min(often * 2 ** (now.failures - 1), worst) : often);
  }
}

function failed(error) {
  if (error.status === 401 || error.status === 403) return lock(error);
  now.failures++;
  if (!('status' in error)) console.error(error);   // our own fault
  const words = !('status' in error) ? 'This page failed to show what the gateway said.' : error.status === 0 ? `The gateway does not answer (${error.message}): it is stopping, restarting or gone.` : `The gateway can’t tell how things are: ${error.message}.`;
  if (!now.status) {
    sentence('bad', words);
    stale('It is asked again and again.');
  } else {
    sentence('bad', words);
    stale(`What you see is of ${now.told}.`);
  }
  $('#board').classList.toggle('old', true);
}

function stale(words) {
  $('#stale').hidden = false;
  text($('#stale p'), words);
}

/** No key, or one that may not see: nothing is asked until there is another. */
function lock(error) {
  const had = key.get() !== null;
  if (error.status === 401) key.forget();
  now.locked = true;
  now.status = null;
  $('#ask').hidden = false;
  $('#board').hidden = true;
  $('#stale').hidden = true;
  $('#facts').replaceChildren();
  text($('#pulse'), '');
  $('#forget').hidden = key.get() === null;
  sentence('person', had ? 'This key does not open the page.' : 'This gateway shows its state to those who have a key.');
  text($('#ask-why'), had ? `The gateway says: ${error.message}.` : 'Gateway keys are configured here, so what you are about to see is not for everyone.');
  $('#key').value = '';
  if (!dialog.isOpen()) $('#key').focus();
  showTrace();
}

// -------------------------------------------------------------------------------------------------------------------------- showing

function sentence(mood, words) {
  const place = $('#sentence');
  if (place.dataset.said === mood + words) return;   // said once, not each second
  place.dataset.said = mood + words;
  place.dataset.mood = mood;
  place.replaceChildren(el('p', null, sign(mood), ' ', words));
  document.title = mood === 'ok' ? 'belay' : `${words.split(/(?<=[.:)])\s/, 1)[0]} – belay`;
}

function showFacts(status) {
  const sum = (name) => status.workers.reduce((all, one) => all + one[name], 0);
  const items = [
    ['version', `version ${status.version}`], ['up', `up ${span(status.uptime_s * 1000)}`], ['connections', count(sum('connections'), 'connection')], ['holds', count(status.holds.length, 'hold')],
    ['configuration', `configured ${moment(status.configuration.loaded_at)}`],
  ];
  sync($('#facts'), items, ([name]) => name, () => el('li'), (node, [, words]) => text(node, words));
}

function show() {
  const {status, at} = now;
  const found = findings(status);
  $('#board').hidden = false;
  $('#board').classList.toggle('old', false);
  $('#ask').hidden = true;
  $('#stale').hidden = true;
  $('#forget').hidden = key.get() === null;
  sentence(found.draining ? 'warn' : found.mood, found.draining ? `The gateway finishes its last calls and stops. ${found.sentence}` : found.sentence);
  text($('#pulse'), `as of ${now.told}`);
  showFacts(status);
  showTodo($('#todo'), found.todo);
  showRoutes($('#routes'), found.routes, at);
  showLive($('#live'), status, at);
  showRouteChoice($('#route'), status.routes, now.traces);
  showRecent($('#calls'), now.traces, $('#outcome').value !== '' || $('#route').value !== '');
  showCredentials($('#credentials'), status.credentials);
  showHolds($('#holds'), status.holds, found.option, at);
  tick();
}

const calm = matchMedia('(prefers-reduced-motion: reduce)');

function tick() {
  const at = performance.now();
  for (const node of document.querySelectorAll('[data-until]')) {
    const left = node.dataset.until - at;
    text(node, left > 0 ? countdown(left) : 'its probe is due');
  }
  for (const node of document.querySelectorAll('#live .call')) grow(node, at);
}

function keepTicking() {
  if (!document.hidden) tick();
  setTimeout(keepTicking, calm.matches ? 1000 : 250);
}

// ------------------------------------------------------------------------------------------------------------------- one call, opened

const plain = () => history.replaceState(null, '', location.pathname + location.search);
const dialog = makeTraceDialog($('#trace'), () => { if (wantedTrace()) plain(); });

function wantedTrace() {
  const parts = new URLSearchParams(location.hash.slice(1));
  return parts.get('trace');
}

let whole = null;   // the trace that is over and has been fetched

async function showTrace() {
  const id = wantedTrace();
  if (!id) return dialog.close();
  const keyed = key.get() !== null;
  if (whole?.id === id) return dialog.view(whole, keyed);
  const running = now.status?.live.find((call) => call.id === id);
  if (running) return dialog.view(liveViewOf(running), keyed);
  try {
    const [trace, listed] = await Promise.all([get(`/belay/traces/${encodeURIComponent(id)}`), get(`/belay/traces?limit=1&id=${encodeURIComponent(id)}`).catch(() => null)]);
    if (wantedTrace() !== id) return;
    whole = viewOf(trace, listed?.traces[0]);
    dialog.view(whole, keyed);
  } catch (error) {
    if (wantedTrace() !== id || now.failures) return;
    if (now.locked && [401, 403].includes(error.status)) return;   // it is asked for already
    dialog.words('This call can’t be shown', error.status === 404 ? `No call ${id} is kept here. The gateway keeps its latest calls in memory; older ones are in its access log.` : error.message);
  }
}

// ---------------------------------------------------------------------------------------------------------------------------- hands

function refilter() {
  now.tracesAt = -Infinity;
  ask();
}

$('#ask form').addEventListener('submit', (event) => {
  event.preventDefault();
  const given = $('#key').value.trim();
  if (!/^[\x21-\x7e]+$/.test(given)) {
    text($('#ask-why'), 'A gateway key has no spaces and no letters beyond ASCII.');
    return;
  }
  key.set(given);
  now.tracesAt = -Infinity;
  ask();
});
$('#forget').addEventListener('click', () => {
  key.forget();
  now.tracesAt = -Infinity;
  whole = null;
  ask();
});
$('#stale button').addEventListener('click', ask);
$('#outcome').addEventListener('change', refilter);
$('#route').addEventListener('change', refilter);
$('#calls form').addEventListener('submit', (event) => {
  event.preventDefault();
  const id = $('#find').value.trim();
  if (id) location.hash = `trace=${encodeURIComponent(id)}`;
});
for (const id of ['#route-find', '#route-trouble']) $(id).addEventListener('input', () => now.status && show());
for (const details of document.querySelectorAll('details')) details.addEventListener('toggle', () => now.status && show());
window.addEventListener('hashchange', showTrace);
document.addEventListener('visibilitychange', () => {
  if (!document.hidden && !now.locked) ask();
});

ask();
keepTicking();
