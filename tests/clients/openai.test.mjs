// npm openai against the gateway: Chat Completions, Embeddings, Models, errors, cancel. Every call meets a dead key first.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import OpenAI from 'openai';
import { zodResponseFormat } from 'openai/helpers/zod';
import { z } from 'zod';
import { startGateway } from './support/gateway.mjs';
import { Shapes } from './support/shapes.mjs';

const shapes = new Shapes();
const asked = (content) => [{ role: 'user', content }];
const tools = [{ type: 'function', function: { name: 'get_weather', parameters: { type: 'object', properties: { location: { type: 'string' } } } } }];
const gateway = await startGateway();
const client = new OpenAI({ baseURL: `${gateway.origin}/v1`, apiKey: 'nobody-asks-for-it', maxRetries: 0, fetch: shapes.fetch });
after(() => shapes.holds('ChatReply', 'ChatEvent', 'EmbeddingsReply', 'ModelReply', 'ModelsReply', 'OpenAIFailure'));

test('a chat completion comes over the fallback, and its headers say so', async () => {
  const { data, response } = await client.chat.completions.create({ model: 'chat', messages: asked('hello') }).withResponse();
  assert.equal(data.choices[0].message.content, 'Hi there');
  assert.equal(data.choices[0].finish_reason, 'stop');
  assert.equal(data.usage.total_tokens, 30);
  assert.equal(response.headers.get('belay-provider'), 'mock');
  assert.equal(response.headers.get('belay-model'), 'gpt-mock');
  assert.equal(response.headers.get('belay-attempts'), '2');
  assert.equal(response.headers.get('belay-reason'), 'auth_rejected');
  const trace = await gateway.trace(response.headers.get('belay-request-id'));
  assert.deepEqual(
    trace.attempts.map((one) => [one.provider, one.status, one.reason, one.verdict]),
    [
      ['dead', 401, 'auth_rejected', 'next_target'],
      ['mock', 200, null, 'done'],
    ],
  );
});

test('what stands in a request and in an answer goes through untouched', async () => {
  const answer = await client.chat.completions.create({
    model: 'chat',
    messages: asked('æøå 中文 🙂'),
    seed: 12345678901234567,
    unheard_of: { deep: [1.5, null, 'x'] },
  });
  assert.equal(answer.choices[0].message.content, 'blåbær 中文 🙂 "quoted" \\ \u2028');
  const { body } = gateway.mock.requests().at(-1);
  assert.deepEqual(body.unheard_of, { deep: [1.5, null, 'x'] });
  assert.equal(body.model, 'gpt-mock');
});

test('a stream has every piece, the finish reason and the usage', async () => {
  const stream = await client.chat.completions.create({
    model: 'chat',
    messages: asked('count'),
    stream: true,
    stream_options: { include_usage: true },
  });
  let text = '',
    finish,
    usage,
    pieces = 0;
  for await (const chunk of stream) {
    text += chunk.choices[0]?.delta.content ?? '';
    pieces += chunk.choices[0]?.delta.content ? 1 : 0;
    finish = chunk.choices[0]?.finish_reason ?? finish;
    usage = chunk.usage ?? usage;
  }
  assert.equal(text, 'one two three four five six seven eight nine ten');
  assert.ok(pieces > 5, `only ${pieces} pieces`);
  assert.equal(finish, 'stop');
  assert.equal(usage.total_tokens, 30);
});

test('a stream without end mark upstream ends as it should here', async () => {
  const reply = await fetch(`${gateway.origin}/v1/chat/completions`, {
    method: 'POST',
    body: JSON.stringify({ model: 'no-end-mark', stream: true, messages: asked('x') }),
  });
  assert.ok((await reply.text()).endsWith('data: [DONE]\n\n'));
  const stream = client.chat.completions.stream({ model: 'no-end-mark', messages: asked('x') });
  assert.equal(await stream.finalContent(), 'one two ');
});

test('a tool is called, its result sent, and the answer comes', async () => {
  const messages = asked('weather in Oslo');
  const first = await client.chat.completions.create({ model: 'chat', messages, tools });
  assert.equal(first.choices[0].finish_reason, 'tool_calls');
  const [call] = first.choices[0].message.tool_calls;
  assert.deepEqual([call.function.name, JSON.parse(call.function.arguments)], ['get_weather', { location: 'Oslo' }]);
  messages.push(first.choices[0].message, { role: 'tool', tool_call_id: call.id, content: '7' });
  const second = await client.chat.completions.create({ model: 'chat', messages, tools });
  assert.equal(second.choices[0].message.content, 'It is 7 degrees in Oslo.');
});

