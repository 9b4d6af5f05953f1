// What the status means: where each route's calls land, the sentence at the top, and what a person must do.

import {count, grouped, quoted, reasonsOf} from './words.js';

const providerOf = (target) => target.split('/', 1)[0];

/** Whether a hold is about that target: the target, its provider's credentials, where they may go, or its plugin. */
function concerns(hold, target, status) {
  const provider = providerOf(target.target);
  if (hold.what === target.target || hold.what === provider || hold.what === `plugin ${target.plugin}`) return true;
  if (hold.scope === 'endpoint') return status.credentials.some((one) => one.provider === provider && one.origins.includes(hold.what));
  if (hold.scope === 'credential') return hold.what.startsWith(`${provider}#`);
  const [who, model] = hold.what.split(' ');
  return hold.scope === 'credential + model' && providerOf(who.split('#', 1)[0]) === provider && `${provider}/${model}` === target.target;
}

/** One target as it stands: kind, short words, the reason it would be left for, and until when it is held. */
function standing(target, status) {
  const words = target.state;
  if (target.included) {
    const due = status.holds.find((hold) => hold.left_ms === 0 && concerns(hold, target, status));
    return due ? {kind: 'probe', words: 'half-open: the next call probes it', reason: due.reason} : {kind: 'ok', words: 'answers'};
  }
  if (words.includes('held: ')) {
    const reason = target.held?.reason ?? words.replace(/^.*held: /, '').split(',', 1)[0];
    const hold = status.holds.filter((one) => one.reason === reason && concerns(one, target, status)).sort((a, b) => b.left_ms - a.left_ms)[0];
    const forever = target.held?.until_secret_changes || hold?.until_secret_changes;
    if (forever) return {kind: 'person', words: 'held until its secret changes', reason, more: hold?.message};
    return {kind: 'wait', words: 'held', reason, left: target.held?.left_ms ?? hold?.left_ms ?? null, more: hold?.message};
  }
  const [what, ...rest] = words.split(': ');
  const why = rest.join(': ');
  if (what === 'credential_missing') return {kind: 'person', words: 'no credential', reason: 'credential_missing', more: why};
  if (what === 'plugin') return {kind: 'bad', words: 'its plugin can’t be used', reason: 'plugin_fault', more: why};
  return {kind: 'skip', words: `not allowed by ${what}`, more: why};
}

/** A route with where its next call lands. A target that opens for some reasons only is passed when the latest one is none of them. */
function routeFindings(route, status) {
  let latest = null, lands = null;
  const targets = route.targets.map((target, at) => {
    const stands = standing(target, status);
    const on = reasonsOf(target.on);
    const closed = on.length > 0 && lands === null && !on.includes(latest);
    const out = {...target, at, stands: closed && target.included ? {kind: 'skip', words: latest ? `not for ${latest}` : 'not for this'} : stands, closed, when: grouped(target.on)};
    if (lands === null && !closed) {
      if (target.included) lands = at;
      else if (stands.reason) latest = stands.reason;
    }
    return out;
  });
  // All held: the one whose hold ends first is probed rather than failing without a try.
  const first = lands !== null ? null : targets.filter((one) => one.stands.kind === 'wait' && one.stands.left !== null && !one.closed).sort((a, b) => a.stands.left - b.stands.left)[0];
  return {name: route.name, deadline: route.deadline_ms, requests: route.requests, targets, lands, probes: first?.at ?? null, fine: lands === 0 && targets[0].stands.kind === 'ok'};
}

/** "--config FILE" where the gateway was not started with what a command finds by itself. */
function configOption(status) {
  const file = status.configuration?.files?.[0];
  return !file || file.startsWith('/etc/belay/') || file.includes('/.config/belay/') || file.includes('/share/belay/') ? '' : ` --config ${quoted(file)}`;
}

const sourceOf = (credential) => credential.sources.map((one) => one.replace(/^[a-z_]+: /, ''));

/** Where the new secret goes, in words. */
function remedy(credential) {
  const refreshing = credential.sources.filter((one) => one.startsWith('refresh_token: '));
  const [source] = refreshing.length ? refreshing.map((one) => one.replace('refresh_token: ', '')) : sourceOf(credential);
  if (!source) return 'Give it a new secret.';
  const [kind, rest] = [source.slice(0, source.indexOf(':')), source.slice(source.indexOf(':') + 1)];
  if (kind === 'env') return `Set ${rest} where the gateway is started, and restart it.`;
  if (kind === 'file') return `Put the new secret into ${rest}; it is read again by itself.`;
  if (kind === 'keyring') return `Put the new secret into the keyring as ${rest}; it is read again by itself.`;
  if (kind === 'exec') return `See why its command gives no good secret: ${rest}.`;
  return 'Put the new secret into the configuration; it is loaded again when the file changes.';
}

