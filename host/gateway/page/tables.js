// The long lists that are folded away: every credential, every hold.

import {$, attribute, command, el, sign, sync, text} from './dom.js';
import {resetCommand} from './findings.js';
import {inOrAgo} from './words.js';

const kindOf = (one) => (one.needs_person ? 'person' : one.state === 'missing' ? 'bad' : one.state.startsWith('ready') || one.state === 'from a command' ? 'ok' : 'wait');

export function showCredentials(section, credentials) {
  const bad = credentials.filter((one) => one.needs_person || one.state === 'missing').length;
  text($('.count', section), `${credentials.length}${bad ? `, ${bad} without a good secret` : ''}`);
  sync($('tbody', section), credentials, (one) => `${one.provider}#${one.id}`, () => el('tr', null, el('th', {scope: 'row'}), el('td'), el('td'), el('td'), el('td')), (row, one) => {
    const [name, state, expires, refreshed, source] = row.children;
    text(name, `${one.provider}#${one.id}`);
    const words = one.needs_person ? 'needs a person' : one.state;
    if (state.dataset.said !== words) {
      state.dataset.said = words;
      state.replaceChildren(sign(kindOf(one)), ` ${words}`);
    }
    text(expires, one.expires ? inOrAgo(one.expires) : '–');
    const outcome = one.last_outcome === 'none' ? '' : one.last_outcome;
    text(refreshed, [outcome, one.refreshed_at ? inOrAgo(one.refreshed_at) : ''].filter(Boolean).join(', ') || '–');
    text(source, one.sources.join('; ') || '–');
  });
}

const atFirst = 100;
let all = false;

/** Those that end soonest first; those that only a person ends last. */
export function showHolds(section, holds, option, at) {
  const details = $('details', section);
  text($('.count', section), String(holds.length));
  if (!details.open) return;
  const sorted = [...holds].sort((a, b) => (a.left_ms ?? Infinity) - (b.left_ms ?? Infinity) || a.what.localeCompare(b.what));
  const shown = all ? sorted : sorted.slice(0, atFirst);
  const fixed = ({scope, what, reason, message, until_secret_changes}) => [scope, what, reason, message, until_secret_changes].join('\n');
  sync($('tbody', section), shown, fixed, (one) => el('tr', null, el('th', {scope: 'row'}, one.what, el('span', {class: 'why'}, one.scope)), el('td', null, el('code', null, one.reason)),
    el('td', {class: 'left'}, one.until_secret_changes ? 'until its secret changes' : ''), el('td', {class: 'message'}, one.message || '–'), el('td', null, command(resetCommand(one, option)))),
    (row, one) => attribute($('.left', row), 'data-until', one.until_secret_changes ? null : Math.round(at + one.left_ms)));
  const more = $('.more', section);
  more.hidden = shown.length === holds.length;
  text(more, `Show all ${holds.length}`);
  more.onclick = () => { all = true; showHolds(section, holds, option, at); };
}
