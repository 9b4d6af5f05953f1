// A fetch that checks every reply of the gateway against the official SDKs' types while it goes by, and changes nothing of it.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import Ajv from 'ajv';

const folder = new URL('../node_modules/.schemas/', import.meta.url);
const schemas = new Map(),
  validators = new Map();

function schemaOf(type) {
  if (!schemas.has(type)) {
    const schema = JSON.parse(readFileSync(new URL(`${type}.json`, folder), 'utf8'));
    if (lenient.has(type)) allowMissingNulls(schema, schema.definitions);
    schemas.set(type, schema);
  }
  return schemas.get(type);
}

const nameIn = (ref) => decodeURIComponent(ref.replace('#/definitions/', ''));

/** The validator of a type; of an event, the one of its own member of the union, so that what is wrong can be told. */
function validatorOf(type, value) {
  const { definitions } = schemaOf(type);
  let name = type;
  while (definitions[name].$ref) name = nameIn(definitions[name].$ref);
  const own = definitions[name].anyOf?.find((one) => one.$ref && definitions[nameIn(one.$ref)].properties?.type?.const === value.type);
  if (own) name = nameIn(own.$ref);
  const key = `${type} ${name}`;
  if (!validators.has(key))
    validators.set(key, new Ajv({ strict: false, validateFormats: false }).compile({ $ref: `#/definitions/${name}`, definitions }));
  return validators.get(key);
}

// Anthropic's types ask for every member that its newest server sends; real servers leave out those that are null (older ones, and compatible ones).
const lenient = new Set(['MessagesReply', 'MessagesEvent', 'AnthropicModelReply', 'AnthropicModelsReply', 'AnthropicFailure']);

function nullable(schema, definitions) {
  if (schema?.$ref) return nullable(definitions[decodeURIComponent(schema.$ref.replace('#/definitions/', ''))], definitions);
  const types = [schema?.type].flat();
  return types.includes('null') || schema?.const === null || (schema?.anyOf ?? []).some((one) => nullable(one, definitions));
}

function allowMissingNulls(schema, definitions) {
  if (Array.isArray(schema)) return schema.forEach((one) => allowMissingNulls(one, definitions));
  if (schema === null || typeof schema !== 'object') return;
  if (Array.isArray(schema.required) && schema.properties) {
    schema.required = schema.required.filter((name) => !nullable(schema.properties[name], definitions));
    if (schema.required.length === 0) delete schema.required;
  }
  Object.values(schema).forEach((one) => allowMissingNulls(one, definitions));
}

/** The type of a reply to a request for `path`; `event` is the type of each event of a stream. */
function expected(path, anthropic) {
  if (path.endsWith('/chat/completions')) return { reply: 'ChatReply', event: 'ChatEvent', failure: 'OpenAIFailure' };
  if (path.endsWith('/responses')) return { reply: 'ResponsesReply', event: 'ResponsesEvent', failure: 'OpenAIFailure' };
  if (path.endsWith('/embeddings')) return { reply: 'EmbeddingsReply', failure: 'OpenAIFailure' };
  if (path.endsWith('/messages')) return { reply: 'MessagesReply', event: 'MessagesEvent', failure: 'AnthropicFailure' };
  if (path.endsWith('/count_tokens')) return { reply: 'CountReply', failure: 'AnthropicFailure' };
  if (anthropic) return { reply: path.endsWith('/models') ? 'AnthropicModelsReply' : 'AnthropicModelReply', failure: 'AnthropicFailure' };
  return { reply: path.endsWith('/models') ? 'ModelsReply' : 'ModelReply', failure: 'OpenAIFailure' };
}

export class Shapes {
  problems = [];
  checked = new Map(); // type -> how many

  check(type, value, where) {
    this.checked.set(type, (this.checked.get(type) ?? 0) + 1);
    const valid = validatorOf(type, value);
    if (!valid(value)) this.problems.push(`${where}: no ${type}: ${deepest(valid.errors)}: ${JSON.stringify(value).slice(0, 600)}`);
  }

  /** For `fetch` options of SDKs. */
  get fetch() {
    return async (input, init) => {
      const reply = await fetch(input, init);
      const url = new URL(typeof input === 'string' ? input : (input.url ?? String(input)));
      const types = expected(url.pathname, new Headers(init?.headers).has('anthropic-version'));
      this.seen = { status: reply.status, headers: reply.headers };
      return new Response(reply.body?.pipeThrough(this.#tap(reply, types, url.pathname)) ?? null, {
        status: reply.status,
        statusText: reply.statusText,
        headers: reply.headers,
      });
    };
  }

  #tap(reply, types, path) {
    const decoder = new TextDecoder('utf-8', { fatal: true });
    let text = '';
    const stream = (reply.headers.get('content-type') ?? '').startsWith('text/event-stream');
    return new TransformStream({
      transform: (piece, to) => {
        text += decoder.decode(piece, { stream: true });
        if (stream) text = this.#events(text, types, path);
        to.enqueue(piece);
      },
      flush: () => {
        if (stream) return text.trim() === '' ? undefined : void this.problems.push(`${path}: the stream ends inside an event: ${text}`);
        this.check(reply.ok ? types.reply : types.failure, JSON.parse(text), `${path} ${reply.status}`);
      },
    });
  }

  /** Checks whole events at the beginning of `text`; returns what is left. */
  #events(text, types, path) {
    const events = text.split('\n\n');
    const rest = events.pop();
    for (const event of events) {
      const data = /^data: ?(.*)$/m.exec(event)?.[1];
      if (data === undefined || data === '[DONE]') continue;
      const value = JSON.parse(data);
      const named = /^event: ?(.*)$/m.exec(event)?.[1];
      if (named !== undefined && named !== value.type) this.problems.push(`${path}: the event is called ${named}, its type is ${value.type}`);
      const failure = value.error !== undefined && value.type !== 'response.failed' && types.event !== 'ResponsesEvent';
      this.check(failure ? types.failure : types.event, value, `${path} ${named ?? 'event'}`);
    }
    return rest;
  }

  /** Every reply so far had its type, and there were replies of these types. */
  holds(...types) {
    assert.deepEqual(this.problems, []);
    for (const type of types) assert.ok(this.checked.get(type) > 0, `no ${type} was seen; seen were ${[...this.checked.keys()]}`);
  }
}

/** Of a union's many errors the one deepest in the document tells most. */
function deepest(errors) {
  const found = errors.reduce((best, one) => (one.instancePath.length >= best.instancePath.length ? one : best));
  return `${found.instancePath || '/'} ${found.message} ${JSON.stringify(found.params)}`;
}
