import { exceptionDocument, invalidTask } from './exception.ts';
import {
  FieldError,
  fieldValue,
  isList,
  isMapping,
  numberOf,
  signatureOf,
  signaturesOf,
  textOf,
  timeOf,
} from './fields.ts';
import { MalformedTask, type MalformedTaskSender } from './malformed-task.ts';
import { BodyError, readBody } from './message-body.ts';
import { pythonRepr } from './python-repr.ts';
import type { DeliveryInfo, TaskRequest } from './task-request.ts';
import type { Kwargs, TaskValue } from './value.ts';

/** Headers of the protocol; what lies beside them is the caller's own. */
const protocolHeaders = new Set(
  (
    'lang task id shadow eta expires group group_index retries timelimit root_id parent_id argsrepr kwargsrepr ' +
    'origin ignore_result replaced_task_nesting stamped_headers stamps compression'
  ).split(' '),
);

/** What is read of a message; amqplib's deliveries have it. */
export interface TaskDeliveryMessage {
  readonly content: Buffer;
  readonly properties: {
    readonly contentType?: unknown;
    readonly headers?: unknown;
    readonly priority?: unknown;
    readonly replyTo?: unknown;
    readonly correlationId?: unknown;
  };
  readonly fields: {
    readonly exchange: string;
    readonly routingKey: string;
    readonly redelivered: boolean;
  };
}

/** The parts of a call, wherever its protocol keeps them. */
interface CallParts {
  readonly fields: Kwargs;
  readonly args: TaskValue | undefined;
  readonly kwargs: TaskValue | undefined;
  readonly embed: Kwargs;
}

/**
 * Reads a task message of protocol 2, or 1 where it has no header `task` (Celery documentation, "Message Protocol").
 * @param queue the one it was consumed from
 * @throws MalformedTask
 */
export function decodeTask(message: TaskDeliveryMessage, queue: string): TaskRequest {
  const table = fieldValue(message.properties.headers);
  const headers = isMapping(table) ? table : {};
  const known = { ...senderOf(headers, {}) };
  let parts: CallParts | undefined;
  try {
    const contentType = String(message.properties.contentType ?? '');
    const body = readBody(message.content, contentType, textOf(headers['compression']));
    const protocol = headers['task'] === undefined ? 1 : 2;
    parts = protocol === 2 ? partsOfTwo(headers, body) : partsOfOne(body);
    return requestOf(protocol, parts, headers, message, deliveryOf(message, queue));
  } catch (error) {
    const sender = parts === undefined ? known : senderOf(parts.fields, parts.embed);
    if (error instanceof BodyError)
      throw new MalformedTask(error.message, exceptionDocument(error.error), sender);
    // Anything else that goes wrong is of the message too, such as a nesting that is deeper than the stack.
    const reason = error instanceof Error ? error.message : String(error);
    throw new MalformedTask(reason, exceptionDocument(invalidTask(reason)), sender);
  }
}

function partsOfTwo(headers: Kwargs, body: TaskValue): CallParts {
  if (!isList(body) || body.length !== 3)
    throw new FieldError('the body is no list of args, kwargs and embed');
  const [args, kwargs, embed] = body;
  return { fields: headers, args, kwargs, embed: isMapping(embed) ? embed : {} };
}

/** Protocol 1 has everything in its body, and calls a group a taskset. */
function partsOfOne(body: TaskValue): CallParts {
  if (!isMapping(body) || typeof body['task'] !== 'string') throw new FieldError('the message names no task');
  const fields = { ...body, group: body['taskset'] ?? body['group'] ?? null };
  return { fields, args: body['args'] ?? [], kwargs: body['kwargs'] ?? {}, embed: body };
}

