// Routes with their chains: where a call lands, what is passed on the way, and why.

import {$, attribute, command, el, sign, sync, syncFixed, text} from './dom.js';
import {count, span} from './words.js';

/** `until` is on performance.now()'s clock; page.js counts it down in place. */
function stateLine(target, at) {
  const {stands} = target;
  const line = el('span', {class: 'state'}, sign(stands.kind), el('span', null, stands.words));
  if (stands.left !== null && stands.left !== undefined) line.append(el('span', {class: 'left', 'data-until': Math.round(at + stands.left)}));
  return line;
}

function facts(target) {
  const out = [];
  if (target.cost) out.push(el('span', {title: 'cost'}, target.cost));
  if (target.zone) out.push(el('span', {title: 'zone'}, target.zone));
  if (target.when.length) out.push(el('span', {class: 'on', title: 'this entry opens for these reasons only'}, `on ${target.when.join(', ')}`));
  return out.length ? el('span', {class: 'facts'}, ...out) : null;
}

function chip(target, at) {
  const {stands} = target;
  const note = target.landing ? 'next call' : target.probing ? 'probed first' : '';
  const node = el('li', {class: `target ${stands.kind}${target.landing ? ' landing' : ''}${target.past ? ' past' : ''}`},
    el('span', {class: 'name'}, el('b', null, target.target), note && el('span', {class: 'note'}, note)),
    stateLine(target, at),
    stands.reason && stands.kind !== 'person' ? el('span', {class: 'why'}, stands.reason) : null,
    stands.kind === 'skip' && stands.more ? el('span', {class: 'why'}, stands.more) : null,
    facts(target));
  if (stands.more) node.title = stands.more;
  return node;
}

/** What a chip says, without what only runs down: a chip is made anew when this changes. */
const said = ({target, stands: {kind, words, reason, more}, cost, zone, when, landing, probing, past}) =>
  [target, kind, words, reason, more, cost, zone, when.join(), landing, probing, past].join('\n');

function lands(route) {
  if (route.lands === 0) return route.fine ? 'answers' : 'probes its first target';
  if (route.lands !== null) return `answers from its ${ordinal(route.lands + 1)} target`;
  return route.probes !== null ? 'none is free, one is probed' : 'no target can answer';
}

const ordinal = (number) => ['', 'first', 'second', 'third', 'fourth', 'fifth'][number] ?? `${number}th`;

function make(route) {
  const node = el('li', {class: 'route'}, el('div', {class: 'label'}, el('h3', null, route.name), el('p', {class: 'lands'}), el('p', {class: 'limits'})), el('ol', {class: 'chain'}));
  attribute($('.chain', node), 'aria-label', `Chain of ${route.name}`);
  return node;
}

function change(node, route, at) {
  const kind = route.lands === null ? 'bad' : route.fine ? 'ok' : 'warn';
  const line = $('.lands', node);
  if (line.dataset.said !== `${kind}${lands(route)}`) {
    line.dataset.said = `${kind}${lands(route)}`;
    line.replaceChildren(sign(kind), ` ${lands(route)}`);
  }
  text($('.limits', node), `within ${span(route.deadline)}, at most ${count(route.requests, 'request')}`);
  const targets = route.targets.map((one) => ({...one, landing: one.at === route.lands, probing: one.at === route.probes, past: route.lands !== null && one.at < route.lands}));
  sync($('.chain', node), targets, (one) => `${one.at}\n${said(one)}`, (one) => chip(one, at), (chipNode, one) => {
    const left = $('.left', chipNode);
    if (left && one.stands.left !== null) attribute(left, 'data-until', Math.round(at + one.stands.left));
  });
}

const few = 8;   // without a filter

export function showRoutes(section, routes, at) {
  $('.tools', section).hidden = routes.length <= few;
  const wanted = $('#route-find').value.trim().toLowerCase();
  const trouble = $('#route-trouble').checked;
  const shown = routes.filter((route) => (!trouble || !route.fine || route.targets.some((one) => ['bad', 'person', 'wait', 'probe'].includes(one.stands.kind))) &&
    (!wanted || route.name.toLowerCase().includes(wanted) || route.targets.some((one) => one.target.toLowerCase().includes(wanted))));
  sync($('.list', section), shown, (route) => route.name, make, (node, route) => change(node, route, at));
  const none = $('.none', section);
  none.hidden = shown.length > 0;
  text(none, routes.length === 0 ? 'A route is a list of targets: [route.NAME] in the configuration. With none, give a provider a credential and “auto” uses it.' : 'No route matches.');
}

export function showTodo(section, todo) {
  section.hidden = todo.length === 0;
  syncFixed($('.cards', section), todo, (one) => one.key, (one) => el('li', {class: 'card'},
    el('h3', null, sign(one.kind === 'credential' ? 'person' : 'warn'), ` ${one.title}`),
    one.why ? el('p', {class: 'message'}, one.why) : null,
    one.users.length ? el('p', {class: 'used'}, `Used by ${one.users.length > 4 ? `${one.users.slice(0, 4).join(', ')} and ${one.users.length - 4} more` : one.users.join(', ')}.`) : null,
    el('p', {class: 'do'}, [one.remedy, one.then].filter(Boolean).join(' ')), command(one.command)));
}
