import { setTimeout as delay } from 'node:timers/promises';
import { EventSourceParserStream } from 'eventsource-parser/stream';
import type { z } from 'zod';
import type { ApiClient } from './api-client.ts';

/**
 * Follows a server-sent event stream of the API and opens it again, from the last event seen, when it breaks.
 * Ends when the signal is aborted or the consumer stops iterating.
 */
export async function* followEvents<Schema extends z.ZodType>(
  api: ApiClient,
  path: string,
  shape: Schema,
  signal: AbortSignal,
): AsyncGenerator<z.output<Schema>> {
  let lastEventId: string | undefined;
  while (!signal.aborted) {
    const broken = new AbortController();
    try {
      const response = await fetch(`${api.baseUrl}${path}`, {
        headers: {
          ...api.authorization,
          accept: 'text/event-stream',
          ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
        },
        signal: AbortSignal.any([signal, broken.signal]),
      });
      if (response.ok && response.body !== null) {
        const parsed = response.body
          .pipeThrough(new TextDecoderStream())
          .pipeThrough(new EventSourceParserStream());
        for await (const event of parsed) {
          lastEventId = event.id ?? lastEventId;
          const message = shape.safeParse(JSON.parse(event.data));
          if (message.success) yield message.data;
        }
      }
    } catch {
      // The stream broke, because the service restarts or we are stopped; the loop decides which.
    } finally {
      broken.abort();
    }
    await delay(200, undefined, { signal }).catch(() => undefined);
  }
}
