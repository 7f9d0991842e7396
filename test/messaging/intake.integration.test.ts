import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Intake } from '../../workers/messaging/intake.ts';
import { freshVhost, type TestVhost } from '../harness/broker.ts';
import { eventually } from '../harness/eventually.ts';
import { connectRaw, type RawClient } from './raw-client.ts';
import { testPlatform } from './test-platform.ts';

describe('a delivery that is given back', () => {
  let vhost: TestVhost;
  let raw: RawClient;

  beforeAll(async () => {
    vhost = await freshVhost(testPlatform);
    raw = await connectRaw(vhost.url);
  });
  afterAll(async () => {
    await raw.close();
    await vhost.drop();
  });

  it('as failed comes again as often as its queue allows, and then rests in the dead letters', async () => {
    const client = await connectRaw(vhost.url);
    const intake = new Intake(client.channel);
    let deliveries = 0;
    await client.channel.consume('fragile', (message) => {
      if (message === null) return;
      deliveries += 1;
      intake.hold(message).reply.handBack();
    });
    await raw.put('fragile', '{"n":1}', { messageId: 'unsettled' });
    const letter = await raw.take('fragile.dead');
    expect(letter.properties.messageId).toBe('unsettled');
    expect(deliveries).toBe(testPlatform.queues.fragile.deliveryLimit + 1);
    await client.close();
  });

  it('untried comes again', async () => {
    const client = await connectRaw(vhost.url);
    const intake = new Intake(client.channel);
    let deliveries = 0;
    await client.channel.consume('work', (message) => {
      if (message === null) return;
      deliveries += 1;
      const { reply } = intake.hold(message);
      if (deliveries === 1) intake.handBackUnstarted();
      else reply.ack();
    });
    await raw.put('work', '{"n":1}', { messageId: 'untried' });
    await eventually(() => expect(deliveries).toBe(2));
    intake.flush();
    await client.close();
    expect(await raw.count('work')).toBe(0);
    expect(await raw.count('work.dead')).toBe(0);
  });
});
