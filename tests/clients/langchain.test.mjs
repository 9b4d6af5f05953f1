// npm @langchain/openai against the gateway, by Chat Completions and by Responses. Every call meets a dead key first.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { HumanMessage, ToolMessage } from '@langchain/core/messages';
import { tool } from '@langchain/core/tools';
import { ChatOpenAI, OpenAIEmbeddings } from '@langchain/openai';
import { z } from 'zod';
import { startGateway } from './support/gateway.mjs';
import { Shapes } from './support/shapes.mjs';

const shapes = new Shapes();
const weather = tool(async () => '7', { name: 'get_weather', description: 'of a place', schema: z.object({ location: z.string() }) });
const gateway = await startGateway();
after(() => shapes.holds('ChatReply', 'ChatEvent', 'ResponsesReply', 'ResponsesEvent', 'OpenAIFailure'));

for (const useResponsesApi of [false, true]) {
  const wire = useResponsesApi ? 'responses' : 'chat';
  const chat = (model) =>
    new ChatOpenAI({
      model,
      apiKey: 'nobody-asks-for-it',
      maxRetries: 0,
      useResponsesApi,
      configuration: { baseURL: `${gateway.origin}/v1`, fetch: shapes.fetch },
    });

  test(`${wire}: invoke`, async () => {
    const answer = await chat('chat').invoke('hello');
    assert.equal(answer.text, 'Hi there');
    assert.equal(answer.usage_metadata.total_tokens, 30);
  });

  test(`${wire}: stream`, async () => {
    let text = '';
    for await (const piece of await chat('chat').stream('count')) text += piece.text;
    assert.equal(text, 'one two three four five six seven eight nine ten');
  });

  test(`${wire}: tools over two turns, streamed too`, async () => {
    const model = chat('chat').bindTools([weather]);
    const asked = new HumanMessage('weather in Oslo');
    const first = await model.invoke([asked]);
    assert.deepEqual(
      first.tool_calls.map((one) => [one.name, one.args]),
      [['get_weather', { location: 'Oslo' }]],
    );
    const second = await model.invoke([asked, first, new ToolMessage({ tool_call_id: first.tool_calls[0].id, content: '7' })]);
    assert.equal(second.text, 'It is 7 degrees in Oslo.');
    let whole;
    for await (const piece of await model.stream('two cities')) whole = whole ? whole.concat(piece) : piece;
    assert.deepEqual(
      whole.tool_calls.map((one) => one.args.location),
      ['Oslo', 'Rome'],
    );
  });

  test(`${wire}: structured output`, async () => {
    const model = chat('chat').withStructuredOutput(z.object({ city: z.string(), degrees: z.number() }), { method: 'jsonSchema', name: 'weather' });
    assert.deepEqual(await model.invoke('as JSON'), { city: 'Oslo', degrees: 7 });
  });

  test(`${wire}: the fallback before content is invisible`, async () => {
    let text = '';
    for await (const piece of await chat('cut-before-content').stream('hello')) text += piece.text;
    assert.equal(text, 'Hi there');
  });

  for (const route of ['cut-after-content', 'error-after-content']) {
    test(`${wire}: ${route} raises`, async () => {
      let text = '';
      await assert.rejects(async () => {
        for await (const piece of await chat(route).stream('hello')) text += piece.text;
      });
      assert.equal(text, 'one two ');
    });
  }

  test(`${wire}: errors say their status`, async () => {
    for (const [model, status] of [
      ['all-dead', 503],
      ['no-such-model', 404],
      ['bad', 400],
      ['rate', 429],
    ]) {
      await assert.rejects(chat(model).invoke('hello'), (error) => error.status === status || assert.fail(`${model}: ${error.status} ${error}`));
    }
  });
}

test('embeddings', async () => {
  const model = new OpenAIEmbeddings({
    model: 'embed',
    apiKey: 'nobody-asks-for-it',
    encodingFormat: 'float',
    maxRetries: 0,
    configuration: { baseURL: `${gateway.origin}/v1`, fetch: shapes.fetch },
  });
  assert.deepEqual(await model.embedQuery('embed me'), [0.25, -0.5, 1]);
});
