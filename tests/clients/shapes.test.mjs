// That the check of replies against the SDKs' types finds what is wrong: a check that accepts everything would prove nothing.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Shapes } from './support/shapes.mjs';

const chat = {
  id: 'c',
  object: 'chat.completion',
  created: 1,
  model: 'm',
  choices: [{ index: 0, message: { role: 'assistant', content: 'x', refusal: null }, logprobs: null, finish_reason: 'stop' }],
};
const chunk = {
  id: 'c',
  object: 'chat.completion.chunk',
  created: 1,
  model: 'm',
  choices: [{ index: 0, delta: { content: 'x' }, finish_reason: null }],
};
const delta = { type: 'response.output_text.delta', item_id: 'm', output_index: 0, content_index: 0, delta: 'x', logprobs: [], sequence_number: 4 };
const message = {
  id: 'm',
  type: 'message',
  role: 'assistant',
  model: 'm',
  content: [{ type: 'text', text: 'x' }],
  stop_reason: 'end_turn',
  usage: { input_tokens: 1, output_tokens: 1 },
};

function problem(type, value) {
  const shapes = new Shapes();
  shapes.check(type, value, 'here');
  return shapes.problems[0] ?? null;
}

test('replies as they should be pass, also with members that the types do not know', () => {
  for (const [type, value] of [
    ['ChatReply', chat],
    ['ChatEvent', chunk],
    ['ResponsesEvent', delta],
    ['MessagesReply', message],
  ]) {
    assert.equal(problem(type, value), null);
    assert.equal(problem(type, { ...value, more: 1 }), null);
  }
});

test('what is missing, of another kind or no word of a list is found, and named', () => {
  const without = ({ [Object.keys(chat)[0]]: _, ...rest }) => rest;
  assert.match(problem('ChatReply', without(chat)), /id/);
  assert.match(problem('ChatReply', { ...chat, created: '1' }), /created/);
  assert.match(problem('ChatReply', { ...chat, choices: [{ ...chat.choices[0], finish_reason: 'finished' }] }), /finish_reason/);
  assert.match(problem('ChatEvent', { ...chunk, choices: [{ ...chunk.choices[0], delta: { content: 7 } }] }), /content/);
  assert.match(problem('ResponsesEvent', { ...delta, sequence_number: undefined }), /sequence_number/);
  assert.ok(problem('ResponsesEvent', { ...delta, type: 'response.output_text.detla' }));
  assert.match(problem('MessagesReply', { ...message, stop_reason: 'stop' }), /stop_reason/);
  assert.match(problem('MessagesReply', { ...message, usage: { input_tokens: 1 } }), /output_tokens/);
  assert.match(problem('OpenAIFailure', { error: { message: 'x', type: 'y', code: 'z' } }), /param/);
});

test('a stream is read event by event, however it is cut', async () => {
  const text = `event: response.output_text.delta\ndata: ${JSON.stringify(delta)}\n\ndata: ${JSON.stringify({ ...delta, delta: 7 })}\n\n: comment\n\ndata: [DONE]\n\n`;
  const pieces = [...new TextEncoder().encode(text)].map((byte) => Uint8Array.of(byte));
  const shapes = new Shapes(),
    before = globalThis.fetch;
  globalThis.fetch = async () =>
    new Response(
      new ReadableStream({
        start: (to) => {
          pieces.forEach((piece) => to.enqueue(piece));
          to.close();
        },
      }),
      { headers: { 'content-type': 'text/event-stream' } },
    );
  try {
    assert.equal(await (await shapes.fetch('http://localhost/v1/responses', {})).text(), text);
  } finally {
    globalThis.fetch = before;
  }
  assert.equal(shapes.checked.get('ResponsesEvent'), 2);
  assert.match(shapes.problems.join(), /delta/);
  assert.throws(() => shapes.holds('ResponsesEvent'));
});