function requestOf(
  protocol: 1 | 2,
  { fields, args, kwargs, embed }: CallParts,
  headers: Kwargs,
  { properties }: TaskDeliveryMessage,
  delivery: DeliveryInfo,
): TaskRequest {
  const { id, task } = fields;
  if (typeof task !== 'string' || task === '') throw new FieldError('task is no name');
  if (typeof id !== 'string' || id === '') throw new FieldError('the message has no id');
  if (!isList(args)) throw new FieldError('args is no list');
  if (!isMapping(kwargs)) throw new FieldError('kwargs is no mapping');
  const limits = isList(fields['timelimit']) ? fields['timelimit'] : [];
  const stamped = isList(fields['stamped_headers'])
    ? fields['stamped_headers'].flatMap((each) => textOf(each) ?? [])
    : undefined;
  const stamps = isMapping(fields['stamps']) ? fields['stamps'] : {};
  return {
    protocol,
    id,
    task,
    args,
    kwargs,
    callbacks: signaturesOf('callbacks', embed['callbacks']),
    errbacks: signaturesOf('errbacks', embed['errbacks']),
    chain: signaturesOf('chain', embed['chain']),
    chord: signaturesOf('chord', embed['chord'])[0],
    shadow: textOf(fields['shadow']),
    eta: timeOf('eta', fields['eta']),
    etaText: etaTextOf(fields['eta']),
    expires: timeOf('expires', fields['expires']),
    group: textOf(fields['group']),
    groupIndex: numberOf(fields['group_index']),
    retries: Math.max(0, Math.trunc(numberOf(fields['retries']) ?? 0)),
    timeLimit: { hard: numberOf(limits[0]), soft: numberOf(limits[1]) },
    rootId: textOf(fields['root_id']) ?? id,
    parentId: textOf(fields['parent_id']),
    argsRepr: textOf(fields['argsrepr']) ?? pythonRepr(args),
    kwargsRepr: textOf(fields['kwargsrepr']) ?? pythonRepr(kwargs),
    origin: textOf(fields['origin']),
    ignoreResult: typeof fields['ignore_result'] === 'boolean' ? fields['ignore_result'] : undefined,
    replacedTaskNesting: numberOf(fields['replaced_task_nesting']) ?? 0,
    stampedHeaders: stamped,
    stamps,
    headers: protocol === 2 ? ownHeaders(headers, stamps) : undefined,
    replyTo: textOf(fieldValue(properties.replyTo)),
    correlationId: textOf(fieldValue(properties.correlationId)),
    properties: propertiesOf(properties),
    delivery,
  };
}

/** Headers of the caller's own: without the protocol's, the stamps, and what brokers add (`x-death` …). */
function ownHeaders(headers: Kwargs, stamps: Kwargs): Kwargs | undefined {
  const own = Object.entries(headers).filter(
    ([name]) =>
      !protocolHeaders.has(name) &&
      !Object.hasOwn(stamps, name) &&
      !/^x-(death|first-death|last-death|delivery|acquired)/.test(name),
  );
  return own.length === 0 ? undefined : Object.fromEntries(own);
}

/** A time in UTC as Python writes it; any other form is written anew. */
function etaTextOf(value: TaskValue | undefined): string | undefined {
  const text = textOf(value);
  return text === undefined || /T.*\+00:00$/.test(text)
    ? text
    : timeOf('eta', text)?.toISOString().replace(/Z$/, '+00:00');
}

function propertiesOf({ headers: _, ...properties }: TaskDeliveryMessage['properties']): Kwargs {
  return Object.fromEntries(
    Object.entries(properties)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [
        name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
        fieldValue(value),
      ]),
  );
}

/** Who waits for a message, as far as it can be read. */
function senderOf(fields: Kwargs, embed: Kwargs): MalformedTaskSender {
  return {
    id: textOf(fields['id']),
    task: textOf(fields['task']),
    group: textOf(fields['group']),
    groupIndex: numberOf(fields['group_index']),
    chord: signatureOf(embed['chord']),
  };
}

function deliveryOf({ fields, properties }: TaskDeliveryMessage, queue: string): DeliveryInfo {
  return {
    exchange: fields.exchange,
    routingKey: fields.routingKey,
    queue,
    priority: numberOf(fieldValue(properties.priority)) ?? 0,
    redelivered: fields.redelivered,
  };
}
