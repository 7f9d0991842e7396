import { deflateSync, gzipSync } from 'node:zlib';
import type { Options } from 'amqplib';
import { parseTaskJson } from '../../../workers/celery/protocol/json.ts';
import type { Random } from '../../harness/random.ts';
import { anyArguments, anySignature, anyTaskName } from './signatures.ts';
import { anyTableValue, anyText, anyTime, anyValue, asTable, encodeJson } from './values.ts';

/** A message as it is published, and how the broker is to know it again. */
export interface FuzzMessage {
  /** Also its AMQP property `message-id`, which Celery does not look at. */
  readonly name: string;
  /** The id under which its caller would wait, if there is one. */
  readonly id: string | undefined;
  /** Whether the id can be read though the body cannot. */
  readonly isIdInHeaders: boolean;
  readonly content: Buffer;
  readonly properties: Options.Publish & { readonly headers: Readonly<Record<string, unknown>> };
}

/** A message on its way to being damaged. */
interface Draft {
  readonly properties: Record<string, unknown>;
  headers: Record<string, unknown>;
  /** What becomes the body, unless bytes take its place. */
  body: unknown;
  bytes: Buffer | undefined;
}

/** The message of this number: a good call, or one that is damaged in up to four ways. */
export function fuzzMessage(random: Random, number: number): FuzzMessage {
  const name = `fuzz-${number}`;
  const draft = random.chance(0.9) ? callOfTwo(random, name) : callOfOne(random, name);
  const damages = random.pick([0, 1, 1, 1, 2, 2, 3, 4]);
  for (let count = 0; count < damages; count += 1) random.pick(damagesOf)(draft, random);
  const content = draft.bytes ?? encodeJson(draft.body);
  const headers = Object.fromEntries(
    Object.entries(draft.headers).map(([key, value]) => [key, asTable(value)]),
  );
  const properties = { ...draft.properties, messageId: name, headers };
  const inHeaders = textOf(headers['id']);
  // The older protocol has it in its body, which may be compressed.
  const id = headers['task'] === undefined ? (idInBody(content) ?? inHeaders ?? name) : inHeaders;
  return { name, id, isIdInHeaders: inHeaders !== undefined && id === inHeaders, content, properties };
}

function idInBody(content: Buffer): string | undefined {
  try {
    return textOf(Reflect.get(Object(parseTaskJson(new TextDecoder().decode(content))), 'id'));
  } catch {
    return undefined;
  }
}

/** A text as it arrives: what is no Unicode is replaced. */
function textOf(value: unknown): string | undefined {
  const isText = typeof value === 'string' || Buffer.isBuffer(value);
  return isText && value.length > 0 ? Buffer.from(value).toString() : undefined;
}

function callOfTwo(random: Random, id: string): Draft {
  const one = () => anySignature(random);
  const embed = {
    callbacks: random.chance(0.1) ? random.some(2, one) : null,
    errbacks: random.chance(0.1) ? random.some(2, one) : null,
    chain: random.chance(0.1) ? random.some(3, one) : null,
    chord: random.chance(0.1) ? one() : null,
  };
  return {
    properties: usualProperties(id),
    headers: { lang: 'py', task: anyTaskName(random), id, retries: 0, root_id: id, group: null },
    body: [anyArguments(random), random.chance(0.2) ? { x: 1, y: 2 } : {}, embed],
    bytes: undefined,
  };
}

function callOfOne(random: Random, id: string): Draft {
  const body = {
    task: anyTaskName(random),
    id,
    args: anyArguments(random),
    kwargs: {},
    retries: 0,
    utc: true,
  };
  return { properties: usualProperties(id), headers: {}, body, bytes: undefined };
}

function usualProperties(correlationId: string): Record<string, unknown> {
  return { contentType: 'application/json', contentEncoding: 'utf-8', deliveryMode: 2, correlationId };
}

const headerNames = [
  'lang task id shadow eta expires group group_index retries timelimit root_id parent_id argsrepr kwargsrepr',
  'origin ignore_result replaced_task_nesting stamped_headers stamps compression my-header __proto__',
].flatMap((line) => line.split(' '));