test("the SDK's own tool loop works over streams, two calls at once", async () => {
  const places = [];
  const runnable = {
    type: 'function',
    function: {
      name: 'get_weather',
      parse: JSON.parse,
      function: ({ location }) => {
        places.push(location);
        return '7';
      },
      parameters: { type: 'object', properties: {} },
    },
  };
  const runner = client.chat.completions.runTools({ model: 'chat', stream: true, messages: asked('two cities'), tools: [runnable] });
  assert.equal(await runner.finalContent(), 'Rome is warmer.');
  assert.deepEqual(places.sort(), ['Oslo', 'Rome']);
});

test('structured output is parsed, unstreamed and streamed', async () => {
  const format = zodResponseFormat(z.object({ city: z.string(), degrees: z.number() }), 'weather');
  const whole = await client.chat.completions.parse({ model: 'chat', messages: asked('as JSON'), response_format: format });
  assert.deepEqual(whole.choices[0].message.parsed, { city: 'Oslo', degrees: 7 });
  assert.equal(gateway.mock.requests().at(-1).body.response_format.type, 'json_schema');
  const stream = client.chat.completions.stream({ model: 'chat', messages: asked('as JSON'), response_format: format });
  assert.deepEqual((await stream.finalChatCompletion()).choices[0].message.parsed, { city: 'Oslo', degrees: 7 });
});

test('a length limit is told as one', async () => {
  const answer = await client.chat.completions.create({ model: 'chat', messages: asked('be cut'), max_tokens: 6 });
  assert.equal(answer.choices[0].finish_reason, 'length');
});

test('embeddings come as numbers', async () => {
  const answer = await client.embeddings.create({ model: 'embed', input: 'embed me', encoding_format: 'float' });
  assert.deepEqual(answer.data[0].embedding, [0.25, -0.5, 1]);
});

test('models list routes and targets, and each can be looked up', async () => {
  const names = [];
  for await (const model of client.models.list()) names.push(model.id);
  for (const name of ['chat', 'auto', 'mock/gpt-mock', 'mock/text-embedding-mock', 'dead/any'])
    assert.ok(names.includes(name), `${name} is not among ${names}`);
  assert.equal((await client.models.retrieve('chat')).owned_by, 'belay');
  assert.equal((await client.models.retrieve('mock/gpt-mock')).id, 'mock/gpt-mock');
  await assert.rejects(client.models.retrieve('nothing'), OpenAI.NotFoundError);
});

test('a target can be named directly, and is not left', async () => {
  const answer = await client.chat.completions.create({ model: 'mock/gpt-mock', messages: asked('hello') });
  assert.equal(answer.choices[0].message.content, 'Hi there');
  await assert.rejects(client.chat.completions.create({ model: 'dead/any', messages: asked('hello') }), OpenAI.InternalServerError);
});

for (const route of ['cut-before-content', 'error-before-content', 'error-in-200']) {
  test(`${route}: the fallback is invisible`, async () => {
    const stream = client.chat.completions.stream({ model: route, messages: asked('hello') });
    assert.equal(await stream.finalContent(), 'Hi there');
    assert.equal(shapes.seen.headers.get('belay-attempts'), '3');
    const answer = await client.chat.completions.create({ model: 'error-in-200', messages: asked('hello') });
    assert.equal(answer.choices[0].message.content, 'Hi there');
  });
}

for (const route of ['cut-after-content', 'ends-after-content', 'error-after-content']) {
  test(`${route}: the stream raises and never ends as if all were well`, async () => {
    let text = '';
    await assert.rejects(
      async () => {
        for await (const chunk of await client.chat.completions.create({ model: route, messages: asked('hello'), stream: true }))
          text += chunk.choices[0]?.delta.content ?? '';
      },
      (error) => error instanceof OpenAI.APIError && error.error.trace.attempts.length === 2 && typeof error.code === 'string',
    );
    assert.equal(text, 'one two ');
    const helper = client.chat.completions.stream({ model: route, messages: asked('hello') });
    await assert.rejects(helper.finalContent(), OpenAI.APIError);
  });
}

test('a tool call that is cut in its arguments raises in the streamed tool loop', async () => {
  const runnable = {
    type: 'function',
    function: { name: 'get_weather', parse: JSON.parse, function: () => assert.fail('half a call was made'), parameters: {} },
  };
  const runner = client.chat.completions.runTools({ model: 'cut-after-tool', stream: true, messages: asked('x'), tools: [runnable] });
  await assert.rejects(runner.finalContent(), OpenAI.APIError);
});

// --------------------------------------------------------------------------------------------------------------- errors

