// npm @anthropic-ai/sdk against the gateway, whose upstream speaks Chat Completions. Every call meets a dead key first.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import Anthropic from '@anthropic-ai/sdk';
import { zodOutputFormat } from '@anthropic-ai/sdk/helpers/zod';
import { z } from 'zod';
import { startGateway } from './support/gateway.mjs';
import { Shapes } from './support/shapes.mjs';

const shapes = new Shapes();
const asked = (content) => [{ role: 'user', content }];
const tools = [{ name: 'get_weather', description: 'of a place', input_schema: { type: 'object', properties: { location: { type: 'string' } } } }];
const base = { model: 'chat', max_tokens: 100 };
const gateway = await startGateway();
const client = new Anthropic({ baseURL: gateway.origin, apiKey: 'nobody-asks-for-it', maxRetries: 0, fetch: shapes.fetch });
after(() => shapes.holds('MessagesReply', 'MessagesEvent', 'AnthropicModelReply', 'AnthropicModelsReply', 'AnthropicFailure'));

test('a message comes over the fallback', async () => {
  const { data, response } = await client.messages.create({ ...base, system: 'be short', messages: asked('hello') }).withResponse();
  assert.deepEqual(
    data.content.map((one) => [one.type, one.text]),
    [['text', 'Hi there']],
  );
  assert.deepEqual([data.type, data.role, data.stop_reason, data.stop_sequence], ['message', 'assistant', 'end_turn', null]);
  assert.deepEqual([data.usage.input_tokens, data.usage.output_tokens], [21, 9]);
  assert.equal(response.headers.get('belay-attempts'), '2');
  const { body } = gateway.mock.requests().at(-1);
  assert.deepEqual(
    body.messages.map((one) => [one.role, one.content]),
    [
      ['system', 'be short'],
      ['user', 'hello'],
    ],
  );
});

test('a stream has the events in their order', async () => {
  const types = [];
  let text = '';
  for await (const event of await client.messages.create({ ...base, messages: asked('count'), stream: true })) {
    types.push(event.type);
    if (event.type === 'content_block_delta') text += event.delta.text;
    if (event.type === 'message_delta') assert.deepEqual([event.delta.stop_reason, event.usage.output_tokens], ['end_turn', 9]);
  }
  assert.equal(text, 'one two three four five six seven eight nine ten');
  assert.deepEqual(
    [...new Set(types.filter((one) => one !== 'ping'))],
    ['message_start', 'content_block_start', 'content_block_delta', 'content_block_stop', 'message_delta', 'message_stop'],
  );
});

test("the SDK's stream helper puts the same message together", async () => {
  const message = await client.messages.stream({ ...base, messages: asked('count') }).finalMessage();
  assert.equal(message.content[0].text, 'one two three four five six seven eight nine ten');
  assert.equal(message.stop_reason, 'end_turn');
});

test('a tool is used, its result sent, and the answer comes', async () => {
  const messages = asked('weather in Oslo');
  const first = await client.messages.create({ ...base, messages, tools });
  assert.equal(first.stop_reason, 'tool_use');
  const use = first.content.find((one) => one.type === 'tool_use');
  assert.deepEqual([use.name, use.input], ['get_weather', { location: 'Oslo' }]);
  messages.push(
    { role: 'assistant', content: first.content },
    { role: 'user', content: [{ type: 'tool_result', tool_use_id: use.id, content: '7' }] },
  );
  const second = await client.messages.create({ ...base, messages, tools });
  assert.equal(second.content[0].text, 'It is 7 degrees in Oslo.');
});

test("the SDK's own tool loop works over streams, two uses at once", async () => {
  const places = [];
  const runner = client.beta.messages.toolRunner({
    ...base,
    stream: true,
    messages: asked('two cities'),
    tools: [
      {
        ...tools[0],
        type: 'custom',
        parse: (input) => input,
        run: ({ location }) => {
          places.push(location);
          return '7';
        },
      },
    ],
  });
  const last = await runner.runUntilDone();
  assert.deepEqual(places.sort(), ['Oslo', 'Rome']);
  assert.equal(last.content[0].text, 'Rome is warmer.');
});

test('a thread is kept nowhere here, and whoever asks for one is told, not answered without its history', async () => {
  for (const thread of [{ type: 'create' }, { type: 'continue', previous_message_id: 'msg_1' }]) {
    const error = await client.messages.create({ ...base, thread, messages: asked('hello') }).then(
      () => assert.fail('it was answered'),
      (one) => one,
    );
    assert.ok(error instanceof Anthropic.BadRequestError, `${error}`);
    assert.equal(error.error.error.details?.error_code, 'thread_unsupported_request'); // the SDK's helpers then send the whole history
  }
});

test('structured output is parsed', async () => {
  const message = await client.messages.parse({
    ...base,
    messages: asked('as JSON'),
    output_config: { format: zodOutputFormat(z.object({ city: z.string(), degrees: z.number() })) },
  });
  assert.deepEqual(message.parsed_output, { city: 'Oslo', degrees: 7 });
  assert.equal(gateway.mock.requests().at(-1).body.response_format.type, 'json_schema');
});

