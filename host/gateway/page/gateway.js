// Asking this gateway. A key is kept for this tab only.

const place = 'belay-key';

/** Without storage (a locked-down browser) it lasts as long as the page. */
let kept = null;
try {
  kept = sessionStorage.getItem(place);
} catch { /* stays null */ }

export const key = {
  get: () => kept,
  set(value) {
    kept = value;
    try {
      sessionStorage.setItem(place, value);
    } catch { /* this page alone has it */ }
  },
  forget() {
    kept = null;
    try {
      sessionStorage.removeItem(place);
    } catch { /* it never was there */ }
  },
};

/** Why there is no answer: `status` of the reply, 0: none came. */
export class Refusal extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

const patience = 8000;

export async function get(path) {
  const headers = {accept: 'application/json'};
  if (kept !== null) headers.authorization = `Bearer ${kept}`;
  let reply, body;
  try {
    reply = await fetch(path, {headers, cache: 'no-store', credentials: 'omit', redirect: 'error', signal: AbortSignal.timeout(patience)});
    body = await reply.text();
  } catch (error) {
    throw new Refusal(0, error.name === 'TimeoutError' ? `nothing came within ${patience / 1000} s` : 'no connection');
  }
  let document = null;
  try {
    document = JSON.parse(body);
  } catch { /* of a proxy, perhaps */ }
  if (!reply.ok) throw new Refusal(reply.status, document?.error?.message ?? `status ${reply.status}`);
  if (document === null) throw new Refusal(reply.status, 'the reply is not JSON');
  return document;
}