function todoList(status, routes, option) {
  const out = [];
  const users = (provider) => routes.filter((route) => route.targets.some((one) => providerOf(one.target) === provider)).map((route) => route.name);
  const barred = new Set(routes.flatMap((route) => route.targets.filter((one) => one.stands.reason === 'credential_missing').map((one) => providerOf(one.target))));
  for (const one of status.credentials) {
    const name = `${one.provider}#${one.id}`;
    const missing = one.state === 'missing' && barred.has(one.provider);
    if (!one.needs_person && !missing) continue;
    out.push({
      key: `credential ${name}`, kind: 'credential', title: missing && !one.needs_person ? `${name} has no value` : `${name} needs a new login`, why: (!one.needs_person && one.why) || one.last_message || one.why,
      remedy: remedy(one), then: missing && !one.needs_person ? 'Then see that it is found:' : 'Then see that it works:',
      command: missing && !one.needs_person ? `belay check${option}` : `belay credential refresh ${quoted(name)}${option}`, users: users(one.provider),
    });
  }
  for (const hold of status.holds) {
    if (!hold.until_secret_changes || status.credentials.some((one) => one.needs_person && hold.what === `${one.provider}#${one.id}`)) continue;
    const one = status.credentials.find((credential) => hold.what === `${credential.provider}#${credential.id}`);
    out.push({key: `hold ${hold.scope} ${hold.what}`, kind: 'credential', title: `${hold.what} is held until its secret changes`, why: hold.message || hold.reason, remedy: one ? remedy(one) : 'Give it a new secret.',
      then: 'Or, if the secret is good after all:', command: `belay reset ${quoted(hold.what)}${option}`, users: one ? users(one.provider) : []});
  }
  for (const target of new Map(routes.flatMap((route) => route.targets.filter((one) => one.stands.kind === 'bad').map((one) => [one.plugin, one]))).values()) {
    out.push({key: `plugin ${target.plugin}`, kind: 'plugin', title: `The plugin ${target.plugin} can’t be used`, why: target.stands.more, remedy: '', then: 'See what is wrong with it:', command: `belay check${option}`,
      users: routes.filter((route) => route.targets.some((one) => one.plugin === target.plugin)).map((route) => route.name)});
  }
  for (const one of status.plugins ?? []) {
    if (one.state !== 'kept') continue;
    out.push({key: `kept ${one.type}`, kind: 'kept', title: `The plugin file of ${one.type} is not used; version ${one.version} goes on serving`, why: one.why,
      remedy: one.restart_needed ? 'Restart the gateway to use it.' : 'Put a good file there; it is taken up when it changes.', then: 'See what is known of it:', command: `belay plugins${option}`,
      users: routes.filter((route) => route.targets.some((target) => target.plugin === one.type)).map((route) => route.name)});
  }
  if (status.configuration?.last_error) {
    out.push({key: 'configuration', kind: 'configuration', title: 'The changed configuration was refused; the old one is in force', why: status.configuration.last_error, remedy: 'Correct the file; it is loaded again when it changes.',
      then: 'See that it is good:', command: `belay check${option}`, users: []});
  }
  return out;
}

function routesSentence(routes) {
  if (routes.length === 0) return 'No route is configured, and no provider has a credential.';
  const silent = routes.filter((one) => one.lands === null);
  const fallen = routes.filter((one) => one.lands !== null && one.lands > 0);
  const all = routes.length === 1 ? 'The only route' : `All ${routes.length} routes`;
  const s = (number) => (number === 1 ? 's' : '');
  if (silent.length === routes.length) return routes.length === 1 ? 'The only route has no target that answers.' : `None of the ${routes.length} routes has a target that answers.`;
  if (silent.length > 0) {
    const names = silent.length <= 3 ? `: ${silent.map((one) => one.name).join(', ')}` : '';
    return `${count(silent.length, 'route')} of ${routes.length} ha${silent.length === 1 ? 's' : 've'} no target that answers${names}.`;
  }
  if (fallen.length === 0) return `${all} answer${s(routes.length)}.`;
  if (fallen.length === routes.length) return `${all} answer${s(routes.length)}, ${routes.length === 1 ? '' : 'every one '}from a fallback target.`;
  return `${all} answer${s(routes.length)}, ${fallen.length} from a fallback target.`;
}

function todoSentence(todo) {
  const of = (kind) => todo.filter((one) => one.kind === kind).length;
  const out = [];
  if (of('credential')) out.push(`${count(of('credential'), 'credential')} need${of('credential') === 1 ? 's' : ''} you.`);
  if (of('plugin')) out.push(`${count(of('plugin'), 'plugin')} can’t be used.`);
  if (of('kept')) out.push(`${count(of('kept'), 'plugin file')} can’t be used, and what was before goes on.`);
  if (of('configuration')) out.push('A changed configuration was refused.');
  return out.join(' ');
}

export function findings(status) {
  const routes = status.routes.map((route) => routeFindings(route, status));
  const option = configOption(status);
  const todo = todoList(status, routes, option);
  const silent = routes.some((one) => one.lands === null);
  const mood = silent || routes.length === 0 ? 'bad' : todo.length > 0 ? 'person' : routes.some((one) => one.lands > 0) ? 'warn' : 'ok';
  return {routes, todo, option, mood, sentence: [routesSentence(routes), todoSentence(todo)].filter(Boolean).join(' '), draining: status.draining === true};
}

/** What `belay reset` takes for a hold; an endpoint or a plugin has no name there, so that is every hold. */
export function resetCommand(hold, option) {
  const what = hold.scope === 'endpoint' || hold.scope === 'plugin' ? '' : ` ${quoted(hold.what.split(' ', 1)[0])}`;
  return `belay reset${what}${option}`;
}
