import { EventSourceParserStream } from 'eventsource-parser/stream';
import { eventually } from '../../harness/eventually.ts';

/** An event as it came. */
export interface SeenEvent {
  readonly id: string | undefined;
  readonly data: Readonly<Record<string, unknown>>;
}

/** The reading side of an event stream. */
export interface SseClient {
  readonly status: number;
  readonly contentType: string | null;
  readonly events: readonly SeenEvent[];
  /** Waits until this many events have come. */
  received(count: number): Promise<void>;
  /** Resolves when the server has ended the stream. */
  readonly ended: Promise<void>;
  /** Leaves without saying so. */
  leave(): void;
}

/** Opens an event stream. */
export async function openEvents(
  url: string,
  token: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<SseClient> {
  const leaving = new AbortController();
  const response = await fetch(url, {
    headers: { authorization: `Bearer ${token}`, accept: 'text/event-stream', ...headers },
    signal: leaving.signal,
  });
  const events: SeenEvent[] = [];
  const read = async () => {
    if (response.body === null) return;
    const parsed = response.body
      .pipeThrough(new TextDecoderStream())
      .pipeThrough(new EventSourceParserStream());
    for await (const { id, data } of parsed) events.push({ id, data: JSON.parse(data) });
  };
  const ended = read().catch((error: unknown) => {
    if (!leaving.signal.aborted) throw error;
  });
  return {
    status: response.status,
    contentType: response.headers.get('content-type'),
    events,
    received: (count) =>
      eventually(() => {
        if (events.length < count) throw new Error(`${events.length} of ${count} events came`);
      }),
    ended,
    leave: () => leaving.abort(),
  };
}