const contentTypes = [
  'application/x-python-serialize',
  'application/json; charset=utf-8',
  'application/jsonp',
  'application/data',
  'text/plain',
  '',
  undefined,
];

/** The ways in which a message is damaged; some of them leave it a good one. */
const damagesOf: readonly ((draft: Draft, random: Random) => void)[] = [
  (draft, random) => {
    draft.headers[random.pick(headerNames)] = anyTableValue(random);
  },
  (draft, random) => {
    delete draft.headers[random.pick(headerNames)];
  },
  (draft, random) => {
    draft.headers[random.pick(['eta', 'expires'])] = anyTime(random);
  },
  (draft, random) => {
    draft.headers['timelimit'] = random.pick([[0, 0], [5, 1], [-1, null], [1e300, 1e300], ['1', '2'], 3, []]);
  },
  (draft, random) => {
    draft.headers['compression'] = random.pick([
      'application/x-gzip',
      'application/x-bz2',
      'zlib',
      '',
      'gzip',
    ]);
    if (random.chance(0.7))
      draft.bytes = (random.chance(0.5) ? gzipSync : deflateSync)(encodeJson(draft.body));
  },
  (draft, random) => {
    draft.properties['contentType'] = random.pick(contentTypes);
  },
  (draft, random) => {
    draft.properties[random.pick(['contentEncoding', 'correlationId', 'replyTo', 'type', 'appId'])] =
      random.pick(['', 'utf-16', 'binary', 'x'.repeat(200)]);
  },
  (draft, random) => {
    draft.properties['priority'] = random.below(256);
  },
  (draft, random) => {
    draft.bytes = damaged(draft.bytes ?? encodeJson(draft.body), random);
  },
  (draft, random) => {
    draft.body = anyValue(random);
  },
  (draft, random) => {
    if (Array.isArray(draft.body)) draft.body[random.below(4)] = anyValue(random);
  },
  (draft, random) => {
    if (Array.isArray(draft.body)) draft.body.length = random.below(3);
  },
  (draft) => {
    if (Array.isArray(draft.body)) draft.body = Object.fromEntries(Object.entries(draft.body));
  },
  ({ body, ...draft }, random) => {
    const embed: unknown = Array.isArray(body) ? body[2] : body;
    const target = typeof embed === 'object' && embed !== null ? embed : draft.headers;
    const part = random.pick([
      'callbacks',
      'errbacks',
      'chain',
      'chord',
      'task',
      'args',
      'kwargs',
      'taskset',
    ]);
    Object.assign(target, { [part]: random.chance(0.5) ? anySignature(random) : anyValue(random) });
  },
  (draft, random) => {
    Object.assign(draft.headers, { group: anyText(random), group_index: random.below(3) });
    if (Array.isArray(draft.body)) draft.body[2] = { chord: anySignature(random) };
  },
];

/** Bytes that were cut, turned round, repeated or made up. */
function damaged(bytes: Buffer, random: Random): Buffer {
  const place = random.below(bytes.length + 1);
  switch (random.below(8)) {
    case 0:
      return bytes.subarray(0, place);
    case 1:
      return Buffer.concat([
        bytes.subarray(0, place),
        Buffer.from([random.below(256)]),
        bytes.subarray(place),
      ]);
    case 2: {
      const copy = Buffer.from(bytes);
      for (let count = 0; count < 3 && copy.length > 0; count += 1)
        copy[random.below(copy.length)] = random.below(256);
      return copy;
    }
    case 3:
      return Buffer.concat([bytes, bytes]);
    case 4:
      return Buffer.concat([Buffer.from('\ufeff'), bytes]);
    case 5:
      return Buffer.from(Array.from({ length: random.below(200) }, () => random.below(256)));
    case 6: {
      const levels = random.pick([10, 1_000, 20_000]);
      return Buffer.from(`[${'['.repeat(levels)}${random.chance(0.8) ? ']'.repeat(levels) : ''},{},null]`);
    }
    default:
      return Buffer.alloc(0);
  }
}
