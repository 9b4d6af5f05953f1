// A real OTLP receiver (@elastic/mockotlpserver) on loopback. Prints its origin as one line of JSON, then every span that it got, one a line, with attributes
// as an object; ends when its standard input ends.
//
// Of JSON the receiver only asks that it is JSON. So each request is held against its protobuf definitions too: unknown members and wrong types are printed
// as a line with "problem", and spans are shown as they come out of protobuf's own encoding.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { MockOtlpServer, normalizeTrace } = require('@elastic/mockotlpserver');
const { getProtoRoot } = require('@elastic/mockotlpserver/lib/proto');

const request_type = getProtoRoot().lookupType('opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest');
const print = (what) => process.stdout.write(JSON.stringify(what) + '\n');

// What of `value` the message `type` does not have. The JSON mapping of OTLP: ids in hex, 64-bit integers as strings, enums as numbers.
function problems(type, value, path) {
  return Object.entries(value).flatMap(([name, member]) => {
    const field = type.fields[name];
    if (!field) return [`${path}: no member ${name} in ${type.name}`];
    if (field.repeated !== Array.isArray(member)) return [`${path}.${name}: ${field.repeated ? 'a list' : 'one value'} is wanted`];
    return (field.repeated ? member : [member]).flatMap((one) => problems_of_one(field.resolve(), one, `${path}.${name}`));
  });
}

function problems_of_one(field, value, path) {
  const wrong = (wanted) => [`${path}: ${JSON.stringify(value)} is not ${wanted}`];
  if (field.resolvedType?.fields) return problems(field.resolvedType, value, path);
  if (field.resolvedType) return Number.isInteger(value) && field.resolvedType.valuesById[value] !== undefined ? [] : wrong(`a number of ${field.resolvedType.name}`);
  if (field.type === 'bytes') return /^([0-9a-f]{16}|[0-9a-f]{32})$/.test(value) ? [] : wrong('an id in hex');
  if (/64$/.test(field.type)) return /^-?[0-9]+$/.test(value) && typeof value === 'string' ? [] : wrong('an integer in a string');
  if (/32$/.test(field.type)) return Number.isInteger(value) ? [] : wrong('an integer');
  return typeof value === { string: 'string', bool: 'boolean', double: 'number' }[field.type] ? [] : wrong(`a ${field.type}`);
}

// Through protobuf, which wants ids as bytes.
function decoded(trace) {
  const bytes = JSON.parse(JSON.stringify(trace), (name, value) => (/^(traceId|spanId|parentSpanId)$/.test(name) ? Buffer.from(value, 'hex') : value));
  return request_type.decode(request_type.encode(request_type.fromObject(bytes)).finish());
}

function show(trace) {
  for (const problem of problems(request_type, trace, 'request')) print({ problem });
  for (const { resource, scopeSpans } of normalizeTrace(decoded(trace)).resourceSpans) {
    for (const { scope, spans } of scopeSpans) {
      for (const span of spans) print({ ...span, resource: resource.attributes, scope });
    }
  }
}

const server = new MockOtlpServer({ logLevel: 'fatal', services: ['http'], httpHostname: '127.0.0.1', httpPort: 0, onTrace: show });
await server.start();
print({ origin: server.httpUrl.origin });
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
