// Calls: those under way with their attempts growing, and the recent ones as a list.

import {$, attribute, el, sign, sync, syncFixed, text} from './dom.js';
import {count, moment, span} from './words.js';

const mostLive = 50;

// ------------------------------------------------------------------------------------------------------------------------ under way

/** When each attempt was under way, counted from the call's begin. The status tells how long each took, and the last one reaches until now. */
export function liveStretches(call) {
  let at = 0;
  return call.attempts.map((one) => {
    const from = one.over ? at : Math.max(at, call.since_ms - one.ms);
    at = from + one.ms;
    return {from, to: one.over ? at : null};
  });
}

/** The width of a track in ms: it doubles rather than shrinking its bars all the time. */
export function trackOf(ms) {
  let out = 2000;
  while (out < ms) out *= 2;
  return out;
}

function makeLive(call) {
  const node = el('li', {class: 'call'},
    el('div', {class: 'label'}, el('a', {href: `#trace=${encodeURIComponent(call.id)}`}, call.route || 'not planned yet'), ' ', el('span', {class: 'left'})),
    el('div', {class: 'track', 'aria-hidden': 'true'}), el('p', {class: 'now'}));
  return node;
}

function nowWords(call) {
  const last = call.attempts.at(-1);
  const tried = call.attempts.length > 1 ? `, attempt ${call.attempts.length}` : '';
  if (call.committed) return `streaming from ${call.committed}${tried}`;
  if (!last) return 'waiting for its turn';
  const target = `${last.provider}/${last.model}`;
  return last.over ? `${target} said ${last.reason ?? 'its answer'}; ${last.verdict === 'refresh' ? 'refreshing the credential' : 'going on'}` : `asking ${target}${tried}`;
}

function changeLive(node, call, at) {
  text($('a', node), call.route || 'not planned yet');
  text($('.now', node), `${nowWords(call)} · ${call.stream ? 'stream' : 'whole reply'}${call.key ? ` · key ${call.key}` : ''}`);
  node.began = at - call.since_ms;
  node.stretches = liveStretches(call);
  sync($('.track', node), call.attempts, (one) => one.n, () => el('span', {class: 'bar'}), (bar, one) => {
    attribute(bar, 'class', `bar ${!one.over ? (call.committed ? 'streaming' : 'run') : one.reason ? 'bad' : 'ok'}`);
  });
  grow(node, performance.now());
}

/** Moves on what runs, between two answers of the gateway. */
export function grow(node, now) {
  const since = now - node.began;
  const whole = trackOf(since);
  text($('.left', node), span(since));
  [...$('.track', node).children].forEach((bar, i) => {
    const {from, to} = node.stretches[i];
    bar.style.left = `${(100 * from) / whole}%`;
    bar.style.width = `${(100 * Math.max((to ?? since) - from, 0)) / whole}%`;
  });
}

export function showLive(section, status, at) {
  const shown = status.live.slice(0, mostLive);
  sync($('.list', section), shown, (call) => call.id, makeLive, (node, call) => changeLive(node, call, at));
  const more = status.live_total - shown.length;
  text($('.count', section), status.live_total ? `${status.live_total}${more > 0 ? `, the ${shown.length} oldest are shown` : ''}` : '');
  $('.none', section).hidden = status.live_total > 0;
}

// --------------------------------------------------------------------------------------------------------------------------- recent

export const outcomeKind = (call) => (call.outcome === 'ok' ? (call.attempts.length > 1 || call.left ? 'warn' : 'ok') : call.outcome === 'cancelled' ? 'skip' : 'bad');

const served = (call) => (call.served_by ? `${call.served_by.provider}/${call.served_by.model}` : '');

function row(call, keys) {
  const link = el('a', {href: `#trace=${encodeURIComponent(call.id)}`, tabindex: '-1', 'aria-label': `${moment(call.began)}, ${call.outcome}, ${call.route}`}, moment(call.began));
  const why = call.outcome === 'ok' ? (call.left ? `left: ${call.left}` : '') : {cancelled: '', deadline: ''}[call.outcome] ?? call.reason ?? '';
  const steps = el('span', {class: 'steps', 'aria-hidden': 'true'}, ...call.attempts.slice(0, 12).map((one) => el('i', {class: one.reason ? 'bad' : 'ok', title: one.reason ?? 'answered'})));
  const out = el('tr', {onclick: (event) => { if (!event.target.closest('a')) link.click(); }},
    el('td', {class: 'time'}, link),
    el('td', {class: 'outcome'}, sign(outcomeKind(call)), ` ${call.outcome}`, why && el('span', {class: 'why'}, why)),
    el('td', {class: 'of'}, call.route),
    el('td', {class: 'served'}, served(call) || '–'),
    el('td', {class: 'attempts'}, steps, String(call.attempts.length), call.skipped.length ? el('span', {class: 'why'}, `${call.skipped.length} passed over`) : null),
    el('td', {class: 'num'}, span(call.duration_ms)));
  link.addEventListener('focus', () => keys(link));
  return out;
}

/** One stop for the tab key; arrows walk the rows. */
function roving(body) {
  let current = null;
  const take = (link) => {
    if (current && current !== link) current.tabIndex = -1;
    current = link;
    current.tabIndex = 0;
  };
  body.addEventListener('keydown', (event) => {
    const links = [...body.querySelectorAll('a')];
    const at = links.indexOf(document.activeElement);
    const to = {ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: links.length - 1, PageDown: Math.min(at + 10, links.length - 1), PageUp: Math.max(at - 10, 0)}[event.key];
    if (at < 0 || to === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    links[to]?.focus();
  });
  const settle = () => {
    if (current?.isConnected) return;
    const first = $('a', body);
    if (first) take(first);
  };
  return {take, settle};
}

export function showRecent(section, traces, filtered) {
  const body = $('tbody', section);
  const keys = (body.keys ??= roving(body));
  syncFixed(body, traces, (call) => call.id, (call) => row(call, keys.take));
  keys.settle();
  $('table', section).hidden = traces.length === 0;
  const bad = traces.filter((call) => !['ok', 'cancelled'].includes(call.outcome)).length;
  text($('#calls-how'), traces.length === 0 ? '' : `${bad === 0 ? `The last ${count(traces.length, 'call')}` : `${bad} of the last ${count(traces.length, 'call')} got no answer`}. Arrow keys move, Enter opens one.`);
  const none = $('.none', section);
  none.hidden = traces.length > 0;
  text(none, filtered ? 'No kept call is like that.' : 'No call yet. Point a client at this address with /v1, and its calls appear here.');
}

/** The routes that can be chosen: those of now, and those that kept calls had. */
export function showRouteChoice(select, routes, traces) {
  const names = new Set([...routes.map((one) => one.name), ...traces.map((one) => one.route).filter(Boolean), ...(select.value ? [select.value] : [])]);
  const any = select.options[0];
  sync((select.group ??= select.appendChild(el('optgroup', {label: 'routes'}))), [...names], (name) => name, (name) => el('option', null, name));
  if (any.parentElement !== select) select.prepend(any);
}
