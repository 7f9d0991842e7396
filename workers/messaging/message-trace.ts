import { type Context, context, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { Outcome } from './delivery.ts';

/** Spans of messages; nothing is recorded, and nothing is added to a message, unless the process records traces. */
const tracer = trace.getTracer('smarteats.messaging');

/** Names of OpenTelemetry's semantic conventions for messaging. */
function attributesOf(operation: 'send' | 'process', queue: string, messageId: string) {
  return {
    'messaging.system': 'rabbitmq',
    'messaging.operation.type': operation,
    'messaging.destination.name': queue,
    'messaging.message.id': messageId,
  };
}

/** The headers that carry the trace to whoever receives a message: W3C's `traceparent` and `tracestate`. */
export function traceHeaders(): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {};
  propagation.inject(context.active(), headers);
  return headers;
}

/**
 * Publishes a message as a part of the trace that it is published in.
 * @param carried headers of a message that is only passed on: it stays in its trace where there is no other
 */
export function traceSending<T>(
  queue: string,
  messageId: string,
  send: () => Promise<T>,
  carried: Readonly<Record<string, unknown>> = {},
): Promise<T> {
  const options = { kind: SpanKind.PRODUCER, attributes: attributesOf('send', queue, messageId) };
  const within = trace.getActiveSpan() === undefined ? carriedBy(carried) : context.active();
  return tracer.startActiveSpan(`send ${queue}`, options, within, async (span) => {
    try {
      return await send();
    } catch (error) {
      span.recordException(error instanceof Error ? error : String(error));
      span.setStatus({ code: SpanStatusCode.ERROR });
      throw error;
    } finally {
      span.end();
    }
  });
}

/** Handles a delivery as a part of the trace that its message carries. */
export function traceHandling(
  { queue, messageId, attempt, headers }: TracedDelivery,
  handle: () => Promise<Outcome>,
): Promise<Outcome> {
  const attributes = { ...attributesOf('process', queue, messageId), 'smarteats.message.attempt': attempt };
  const options = { kind: SpanKind.CONSUMER, attributes };
  return tracer.startActiveSpan(`process ${queue}`, options, carriedBy(headers), async (span) => {
    try {
      const outcome = await handle();
      span.setAttribute('smarteats.message.outcome', outcome.kind);
      if (outcome.kind !== 'done' && outcome.kind !== 'duplicate') {
        if (outcome.error instanceof Error) span.recordException(outcome.error);
        span.setStatus({ code: SpanStatusCode.ERROR });
      }
      return outcome;
    } finally {
      span.end();
    }
  });
}

interface TracedDelivery {
  readonly queue: string;
  readonly messageId: string;
  readonly attempt: number;
  readonly headers: Readonly<Record<string, unknown>>;
}

/** The context of a message, from headers that anybody may have written: what is no trace is left out. */
export function carriedBy(headers: Readonly<Record<string, unknown>>): Context {
  const strings = Object.entries(headers).filter(([, value]) => typeof value === 'string');
  return propagation.extract(context.active(), Object.fromEntries(strings));
}
