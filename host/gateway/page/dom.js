// Making and changing elements. Text from outside becomes text nodes only.

export const $ = (selector, within = document) => within.querySelector(selector);

/** el('p', {class: 'x', hidden: true, onclick: f}, 'text', element, ...) */
export function el(name, properties, ...inside) {
  const out = document.createElement(name);
  for (const [key, value] of Object.entries(properties ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith('on')) out.addEventListener(key.slice(2), value);
    else out.setAttribute(key, value === true ? '' : value);
  }
  out.append(...inside.filter((one) => one !== null && one !== undefined && one !== ''));
  return out;
}

/** Changes what is shown only where it differs: cheap, and a selection survives. */
export function text(node, words) {
  if (node.textContent !== words) node.textContent = words;
}

export function attribute(node, name, value) {
  if (value === null || value === undefined || value === false) node.removeAttribute(name);
  else if (node.getAttribute(name) !== String(value)) node.setAttribute(name, value);
}

/**
 * Makes the children of `list` those of `items`: one node a key, kept as long as its key is there, in that order. `change` gets every node and its item.
 */
export function sync(list, items, keyOf, make, change) {
  const known = (list.nodesByKey ??= new Map());
  const wanted = new Set(items.map(keyOf));
  for (const [key, node] of known) {
    if (wanted.has(key)) continue;
    node.remove();
    known.delete(key);
  }
  let place = list.firstElementChild;
  for (const item of items) {
    const key = keyOf(item);
    let node = known.get(key);
    if (!node) known.set(key, (node = make(item)));
    if (node === place) place = place.nextElementSibling;
    else list.insertBefore(node, place);   // nodes that stay in order are never moved: they keep focus
    change?.(node, item);
  }
}

/** As sync(), for what is made anew whenever what it says changes. */
export const syncFixed = (list, items, keyOf, make) => sync(list, items, (item) => keyOf(item) + '\n' + JSON.stringify(item), make);

const shapes = {
  ok: 'M3.5 8.5l3 3 6-7',
  wait: 'M8 4v4.2l2.6 1.6M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0z',
  bad: 'M4.5 4.5l7 7m0-7l-7 7',
  person: 'M8 7.6a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM3 13.6c.6-2.6 2.5-4 5-4s4.400 1.400 5 4',
  skip: 'M3 8h10',
  probe: 'M8 2.500v3M8 10.500v3M2.500 8h3M10.500 8h3M8 8h.01',
  warn: 'M8 5.800v3.200M8 11.400v.1M8 2.200l6.200 11.300H1.800z',
  run: 'M5.500 3.500l6.500 4.500-6.500 4.500z',
  refresh: 'M13 8a5 5 0 1 1-1.600-3.700M13 2.500v2.700h-2.700',
};

/** A sign beside words that say the same. */
export function sign(kind) {
  const space = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(space, 'svg');
  svg.setAttribute('viewBox', '0 0 16 16');
  svg.setAttribute('class', `sign ${kind}`);
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(space, 'path');
  path.setAttribute('d', shapes[kind]);
  svg.append(path);
  return svg;
}

/** `what` is said to a screen reader: "the command". */
export function copyButton(words, what) {
  return el('button', {type: 'button', class: 'copy quiet', 'aria-label': `Copy ${what}`, onclick: (event) => copy(event.currentTarget, words, what)}, 'Copy');
}

async function copy(button, words, what) {
  let done = true;
  try {
    await navigator.clipboard.writeText(words);
  } catch {
    done = copyOldWay(words, button);   // pages over plain http from another machine have no clipboard
  }
  text(button, done ? 'Copied' : 'Select it by hand');
  text($('#said'), done ? `Copied ${what}.` : 'The browser did not allow copying.');
  setTimeout(() => text(button, 'Copy'), 1500);
}

function copyOldWay(words, beside) {
  const area = el('textarea', {class: 'hidden', 'aria-hidden': 'true', tabindex: '-1'});
  area.value = words;
  beside.after(area);
  area.select();
  const done = document.execCommand('copy');
  area.remove();
  beside.focus();
  return done;
}

/** A command that a person may type. */
export function command(words) {
  return el('div', {class: 'command'}, el('code', null, words), copyButton(words, `the command ${words}`));
}
