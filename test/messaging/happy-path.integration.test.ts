import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { freshVhost, type TestVhost } from '../harness/broker.ts';
import { eventually } from '../harness/eventually.ts';
import { testPlatform } from './test-platform.ts';
import { startRuntime, type TestRuntime } from './test-runtime.ts';

describe('a message', () => {
  let vhost: TestVhost;
  let runtime: TestRuntime;

  beforeAll(async () => {
    vhost = await freshVhost(testPlatform);
  });
  afterEach(() => runtime.messaging.close({ graceMs: 5_000 }));
  afterAll(() => vhost.drop());

  it('is published, handled once and accounted for', async () => {
    runtime = startRuntime(vhost.url);
    const handled: unknown[] = [];
    runtime.messaging.consume('work', async (payload) => {
      handled.push(payload);
    });
    await runtime.messaging.publisher.publish('work', { n: 1 }, { messageId: 'work:1' });
    await eventually(() => expect(runtime.told('settled')).toHaveLength(1));
    expect(handled).toEqual([{ n: 1 }]);
  });
});
