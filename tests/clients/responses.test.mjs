// npm openai's Responses API against the gateway, whose upstream speaks Chat Completions. Every call meets a dead key first.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import OpenAI from 'openai';
import { zodTextFormat } from 'openai/helpers/zod';
import { z } from 'zod';
import { startGateway } from './support/gateway.mjs';
import { Shapes } from './support/shapes.mjs';

const shapes = new Shapes();
const tools = [
  {
    type: 'function',
    name: 'get_weather',
    strict: true,
    parameters: { type: 'object', properties: { location: { type: 'string' } }, required: ['location'], additionalProperties: false },
  },
];
const gateway = await startGateway();
const client = new OpenAI({ baseURL: `${gateway.origin}/v1`, apiKey: 'nobody-asks-for-it', maxRetries: 0, fetch: shapes.fetch });
after(() => shapes.holds('ResponsesReply', 'ResponsesEvent', 'OpenAIFailure'));

test('a response comes over the fallback', async () => {
  const { data, response } = await client.responses
    .create({ model: 'chat', input: 'hello', instructions: 'be short', metadata: { run: '7' } })
    .withResponse();
  assert.equal(data.output_text, 'Hi there');
  assert.equal(data.status, 'completed');
  assert.equal(data.object, 'response');
  assert.deepEqual([data.usage.input_tokens, data.usage.output_tokens, data.usage.total_tokens], [21, 9, 30]);
  assert.deepEqual([data.instructions, data.metadata], ['be short', { run: '7' }]);
  assert.equal(data.output[0].content[0].annotations.length, 0);
  assert.equal(response.headers.get('belay-attempts'), '2');
  assert.deepEqual(
    gateway.mock
      .requests()
      .at(-1)
      .body.messages.map((one) => one.content),
    ['be short', 'hello'],
  );
});

test('nothing is stored, and the reply says so', async () => {
  const answer = await client.responses.create({ model: 'chat', input: 'hello', store: true });
  assert.equal(answer.store, false);
  await assert.rejects(client.responses.create({ model: 'chat', input: 'hello', previous_response_id: answer.id }), (error) => {
    assert.ok(error instanceof OpenAI.BadRequestError, `${error}`);
    assert.match(error.message, /previous_response_id/);
    return true;
  });
  await assert.rejects(client.responses.retrieve(answer.id), OpenAI.NotFoundError);
});

test('a stream has the events in their order, and a final response', async () => {
  const types = [],
    numbers = [];
  let text = '';
  for await (const event of await client.responses.create({ model: 'chat', input: 'count', stream: true })) {
    types.push(event.type);
    numbers.push(event.sequence_number);
    if (event.type === 'response.output_text.delta') text += event.delta;
    if (event.type === 'response.completed') assert.deepEqual([event.response.status, event.response.usage.total_tokens], ['completed', 30]);
  }
  assert.equal(text, 'one two three four five six seven eight nine ten');
  assert.deepEqual([types[0], types.at(-1)], ['response.created', 'response.completed']);
  const order = [
    'response.created',
    'response.in_progress',
    'response.output_item.added',
    'response.content_part.added',
    'response.output_text.delta',
    'response.output_text.done',
    'response.content_part.done',
    'response.output_item.done',
    'response.completed',
  ];
  assert.deepEqual([...new Set(types)], order);
  assert.deepEqual(
    numbers,
    numbers.map((_, i) => i),
  );
});

test("the SDK's stream helper puts the same response together", async () => {
  const stream = client.responses.stream({ model: 'chat', input: 'count' });
  const final = await stream.finalResponse();
  assert.equal(final.output_text, 'one two three four five six seven eight nine ten');
});

test('a function is called and its output sent back, over two turns', async () => {
  const input = [{ role: 'user', content: 'weather in Oslo' }];
  const first = await client.responses.create({ model: 'chat', input, tools });
  const call = first.output.find((one) => one.type === 'function_call');
  assert.deepEqual([call.name, JSON.parse(call.arguments), call.status], ['get_weather', { location: 'Oslo' }, 'completed']);
  assert.deepEqual(gateway.mock.requests().at(-1).body.tools[0].function.name, 'get_weather');
  input.push(...first.output, { type: 'function_call_output', call_id: call.call_id, output: '7' });
  const second = await client.responses.create({ model: 'chat', input, tools });
  assert.equal(second.output_text, 'It is 7 degrees in Oslo.');
});

test('function calls are streamed, two at once', async () => {
  const input = [{ role: 'user', content: 'two cities' }];
  const written = {};
  let first;
  for await (const event of await client.responses.create({ model: 'chat', input, tools, stream: true })) {
    if (event.type === 'response.function_call_arguments.delta') written[event.item_id] = (written[event.item_id] ?? '') + event.delta;
    if (event.type === 'response.function_call_arguments.done') assert.equal(written[event.item_id], event.arguments);
    if (event.type === 'response.completed') first = event.response;
  }
  const calls = first.output.filter((one) => one.type === 'function_call');
  assert.deepEqual(
    calls.map((one) => JSON.parse(one.arguments).location),
    ['Oslo', 'Rome'],
  );
  assert.equal(Object.keys(written).length, 2);
  input.push(...first.output, ...calls.map((one) => ({ type: 'function_call_output', call_id: one.call_id, output: '7' })));
  const second = client.responses.stream({ model: 'chat', input, tools });
  assert.equal((await second.finalResponse()).output_text, 'Rome is warmer.');
});