test('thinking is a block of its own', async () => {
  const message = await client.messages.create({
    ...base,
    max_tokens: 3000,
    thinking: { type: 'enabled', budget_tokens: 2000 },
    messages: asked('think'),
  });
  assert.deepEqual(
    message.content.map((one) => one.type),
    ['thinking', 'text'],
  );
  assert.equal(message.content[0].thinking, 'Six times seven.');
  const streamed = await client.messages
    .stream({ ...base, max_tokens: 3000, thinking: { type: 'enabled', budget_tokens: 2000 }, messages: asked('think') })
    .finalMessage();
  assert.deepEqual(
    streamed.content.map((one) => one.thinking ?? one.text),
    ['Six times seven.', 'The answer is 42.'],
  );
});

test('a length limit is told as one', async () => {
  const message = await client.messages.create({ ...base, max_tokens: 6, messages: asked('be cut') });
  assert.equal(message.stop_reason, 'max_tokens');
});

test('content blocks go through: text, a picture, cache marks', async () => {
  const content = [
    { type: 'text', text: 'hello', cache_control: { type: 'ephemeral' } },
    { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' } },
  ];
  const message = await client.messages.create({
    ...base,
    system: [{ type: 'text', text: 'be short', cache_control: { type: 'ephemeral' } }],
    messages: asked(content),
  });
  assert.equal(message.content[0].text, 'Hi there');
  const sent = gateway.mock
    .requests()
    .at(-1)
    .body.messages.find((one) => one.role === 'user').content;
  assert.equal(sent.find((part) => part.type === 'image_url').image_url.url, 'data:image/png;base64,iVBORw0KGgo=');
});

test('counting tokens is refused honestly where no target can, and never guessed', async () => {
  const error = await client.messages.countTokens({ model: 'chat', messages: asked('hello') }).then(
    () => assert.fail('a number was made up'),
    (one) => one,
  );
  assert.ok(error instanceof Anthropic.BadRequestError || error instanceof Anthropic.NotFoundError, `${error}`); // one that no retry helps, and that says so
  assert.equal(error.error.type, 'error');
  assert.match(error.message, /count_tokens|count/);
});

test('models list routes and targets, and each can be looked up', async () => {
  const names = [];
  for await (const model of client.models.list()) names.push(model.id);
  for (const name of ['chat', 'auto', 'mock/gpt-mock']) assert.ok(names.includes(name), `${name} is not among ${names}`);
  assert.equal((await client.models.retrieve('mock/gpt-mock')).type, 'model');
  await assert.rejects(client.models.retrieve('nothing'), Anthropic.NotFoundError);
});

test('cut-before-content: the fallback is invisible', async () => {
  const message = await client.messages.stream({ ...base, model: 'cut-before-content', messages: asked('hello') }).finalMessage();
  assert.equal(message.content[0].text, 'Hi there');
  assert.equal(shapes.seen.headers.get('belay-attempts'), '3');
});

for (const route of ['cut-after-content', 'ends-after-content', 'error-after-content']) {
  test(`${route}: the stream raises and never ends as if all were well`, async () => {
    const types = [];
    await assert.rejects(async () => {
      for await (const event of await client.messages.create({ ...base, model: route, messages: asked('hello'), stream: true }))
        types.push(event.type);
    }, Anthropic.APIError);
    assert.ok(types.includes('content_block_delta') && !types.includes('message_stop'), `${types}`);
    await assert.rejects(client.messages.stream({ ...base, model: route, messages: asked('hello') }).finalMessage(), Anthropic.AnthropicError);
  });
}

test('errors are typed, in the shape of this API', async () => {
  const errorOf = (model, more = {}) =>
    client.messages.create({ ...base, model, messages: asked('hello'), ...more }).then(
      () => assert.fail(`${model} was answered`),
      (error) => error,
    );
  for (const [model, kind, type] of [
    ['all-dead', Anthropic.InternalServerError],
    ['no-such-model', Anthropic.NotFoundError, 'not_found_error'],
    ['bad', Anthropic.BadRequestError, 'invalid_request_error'],
    ['rate', Anthropic.RateLimitError, 'rate_limit_error'],
  ]) {
    const error = await errorOf(model);
    assert.ok(error instanceof kind, `${model}: ${error}`);
    assert.equal(error.error.type, 'error');
    if (type) assert.equal(error.error.error.type, type);
    if (model === 'rate') assert.ok(Number(error.headers.get('retry-after')) >= 1);
  }
  const misfit = await errorOf('chat', { messages: [{ role: 'robot', content: 'hello' }] });
  assert.ok(misfit instanceof Anthropic.BadRequestError, `${misfit}`);
  assert.match(misfit.message, /messages|robot/);
});

test('a client that leaves a stream ends its upstream at once', async () => {
  await gateway.control('forget', 'POST');
  const closed = gateway.control('closed?model=endless');
  let pieces = 0;
  for await (const event of await client.messages.create({ ...base, model: 'endless', messages: asked('x'), stream: true }))
    if (event.type === 'content_block_delta' && ++pieces === 3) break;
  const left = performance.now();
  assert.equal((await closed).model, 'endless');
  assert.ok(performance.now() - left < 3000, `the upstream was kept for ${performance.now() - left} ms`);
});
