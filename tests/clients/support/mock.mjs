// aimock, the independent upstream, with what the tests ask it.
import { LLMock } from '@copilotkit/aimock';

const weather = { toolCalls: [{ name: 'get_weather', arguments: '{"location":"Oslo"}', id: 'call_weather' }] };
const both = {
  toolCalls: [
    { name: 'get_weather', arguments: '{"location":"Oslo"}', id: 'call_oslo' },
    { name: 'get_weather', arguments: '{"location":"Rome"}', id: 'call_rome' },
  ],
};
const usage = { prompt_tokens: 21, completion_tokens: 9, total_tokens: 30 };

const fixtures = [
  { match: { userMessage: 'weather in Oslo', hasToolResult: true }, response: { content: 'It is 7 degrees in Oslo.', usage } },
  { match: { userMessage: 'weather in Oslo' }, response: weather },
  { match: { userMessage: 'two cities', hasToolResult: true }, response: { content: 'Rome is warmer.', usage } },
  { match: { userMessage: 'two cities' }, response: both },
  { match: { userMessage: 'as JSON' }, response: { content: '{"city":"Oslo","degrees":7}', usage } },
  { match: { userMessage: 'think' }, response: { content: 'The answer is 42.', reasoning: 'Six times seven.', usage } },
  { match: { userMessage: 'count' }, response: { content: 'one two three four five six seven eight nine ten', usage }, chunkSize: 5, latency: 5 },
  { match: { userMessage: 'be cut' }, response: { content: 'one two three four five six', usage, finishReason: 'length' } },
  { match: { userMessage: 'æøå 中文 🙂' }, response: { content: 'blåbær 中文 🙂 "quoted" \\ \u2028', usage } },
  { match: { userMessage: 'hello' }, response: { content: 'Hi there', usage } },
  { match: { inputText: 'embed me', endpoint: 'embedding' }, response: { embedding: [0.25, -0.5, 1] } },
];

/** The only key it takes: what the gateway has for it, never a client's own. */
export const mockKey = 'mock-key-e41d0c5577a9';

export async function startMock() {
  const mock = new LLMock({ port: 0, logLevel: 'silent', auth: { apiKeys: [mockKey] } });
  mock.addFixturesFromJSON(fixtures);
  await mock.start();
  return { origin: mock.url, requests: () => mock.getRequests(), forget: () => mock.clearRequests(), close: () => mock.stop() };
}
