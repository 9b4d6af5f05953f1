// A certified OAuth 2 authorization server (oidc-provider) with refresh-token rotation and reuse detection, an upstream that accepts its access tokens,
// and a control port, all on loopback in one process. Prints its origin as one line of JSON; ends when its standard input ends.
//
// A token request or a chat request can be held at a named point: POST /control/hold?at=POINT, GET /control/wait?at=POINT (answers when somebody is held
// there), POST /control/release?how=go|drop. Points: chat (before the upstream answers), token (before the authorization server sees the request),
// token-done (it has rotated, the reply is not sent).
import http from 'node:http';
import Provider from 'oidc-provider';

console.warn = console.info = () => {};   // its development warnings
const log = process.stdout.write.bind(process.stdout);

const counts = { token: 0, token_ok: 0, chat: 0, chat_401: 0 };
const holds = new Set();
const held = [];       // { at, release }
const watchers = [];   // { at, tell }
let after_reply = [];  // told when a token reply was handed to the kernel

function hold(at) {
  if (!holds.has(at)) return Promise.resolve('go');
  return new Promise((release) => {
    held.push({ at, release });
    for (const watcher of watchers.filter((w) => w.at === at)) watcher.tell();
  });
}

const server = http.createServer();
server.listen(0, '127.0.0.1', () => {
  const origin = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(origin, {
    clients: [{ client_id: 'belay', token_endpoint_auth_method: 'none', application_type: 'native', grant_types: ['authorization_code', 'refresh_token'],
                redirect_uris: ['http://127.0.0.1/callback'] }],
    features: { devInteractions: { enabled: false } },
    rotateRefreshToken: true,
    findAccount: (_, id) => ({ accountId: id, claims: async () => ({ sub: id }) }),
    scopes: ['openid', 'offline_access'],
    cookies: { keys: ['test'] },
    ttl: { AccessToken: 3600, RefreshToken: 86400, Grant: 86400 },
  });
  provider.on('server_error', (_, error) => process.stderr.write(`${error.stack}\n`));

  async function mint() {
    const grant = new provider.Grant({ accountId: 'somebody', clientId: 'belay' });
    grant.addOIDCScope('openid offline_access');
    const grantId = await grant.save();
    const client = await provider.Client.find('belay');
    const token = new provider.RefreshToken({ accountId: 'somebody', client, grantId, scope: 'openid offline_access', gty: 'authorization_code' });
    return { refresh_token: await token.save(), access_token: 'expired-access-token-of-the-test' };
  }

  async function chat(request, response) {
    counts.chat += 1;
    if (await hold('chat') === 'drop') return request.socket.destroy();
    const bearer = (request.headers.authorization ?? '').replace(/^Bearer /, '');
    const token = await provider.AccessToken.find(bearer);
    response.setHeader('content-type', 'application/json');
    if (!token || token.isExpired) {
      counts.chat_401 += 1;
      response.statusCode = 401;
      return response.end(JSON.stringify({ error: { message: 'The access token has expired', type: 'invalid_request_error', code: 'token_expired' } }));
    }
    response.end(JSON.stringify({ id: 'chatcmpl-1', object: 'chat.completion', created: 1, model: 'm',
                                  choices: [{ index: 0, message: { role: 'assistant', content: 'pong' }, finish_reason: 'stop' }] }));
  }

  async function token(request, response) {
    counts.token += 1;
    if (await hold('token') === 'drop') return request.socket.destroy();
    const end = response.end.bind(response);
    response.end = (...words) => {
      if (response.statusCode === 200) counts.token_ok += 1;
      hold('token-done').then((how) => {
        if (how === 'drop') return request.socket.destroy();
        end(...words);
        for (const tell of after_reply.splice(0)) tell();
      });
      return response;
    };
    return provider.callback()(request, response);
  }

  async function control(request, response, url) {
    const at = url.searchParams.get('at');
    const reply = (value) => response.end(JSON.stringify(value));
    switch (url.pathname) {
      case '/control/mint': return reply(await mint());
      case '/control/counts': return reply(counts);
      case '/control/hold': holds.add(at); return reply({});
      case '/control/wait': {
        if (at === 'token-replied') return after_reply.push(() => reply({}));
        if (held.some((one) => one.at === at)) return reply({});
        return watchers.push({ at, tell: () => reply({}) });
      }
      case '/control/release': {
        holds.clear();
        watchers.splice(0);
        for (const one of held.splice(0)) one.release(url.searchParams.get('how') ?? 'go');
        return reply({});
      }
      default: response.statusCode = 404; return reply({});
    }
  }

  server.on('request', (request, response) => {
    const url = new URL(request.url, origin);
    if (url.pathname.startsWith('/control/')) return control(request, response, url);
    if (url.pathname === '/v1/chat/completions') {
      request.resume();
      return request.on('end', () => chat(request, response));
    }
    if (url.pathname === '/token') return token(request, response);
    return provider.callback()(request, response);
  });
  log(`${JSON.stringify({ origin })}\n`);
});

process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
