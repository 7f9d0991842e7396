import { PassThrough } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';

/** One event of a stream. */
export interface StreamedEvent {
  /** What the client sends back as Last-Event-ID when it connects again. */
  readonly id?: string;
  readonly data: unknown;
}

/** The sending side of a server-sent event stream (WHATWG HTML, "Server-sent events"). */
export interface EventStream {
  send(event: StreamedEvent): void;
  /** Ends the stream once all that was sent has been read. */
  end(): void;
}

const heartbeatMs = 15_000;

/** How long a client waits before it connects again, in milliseconds. */
const reconnectDelayMs = 2_000;

/** A reader this many bytes behind is let go; it connects again and catches up. */
const maxBufferedBytes = 1024 * 1024;

/**
 * Answers a request with a stream of events. The stream ends when the client leaves, when the source ends it, or
 * when the service stops; a comment every 15 s keeps proxies from closing it.
 *
 * @param stopping aborted when the service stops
 * @param source begins to send and returns what is to be released once the stream is over; a rejection is
 *   answered like that of any other route
 */
export async function streamEvents(
  reply: FastifyReply,
  stopping: AbortSignal,
  source: (stream: EventStream) => Promise<() => void | Promise<void>>,
): Promise<FastifyReply> {
  const body = new PassThrough();
  const write = (text: string) => {
    if (body.destroyed || body.writableEnded) return;
    if (body.writableLength > maxBufferedBytes) body.destroy();
    else body.write(text);
  };
  const end = () => {
    if (!body.writableEnded) body.end();
  };
  write(`retry: ${reconnectDelayMs}\n\n`);
  const release = await source({
    send: ({ id, data }) =>
      write(`${id === undefined ? '' : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`),
    end,
  });
  const heartbeat = setInterval(() => write(': still here\n\n'), heartbeatMs);
  stopping.addEventListener('abort', end, { once: true });
  body.once('close', () => {
    clearInterval(heartbeat);
    stopping.removeEventListener('abort', end);
    Promise.resolve(release()).catch((error: unknown) => {
      reply.log.warn({ err: error }, 'the source of an event stream could not be released');
    });
  });
  if (stopping.aborted) end();
  // The client may have left while the source began; nobody would then close the stream.
  if (reply.raw.destroyed) body.destroy();
  return reply
    .headers({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      // Asks nginx not to hold events back.
      'x-accel-buffering': 'no',
    })
    .send(body);
}

/** The response schema of a route that streams events. */
export function eventStreamResponse(description: string) {
  return { description, content: { 'text/event-stream': { schema: z.string() } } };
}