/** The error of a call to `model`. */
async function errorOf(model, more = {}) {
  try {
    await client.chat.completions.create({ model, messages: asked('hello'), ...more });
  } catch (error) {
    return error;
  }
  assert.fail(`${model} was answered`);
}

test('what no target answers is 503 with the reason and the trace, also when the upstream said 401 or 403', async () => {
  for (const [model, code] of [
    ['all-dead', 'auth_rejected'],
    ['denied', 'auth_rejected'],
    ['missing', 'auth_rejected'],
    ['overloaded', 'auth_rejected'],
    ['faults/denied', 'permission_denied'],
    ['faults/missing', 'model_unavailable'],
  ]) {
    for (const stream of [false, true]) {
      const error = await errorOf(model, { stream });
      assert.ok(error instanceof OpenAI.InternalServerError, `${model}: ${error}`);
      assert.deepEqual([error.status, error.code], [503, code], model);
      assert.ok(error.error.trace.attempts.length >= 1);
      assert.equal(error.error.source, undefined);
    }
  }
});

test('an unknown model is 404', async () => {
  const error = await errorOf('no-such-model');
  assert.ok(error instanceof OpenAI.NotFoundError, `${error}`);
  assert.equal(error.code, 'model_unavailable');
});

test('a request that the upstream refuses is 400 and goes nowhere else', async () => {
  const error = await errorOf('bad');
  assert.ok(error instanceof OpenAI.BadRequestError, `${error}`);
  assert.equal(error.code, 'bad_request');
  assert.match(error.message, /robot/);
});

test('a body that is no request is 400 and says where', async () => {
  const error = await errorOf('chat', { messages: 'hello' });
  assert.ok(error instanceof OpenAI.BadRequestError, `${error}`);
  assert.match(error.message, /messages/);
});

test('a rate limit everywhere is 429 with Retry-After', async () => {
  const error = await errorOf('rate');
  assert.ok(error instanceof OpenAI.RateLimitError, `${error}`);
  assert.equal(error.code, 'rate_limited');
  const wait = Number(error.headers.get('retry-after'));
  assert.ok(wait >= 1 && wait <= 7, `retry-after: ${wait}`);
});

test("the SDK's own retry waits as long as the gateway says, and is answered", async () => {
  await gateway.control('forget', 'POST');
  const patient = client.withOptions({ maxRetries: 1 });
  const began = performance.now();
  const answer = await patient.chat.completions.create({ model: 'rate-once', messages: asked('hello') });
  assert.equal(answer.choices[0].message.content, 'now then');
  assert.ok(performance.now() - began >= 1900, `it waited only ${performance.now() - began} ms`);
  assert.equal((await gateway.control('seen')).filter((one) => one.model === 'rate-once').length, 2);
});

test('the deadline of the route is 504', async () => {
  const error = await errorOf('silent');
  assert.deepEqual([error.status, error.code], [504, 'deadline_exceeded']);
});

// --------------------------------------------------------------------------------------------------------------- cancel

test('a client that leaves a stream ends its upstream at once', async () => {
  await gateway.control('forget', 'POST');
  const closed = gateway.control('closed?model=endless');
  const stream = await client.chat.completions.create({ model: 'endless', messages: asked('x'), stream: true });
  let pieces = 0;
  for await (const chunk of stream) if (chunk.choices[0]?.delta.content && ++pieces === 3) break;
  const left = performance.now();
  assert.equal((await closed).model, 'endless');
  assert.ok(performance.now() - left < 3000, `the upstream was kept for ${performance.now() - left} ms`);
});

test('a client that gives up before the first content ends its upstream too', async () => {
  await gateway.control('forget', 'POST');
  const away = new AbortController();
  const call = client.chat.completions.create({ model: 'faults/silent', messages: asked('x') }, { signal: away.signal });
  call.catch(() => {});
  while (!(await gateway.control('seen')).some((one) => one.model === 'silent')) await new Promise((soon) => setTimeout(soon, 10));
  const closed = gateway.control('closed?model=silent');
  away.abort();
  await assert.rejects(call, OpenAI.APIUserAbortError);
  assert.equal((await closed).model, 'silent');
});

test('no secret of a provider is in any reply', async () => {
  const pages = await Promise.all(
    ['/metrics', '/belay/status', '/belay/traces?limit=200', '/v1/models'].map(async (path) => (await fetch(gateway.origin + path)).text()),
  );
  const errors = [await errorOf('all-dead'), await errorOf('bad')].map((error) => JSON.stringify(error.error));
  for (const text of [...pages, ...errors]) assert.doesNotMatch(text, /dead-key-93b1f0a2c4d8|mock-key-e41d0c5577a9/);
});
