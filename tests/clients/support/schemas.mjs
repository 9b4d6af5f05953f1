// Writes one JSON Schema per type of types.ts into the folder named: `node support/schemas.mjs FOLDER`.
// tests/clients/install runs it once per lock file.
import { mkdirSync, writeFileSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createGenerator } from 'ts-json-schema-generator';

const source = fileURLToPath(new URL('types.ts', import.meta.url));
const folder = process.argv[2];
mkdirSync(folder, { recursive: true });

/** A Response's `output_text` is put together by the SDK: no server sends it. */
function asSent(key, value) {
  return key === 'required' && Array.isArray(value) ? value.filter((name) => name !== 'output_text') : value;
}

// Replies may have more members than the types tell: the APIs grow, and so do upstreams.
const generator = createGenerator({ path: source, type: '*', skipTypeCheck: true, additionalProperties: true, topRef: true, expose: 'all' });
for (const [, name] of readFileSync(source, 'utf8').matchAll(/^export type (\w+)/gm)) {
  writeFileSync(`${folder}/${name}.json`, JSON.stringify(generator.createSchema(name), asSent));
}
