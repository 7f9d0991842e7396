import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { ApiClient } from '../../../cli/players/api-client.ts';
import { followEvents } from '../../../cli/players/event-stream.ts';
import { events, json, type StubApi, startStubApi } from './stub-api.ts';

const Numbered = z.object({ n: z.number() });

describe('following an event stream', () => {
  let stop: AbortController;
  let api: StubApi;
  beforeEach(() => {
    stop = new AbortController();
  });
  afterEach(() => {
    stop.abort();
    api.close();
  });

  /** Reads so many events and then leaves. */
  async function take(count: number, onEvent = () => {}): Promise<number[]> {
    const client = new ApiClient(api.url, { token: 't', signal: stop.signal });
    const taken: number[] = [];
    for await (const { n } of followEvents(client, '/events', Numbered, stop.signal)) {
      taken.push(n);
      if (taken.length === count) break;
      onEvent();
    }
    return taken;
  }

  it('yields each event as it comes, as the user who asks', async () => {
    api = await startStubApi((_, response) => {
      events(response, [{ data: '{"n":1}' }, { data: '{"n":2}' }]);
    });
    expect(await take(2)).toEqual([1, 2]);
    expect(api.seen[0]?.headers).toMatchObject({ accept: 'text/event-stream', authorization: 'Bearer t' });
  });

  it('opens the stream again where it broke, and says which event it saw last', async () => {
    api = await startStubApi((_, response) => {
      if (api.seen.length === 1) events(response, [{ id: '7', data: '{"n":1}' }]).end();
      else events(response, [{ id: '8', data: '{"n":2}' }]);
    });
    expect(await take(2)).toEqual([1, 2]);
    expect(api.seen.map(({ headers }) => headers['last-event-id'])).toEqual([undefined, '7']);
  });

  it('tries again after a refusal, such as that of a service that restarts', async () => {
    api = await startStubApi((_, response) => {
      if (api.seen.length < 3) json(response, 503, {});
      else events(response, [{ data: '{"n":5}' }]);
    });
    expect(await take(1)).toEqual([5]);
    expect(api.seen).toHaveLength(3);
  });

  it('passes over events of another shape', async () => {
    api = await startStubApi((_, response) => {
      events(response, [{ data: '{"m":1}' }, { data: '{"n":2}' }]);
    });
    expect(await take(1)).toEqual([2]);
  });

  it('ends when it is told to, although the stream is open', async () => {
    api = await startStubApi((_, response) => {
      events(response, [{ data: '{"n":1}' }]);
    });
    expect(await take(99, () => stop.abort())).toEqual([1]);
  });

  it('closes the connection when the reader leaves', async () => {
    const closed = new Promise((resolve) => {
      void startStubApi((_, response) => {
        response.on('close', resolve);
        events(response, [{ data: '{"n":1}' }]);
      }).then(async (started) => {
        api = started;
        await take(1);
      });
    });
    await closed;
  });
});
