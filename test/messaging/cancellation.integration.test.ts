import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { whyCancelled } from '../../workers/messaging/cancellation.ts';
import { BrokerConnection } from '../../workers/messaging/connection.ts';
import { freshVhost, type TestVhost } from '../harness/broker.ts';
import { testPlatform } from './test-platform.ts';
import { MemoryLog } from './test-runtime.ts';

describe('why the broker cancelled a subscription', () => {
  let vhost: TestVhost;
  let connection: BrokerConnection;

  beforeAll(async () => {
    vhost = await freshVhost(testPlatform);
    const log = new MemoryLog();
    connection = new BrokerConnection({ connection: { url: vhost.url }, name: 'tests', log });
    connection.start();
    await connection.ready(AbortSignal.timeout(30_000));
  });
  afterAll(async () => {
    await connection.close(2_000);
    await vhost.drop();
  });

  it('is told as the end of the queue where there is none any more', async () => {
    const reason = await whyCancelled(connection, 'nowhere', 5_000);
    expect(reason).toMatchObject({ code: 404, message: expect.stringMatching(/queue nowhere was deleted/) });
  });

  it('is asked of the time that a delivery was kept, where the queue is still there', async () => {
    const reason = await whyCancelled(connection, 'work', 1_860_000);
    expect(reason.message).toMatch(/kept for 1860.0 s.*consumer_timeout/);
    expect(reason).not.toHaveProperty('code');
  });

  it('is not the time where no delivery was kept', async () => {
    const reason = await whyCancelled(connection, 'work', undefined);
    expect(reason.message).toMatch(/queue work made anew/);
    expect(reason).not.toHaveProperty('code');
  });

  it('is left open when nobody can be asked', async () => {
    const away = new BrokerConnection({
      connection: { url: vhost.url },
      name: 'never started',
      log: new MemoryLog(),
    });
    expect((await whyCancelled(away, 'work', 5_000)).message).toBe('the broker cancelled the subscription');
  });
});