test('structured output is parsed', async () => {
  const format = zodTextFormat(z.object({ city: z.string(), degrees: z.number() }), 'weather');
  const answer = await client.responses.parse({ model: 'chat', input: 'as JSON', text: { format } });
  assert.deepEqual(answer.output_parsed, { city: 'Oslo', degrees: 7 });
  const sent = gateway.mock.requests().at(-1).body.response_format;
  assert.deepEqual([sent.type, sent.json_schema.name], ['json_schema', 'weather']);
  const stream = client.responses.stream({ model: 'chat', input: 'as JSON', text: { format } });
  assert.deepEqual((await stream.finalResponse()).output_parsed, { city: 'Oslo', degrees: 7 });
});

test('reasoning is an item of its own', async () => {
  const answer = await client.responses.create({ model: 'chat', input: 'think' });
  assert.deepEqual(
    answer.output.map((one) => one.type),
    ['reasoning', 'message'],
  );
  assert.equal(answer.output_text, 'The answer is 42.');
  assert.equal(answer.output[0].content[0].text, 'Six times seven.');
  const summed = await client.responses.create({ model: 'chat', input: 'think', reasoning: { summary: 'auto' } });
  assert.deepEqual(summed.output[0].summary, [{ type: 'summary_text', text: 'Six times seven.' }]);
  const stream = client.responses.stream({ model: 'chat', input: 'think', reasoning: { summary: 'auto' } });
  assert.equal((await stream.finalResponse()).output_text, 'The answer is 42.');
});

test('a length limit makes an incomplete response', async () => {
  const answer = await client.responses.create({ model: 'chat', input: 'be cut', max_output_tokens: 16 });
  assert.deepEqual([answer.status, answer.incomplete_details.reason], ['incomplete', 'max_output_tokens']);
  const last = [];
  for await (const event of await client.responses.create({ model: 'chat', input: 'be cut', max_output_tokens: 16, stream: true }))
    last[0] = event.type;
  assert.deepEqual(last, ['response.incomplete']);
});

test('content parts go through: text, a picture', async () => {
  const picture = 'data:image/png;base64,iVBORw0KGgo=';
  const answer = await client.responses.create({
    model: 'chat',
    input: [
      {
        role: 'user',
        content: [
          { type: 'input_text', text: 'hello' },
          { type: 'input_image', image_url: picture, detail: 'low' },
        ],
      },
    ],
  });
  assert.equal(answer.output_text, 'Hi there');
  assert.deepEqual(
    gateway.mock
      .requests()
      .at(-1)
      .body.messages[0].content.map((part) => part.type),
    ['text', 'image_url'],
  );
});

test('cut-before-content: the fallback is invisible', async () => {
  const stream = client.responses.stream({ model: 'cut-before-content', input: 'hello' });
  assert.equal((await stream.finalResponse()).output_text, 'Hi there');
  assert.equal(shapes.seen.headers.get('belay-attempts'), '3');
});

for (const route of ['cut-after-content', 'ends-after-content', 'error-after-content']) {
  test(`${route}: the stream raises or ends in a failed response, never in a complete one`, async () => {
    const types = [];
    let raised;
    try {
      for await (const event of await client.responses.create({ model: route, input: 'hello', stream: true })) types.push(event.type);
    } catch (error) {
      raised = error;
    }
    assert.ok(raised instanceof OpenAI.APIError || types.at(-1) === 'response.failed', `raised: ${raised}, types: ${types}`);
    assert.ok(!types.includes('response.completed') && types.includes('response.output_text.delta'), `${types}`);
    const helper = client.responses.stream({ model: route, input: 'hello' });
    const final = await helper.finalResponse().catch((error) => error);
    assert.ok(final instanceof Error || final.status === 'failed', JSON.stringify(final));
  });
}

test('errors are typed', async () => {
  const errorOf = (model, more = {}) =>
    client.responses.create({ model, input: 'hello', ...more }).then(
      () => assert.fail(`${model} was answered`),
      (error) => error,
    );
  for (const [model, kind, code] of [
    ['all-dead', OpenAI.InternalServerError, 'auth_rejected'],
    ['no-such-model', OpenAI.NotFoundError, 'model_unavailable'],
    ['bad', OpenAI.BadRequestError, 'bad_request'],
    ['rate', OpenAI.RateLimitError, 'rate_limited'],
  ]) {
    const error = await errorOf(model);
    assert.ok(error instanceof kind, `${model}: ${error}`);
    assert.equal(error.code, code);
  }
  const misfit = await errorOf('chat', { input: [{ type: 'no_such_item' }] });
  assert.ok(misfit instanceof OpenAI.BadRequestError, `${misfit}`);
  assert.match(misfit.message, /input\[0\]|input\.0|no_such_item/);
});

test('a client that leaves a stream ends its upstream at once', async () => {
  await gateway.control('forget', 'POST');
  const closed = gateway.control('closed?model=endless');
  let pieces = 0;
  for await (const event of await client.responses.create({ model: 'endless', input: 'x', stream: true }))
    if (event.type === 'response.output_text.delta' && ++pieces === 3) break;
  const left = performance.now();
  assert.equal((await closed).model, 'endless');
  assert.ok(performance.now() - left < 3000, `the upstream was kept for ${performance.now() - left} ms`);
});
