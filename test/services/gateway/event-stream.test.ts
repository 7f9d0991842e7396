import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { pino } from 'pino';
import { PlatformError } from '../../../workers/platform/errors.ts';
import { type EventStream, streamEvents } from '../../../workers/services/gateway/event-stream.ts';
import { createHttpServer } from '../../../workers/services/host/http-server.ts';
import type { App } from '../../../workers/services/host/service-module.ts';
import { createMetrics } from '../../../workers/telemetry/metrics.ts';
import { eventually } from '../../harness/eventually.ts';
import { failureOf, httpClient } from '../http-client.ts';

let app: App;
let address: string;
let stopping: AbortController;
let logged: string[];
/** What the route of a test streams. */
let source: (stream: EventStream) => Promise<() => void | Promise<void>>;
const release = jest.fn<() => void | Promise<void>>();

beforeEach(async () => {
  release.mockReset();
  source = async () => release;
  stopping = new AbortController();
  logged = [];
  app = createHttpServer({
    log: pino({ level: 'info' }, { write: (line: string) => void logged.push(line) }),
    metrics: createMetrics('test'),
  });
  app.get('/events', async (_request, reply) =>
    streamEvents(reply, stopping.signal, (stream) => source(stream)),
  );
  address = await app.listen({ host: '127.0.0.1', port: 0 });
});
afterEach(async () => {
  jest.useRealTimers();
  stopping.abort();
  await app.close();
});

/** Reads the stream as text until it ends or the client leaves. */
async function open() {
  const leaving = new AbortController();
  const response = await fetch(`${address}/events`, { signal: leaving.signal });
  let text = '';
  const ended = (async () => {
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) text += decoder.decode(chunk, { stream: true });
  })().catch(() => {});
  return { response, ended, text: () => text, leave: () => leaving.abort() };
}

describe('an event stream', () => {
  it('tells the client when to come back, then sends events with their ids', async () => {
    source = async (stream) => {
      stream.send({ id: '7', data: { status: 'paid', note: 'two\nlines' } });
      stream.send({ data: 1 });
      stream.end();
      return release;
    };
    const client = await open();
    await client.ended;
    expect(client.text()).toBe(
      'retry: 2000\n\nid: 7\ndata: {"status":"paid","note":"two\\nlines"}\n\ndata: 1\n\n',
    );
    expect(client.response.headers.get('cache-control')).toBe('no-store');
    await eventually(() => expect(release).toHaveBeenCalledTimes(1));
  });

  it('sends a comment every 15 seconds, so that nobody on the way takes it for dead', async () => {
    // Only the heartbeat's own timer: sockets need the others.
    jest.useFakeTimers({
      doNotFake: [
        'setTimeout',
        'clearTimeout',
        'setImmediate',
        'nextTick',
        'queueMicrotask',
        'Date',
        'performance',
      ],
    });
    const client = await open();
    jest.advanceTimersByTime(30_000);
    await eventually(() => expect(client.text()).toBe('retry: 2000\n\n: still here\n\n: still here\n\n'));
    client.leave();
    await eventually(() => expect(jest.getTimerCount()).toBe(0));
  });

  it('ends when the service stops', async () => {
    const client = await open();
    stopping.abort();
    await client.ended;
    await eventually(() => expect(release).toHaveBeenCalledTimes(1));
  });

  it('ends at once when the service is stopping already', async () => {
    stopping.abort();
    await (await open()).ended;
    await eventually(() => expect(release).toHaveBeenCalledTimes(1));
  });

  it('is released when the client leaves, and takes no more events then', async () => {
    let late: EventStream | undefined;
    source = async (stream) => {
      late = stream;
      return release;
    };
    const client = await open();
    client.leave();
    await eventually(() => expect(release).toHaveBeenCalledTimes(1));
    expect(() => late?.send({ data: 'late' })).not.toThrow();
  });

  it('lets a client go that does not read', async () => {
    source = async (stream) => {
      for (let i = 0; i < 300; i += 1) stream.send({ data: 'x'.repeat(100_000) });
      return release;
    };
    await fetch(`${address}/events`);
    await eventually(() => expect(release).toHaveBeenCalledTimes(1));
  });

  it('that cannot begin is answered like any other failed request', async () => {
    source = async () => {
      throw new PlatformError('STATE_UNAVAILABLE');
    };
    expect(failureOf(await httpClient(address)('GET', '/events'))).toEqual([503, 'STATE_UNAVAILABLE']);
  });

  it('whose source cannot be released is over all the same', async () => {
    release.mockRejectedValue(new Error('Redis is away'));
    const client = await open();
    client.leave();
    await eventually(() => expect(logged.join()).toContain('Redis is away'));
  });
});
