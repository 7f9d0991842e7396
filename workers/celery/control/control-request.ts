import type { ConsumeMessage } from 'amqplib';
import { isMapping, textOf } from '../protocol/fields.ts';
import { parseTaskJson } from '../protocol/json.ts';
import type { Kwargs, TaskValue } from '../protocol/value.ts';
import { matchesNodePattern } from './node-pattern.ts';

/** What somebody wants of the workers (kombu/pidbox.py, `Mailbox._publish`). */
export interface ControlRequest {
  readonly method: string;
  readonly args: Kwargs;
  /** Whether it is meant for a node of this name. @throws SyntaxError for a pattern that is none */
  readonly isFor: (nodeName: string) => boolean;
  /** Undefined where nobody waits for an answer. */
  readonly replyTo: ReplyAddress | undefined;
  /** The sender's logical time; may be anything. */
  readonly clock: unknown;
}

/** Where an answer goes. */
export interface ReplyAddress {
  readonly exchange: string;
  readonly routingKey: string;
  /** By which the sender knows which of its requests the answer is for. */
  readonly ticket: string | undefined;
}

/** Names of exchanges and routing keys are short strings of AMQP, and a ticket is as long as an id. In bytes. */
const longestName = 255;

/** A message that is no request. */
export class MalformedControl extends Error {}

/**
 * Reads a message of remote control.
 * @throws MalformedControl
 */
export function parseControlRequest(message: Pick<ConsumeMessage, 'content' | 'properties'>): ControlRequest {
  const { contentType, headers } = message.properties;
  if (contentType !== 'application/json') {
    throw new MalformedControl(`its content type is ${JSON.stringify(contentType)}, not application/json`);
  }
  const body = parsed(message.content);
  if (!isMapping(body)) throw new MalformedControl('it is no object');
  const { method, arguments: args, destination, pattern, matcher } = body;
  if (typeof method !== 'string') throw new MalformedControl('it names no method');
  if (args !== undefined && args !== null && !isMapping(args)) {
    throw new MalformedControl('its arguments are no object');
  }
  return {
    method,
    args: args ?? {},
    isFor: (nodeName) => {
      const nodes = namesOf(destination);
      if (nodes.length > 0) return nodes.includes(nodeName);
      const [text, kind] = [textOf(pattern), textOf(matcher)];
      return text === undefined || kind === undefined || matchesNodePattern(nodeName, text, kind);
    },
    replyTo: addressOf(body['reply_to'], body['ticket']),
    clock: headers?.['clock'],
  };
}

function parsed(content: Buffer): TaskValue {
  try {
    return parseTaskJson(content.toString('utf8'));
  } catch {
    throw new MalformedControl('it is not JSON');
  }
}

/** One name may stand for a list of one. @throws MalformedControl */
function namesOf(destination: TaskValue | undefined): readonly TaskValue[] {
  if (destination === undefined || destination === null) return [];
  if (typeof destination === 'string') return [destination];
  if (Array.isArray(destination)) return destination;
  throw new MalformedControl('its destination is no list of nodes');
}

function addressOf(replyTo: TaskValue | undefined, ticket: TaskValue | undefined): ReplyAddress | undefined {
  if (replyTo === undefined || replyTo === null) return undefined;
  const { exchange, routing_key: routingKey } = isMapping(replyTo) ? replyTo : {};
  if (typeof exchange !== 'string' || typeof routingKey !== 'string') {
    throw new MalformedControl('it does not say where to reply to');
  }
  const address = { exchange, routingKey, ticket: textOf(ticket) };
  if (Object.values(address).some((part) => Buffer.byteLength(part ?? '') > longestName)) {
    throw new MalformedControl('its address for replies is too long');
  }
  return address;
}
