// An upstream with the faults that aimock has not: each model name is one. `/dead/v1` refuses every key.
//
//   GET /control/seen             what came in: [{path, model, authorization, closed}], closed in ms since it began or null
//   GET /control/closed?model=M   answers once the connection of a request for M was closed by the other side, with its row; 10 s at most
//   POST /control/forget          forgets what it has seen and counted
//   POST /control/release         ends every stream of the model `held`, well
import { createServer } from 'node:http';
import { EventEmitter } from 'node:events';

const text =
  (status, body, headers = {}) =>
  (reply) => {
    reply.writeHead(status, { 'content-type': 'application/json', ...headers });
    reply.end(JSON.stringify(body));
  };
const refusal = (status, message, type, code, headers) => text(status, { error: { message, type, param: null, code } }, headers);

const completion = (model, content) => ({
  id: 'chatcmpl-fault',
  object: 'chat.completion',
  created: 1760000000,
  model,
  choices: [{ index: 0, message: { role: 'assistant', content, refusal: null }, logprobs: null, finish_reason: 'stop' }],
  usage: { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 },
});
const chunk = (model, delta, finish_reason = null, more = {}) =>
  `data: ${JSON.stringify({ id: 'chatcmpl-fault', object: 'chat.completion.chunk', created: 1760000000, model, choices: [{ index: 0, delta, logprobs: null, finish_reason }], ...more })}\n\n`;

function opened(reply, model) {
  reply.writeHead(200, { 'content-type': 'text/event-stream' });
  reply.write(chunk(model, { role: 'assistant', content: '' }));
}
const content = (model) => chunk(model, { content: 'one two ' });
const tool = (model) =>
  chunk(model, { tool_calls: [{ index: 0, id: 'call_1', type: 'function', function: { name: 'get_weather', arguments: '' } }] }) +
  chunk(model, { tool_calls: [{ index: 0, function: { arguments: '{"location":"O' } }] });

const holding = new Set(); // what ends each stream of `held`

// What the request of that model gets: (reply, model, body, how many came before it).
const faults = {
  'cut-after-content': (reply, model) => {
    opened(reply, model);
    reply.write(content(model), () => setTimeout(() => reply.socket.resetAndDestroy(), 50));
  },
  'cut-after-tool': (reply, model) => {
    opened(reply, model);
    reply.write(tool(model), () => setTimeout(() => reply.socket.resetAndDestroy(), 50));
  },
  'cut-before-content': (reply, model) => {
    opened(reply, model);
    setTimeout(() => reply.socket.destroy(), 20);
  },
  'ends-after-content': (reply, model) => {
    opened(reply, model);
    reply.end(content(model));
  },
  'error-after-content': (reply, model) => {
    opened(reply, model);
    reply.write(content(model));
    reply.end(`data: ${JSON.stringify({ error: { message: 'the engine fell over', type: 'server_error', code: 'server_error' } })}\n\n`);
  },
  'error-before-content': (reply, model) => {
    opened(reply, model);
    reply.end(`data: ${JSON.stringify({ error: { message: 'the engine is overloaded', type: 'overloaded_error', code: 503 } })}\n\n`);
  },
  'error-in-200': text(200, { error: { message: 'the backend is on fire', type: 'server_error', code: 500 } }),
  'no-end-mark': (reply, model) => {
    opened(reply, model);
    reply.end(content(model) + chunk(model, {}, 'stop'));
  },
  endless: (reply, model) => {
    opened(reply, model);
    const beat = setInterval(() => reply.write(content(model)), 20);
    reply.on('close', () => clearInterval(beat));
  },
  held: (reply, model) => {
    opened(reply, model);
    reply.write(content(model));
    const beat = setInterval(() => reply.write(content(model)), 500);
    holding.add(() => reply.end(content(model) + chunk(model, {}, 'stop') + 'data: [DONE]\n\n'));
    reply.on('close', () => clearInterval(beat));
  },
  silent: () => {},
  'rate-once': (reply, model, body, before) =>
    before === 0
      ? refusal(429, 'slow down', 'rate_limit_error', 'rate_limit_exceeded', { 'retry-after': '2' })(reply)
      : text(200, completion(model, 'now then'))(reply),
  rate: refusal(429, 'slow down', 'rate_limit_error', 'rate_limit_exceeded', { 'retry-after': '7' }),
  overloaded: refusal(503, 'try again', 'server_error', 'overloaded'),
  denied: refusal(403, 'this project may not do that', 'permission_error', 'forbidden'),
  bad: refusal(400, "messages[0] has no role 'robot'", 'invalid_request_error', 'invalid_value'),
  missing: refusal(404, 'The model does not exist', 'invalid_request_error', 'model_not_found'),
  fine: (reply, model, body) => {
    if (!body.stream) return text(200, completion(model, 'fine'))(reply);
    opened(reply, model);
    reply.end(chunk(model, { content: 'fine' }) + chunk(model, {}, 'stop') + 'data: [DONE]\n\n');
  },
  slow: (reply, model, body) => setTimeout(() => faults.fine(reply, model, body), 1500),
};

export async function startFaults() {
  let seen = [];
  const closings = new EventEmitter().setMaxListeners(0);

  function control(url, reply) {
    if (url.pathname === '/control/forget') {
      seen = [];
      return text(200, {})(reply);
    }
    if (url.pathname === '/control/seen') return text(200, seen)(reply);
    if (url.pathname === '/control/release') {
      const count = holding.size;
      for (const end of holding) end();
      holding.clear();
      return text(200, { count })(reply);
    }
    const model = url.searchParams.get('model');
    const look = () => {
      const row = seen.find((one) => one.model === model && one.closed !== null);
      if (!row) return false;
      clearTimeout(late);
      closings.off('closed', look);
      text(200, row)(reply);
      return true;
    };
    const late = setTimeout(() => {
      closings.off('closed', look);
      text(504, {})(reply);
    }, 10_000);
    if (!look()) closings.on('closed', look);
  }

  const server = createServer((request, reply) => {
    const url = new URL(request.url, 'http://localhost');
    if (url.pathname.startsWith('/control/')) return control(url, reply);
    const pieces = [];
    request.on('data', (piece) => pieces.push(piece));
    request.on('end', () => {
      let body = {};
      try {
        body = JSON.parse(Buffer.concat(pieces));
      } catch {
        /* a GET */
      }
      const began = performance.now();
      const row = { path: url.pathname, model: body.model ?? null, authorization: request.headers.authorization ?? null, closed: null };
      const before = seen.filter((one) => one.model === row.model).length;
      seen.push(row);
      reply.on('close', () => {
        if (reply.writableFinished) return;
        row.closed = Math.round(performance.now() - began);
        closings.emit('closed');
      });
      if (url.pathname.startsWith('/dead/'))
        return refusal(401, 'Incorrect API key provided: sk-d***', 'invalid_request_error', 'invalid_api_key')(reply);
      const fault = faults[body.model];
      if (!fault) return refusal(404, `there is no fault ${body.model}`, 'invalid_request_error', 'model_not_found')(reply);
      fault(reply, body.model, body, before);
    });
  });
  server.keepAliveTimeout = 60_000;
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
