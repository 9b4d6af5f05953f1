// npm ai with @ai-sdk/openai-compatible (Chat Completions) and @ai-sdk/openai (Responses) against the gateway. Every call meets a dead key first.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { createOpenAI } from '@ai-sdk/openai';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { APICallError, embed, generateText, Output, stepCountIs, streamText, tool } from 'ai';
import { z } from 'zod';
import { startGateway } from './support/gateway.mjs';
import { Shapes } from './support/shapes.mjs';

const shapes = new Shapes();
const weather = tool({ description: 'of a place', inputSchema: z.object({ location: z.string() }), execute: async () => '7' });
const gateway = await startGateway();
const settings = { name: 'belay', baseURL: `${gateway.origin}/v1`, apiKey: 'nobody-asks-for-it', fetch: shapes.fetch };
const compatible = createOpenAICompatible({ ...settings, supportsStructuredOutputs: true, includeUsage: true });
const responses = createOpenAI(settings);
const providers = {
  chat: (model) => compatible.chatModel(model),
  responses: (model) => responses.responses(model),
  embedding: compatible.textEmbeddingModel('embed'),
};
after(() => shapes.holds('ChatReply', 'ChatEvent', 'ResponsesReply', 'ResponsesEvent', 'EmbeddingsReply', 'OpenAIFailure'));

for (const wire of ['chat', 'responses']) {
  const call = (model, more) => ({ model: providers[wire](model), maxRetries: 0, ...more });

  test(`${wire}: text`, async () => {
    const { text, finishReason, usage } = await generateText(call('chat', { prompt: 'hello' }));
    assert.deepEqual([text, finishReason, usage.totalTokens], ['Hi there', 'stop', 30]);
  });

  test(`${wire}: a stream`, async () => {
    const stream = streamText(call('chat', { prompt: 'count' }));
    let text = '';
    for await (const piece of stream.textStream) text += piece;
    assert.equal(text, 'one two three four five six seven eight nine ten');
    assert.deepEqual([await stream.finishReason, (await stream.usage).totalTokens], ['stop', 30]);
  });

  test(`${wire}: the tool loop, unstreamed and streamed`, async () => {
    const whole = await generateText(call('chat', { prompt: 'weather in Oslo', tools: { get_weather: weather }, stopWhen: stepCountIs(3) }));
    assert.deepEqual([whole.text, whole.steps.length, whole.steps[0].toolCalls[0].input], ['It is 7 degrees in Oslo.', 2, { location: 'Oslo' }]);
    const stream = streamText(call('chat', { prompt: 'two cities', tools: { get_weather: weather }, stopWhen: stepCountIs(3) }));
    assert.equal((await stream.steps).flatMap((step) => step.toolCalls).length, 2);
    assert.equal(await stream.text, 'Rome is warmer.');
  });

  test(`${wire}: structured output`, async () => {
    const { output } = await generateText(
      call('chat', { prompt: 'as JSON', output: Output.object({ schema: z.object({ city: z.string(), degrees: z.number() }) }) }),
    );
    assert.deepEqual(output, { city: 'Oslo', degrees: 7 });
    assert.equal(gateway.mock.requests().at(-1).body.response_format.type, 'json_schema');
  });

  test(`${wire}: reasoning`, async () => {
    const { text, reasoningText } = await generateText(
      call('chat', { prompt: 'think', providerOptions: { openai: { reasoningSummary: 'auto', forceReasoning: true } } }),
    );
    assert.deepEqual([text, reasoningText], ['The answer is 42.', 'Six times seven.']);
  });

  test(`${wire}: the fallback before content is invisible`, async () => {
    const stream = streamText(call('cut-before-content', { prompt: 'hello' }));
    assert.equal(await stream.text, 'Hi there');
  });

  for (const route of ['cut-after-content', 'error-after-content']) {
    test(`${wire}: ${route} is an error in the stream`, async () => {
      const parts = [];
      for await (const part of streamText(call(route, { prompt: 'hello', onError: () => {} })).fullStream) parts.push(part);
      assert.ok(
        parts.some((part) => part.type === 'text-delta'),
        'no content came',
      );
      assert.ok(
        parts.some((part) => part.type === 'error'),
        JSON.stringify(parts.at(-1)),
      );
      assert.ok(!parts.some((part) => part.type === 'finish' && part.finishReason === 'stop'), 'it ended as if all were well');
    });
  }

  test(`${wire}: errors say their status and whether a retry helps`, async () => {
    for (const [model, status, retry] of [
      ['all-dead', 503, true],
      ['no-such-model', 404, false],
      ['bad', 400, false],
      ['rate', 429, true],
    ]) {
      const error = await generateText(call(model, { prompt: 'hello' })).then(
        () => assert.fail(`${model} was answered`),
        (one) => one,
      );
      assert.ok(APICallError.isInstance(error), `${model}: ${error}`);
      assert.deepEqual([error.statusCode, error.isRetryable], [status, retry], model);
    }
  });

  test(`${wire}: a stream that is left ends its upstream at once`, async () => {
    await gateway.control('forget', 'POST');
    const closed = gateway.control('closed?model=endless');
    const away = new AbortController();
    let pieces = 0;
    for await (const part of streamText(call('endless', { prompt: 'x', abortSignal: away.signal, onError: () => {} })).fullStream) {
      if (part.type === 'text-delta' && ++pieces === 3) away.abort();
    }
    assert.equal((await closed).model, 'endless');
  });
}

test('embeddings', async () => {
  const { embedding } = await embed({ model: providers.embedding, value: 'embed me', maxRetries: 0 });
  assert.deepEqual(embedding, [0.25, -0.5, 1]);
});
