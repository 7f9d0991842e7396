import { describe, expect, it } from '@jest/globals';
import type { Outgoing } from '../../../workers/messaging/confirm-sender.ts';
import type { Outcome } from '../../../workers/messaging/delivery.ts';
import { MessagingEmitter } from '../../../workers/messaging/events.ts';
import { assignId } from '../../../workers/messaging/layers/assign-id.ts';
import { settle } from '../../../workers/messaging/layers/settle.ts';
import type { Received } from '../../../workers/messaging/received.ts';
import { PlatformError } from '../../../workers/platform/errors.ts';
import { MemoryLedger } from '../../harness/memory-ledger.ts';
import { messageOf, receivedOf } from '../received-of.ts';
import { testPlatform } from '../test-platform.ts';
import { MemoryLog } from '../test-runtime.ts';

/** Settles one delivery and tells, in order, all that happened. */
async function settling(
  outcome: Outcome,
  options: {
    readonly given?: Partial<Received>;
    readonly send?: (message: Outgoing, log: string[]) => Promise<void>;
    readonly ledger?: MemoryLedger;
  } = {},
) {
  const { received, log } = receivedOf(options.given);
  const sent: Outgoing[] = [];
  const ledger = options.ledger ?? new MemoryLedger();
  const settled = ledger.settled.bind(ledger);
  ledger.settled = async (queue, messageId, as) => {
    await settled(queue, messageId, as);
    log.push(`ledger ${as}`);
  };
  const events = new MessagingEmitter(new MemoryLog());
  for (const name of ['settled', 'delayed', 'deadLettered'] as const)
    events.on(name, () => log.push(`told ${name}`));
  const take = settle({
    queue: testPlatform.queues.work,
    retryDelaysMs: testPlatform.retryDelaysMs,
    ledger,
    send: async (message) => {
      await options.send?.(message, log);
      sent.push(message);
      log.push('sent');
    },
    repair: async () => {
      log.push('repaired');
    },
    events,
    log: new MemoryLog(),
  })(async () => outcome);
  await take(received);
  return { log, sent, ledger };
}

const rejected = { kind: 'dead', code: 'MESSAGE_REJECTED', reason: 'never' } as const;

describe('settling a delivery', () => {
  it.each([{ kind: 'done' }, { kind: 'duplicate' }] as const)(
    'acknowledges one that is $kind',
    async (outcome) => {
      const { log } = await settling(outcome);
      expect(log).toEqual(['ack', 'told settled']);
    },
  );

  it('puts one that failed into the step of its attempt, and acknowledges it after the confirm', async () => {
    const { log, sent } = await settling({ kind: 'retry', error: 'x' }, { given: { attempt: 2 } });
    expect(log).toEqual(['sent', 'told delayed', 'ack', 'told settled']);
    expect(sent).toMatchObject([
      {
        exchange: 'smarteats.retry.400ms',
        routingKey: 'work',
        content: Buffer.from('{"n":1}'),
        properties: { messageId: 'm-1', persistent: true, headers: { 'x-attempt': 3, 'x-postponed': 0 } },
      },
    ]);
    const ttl = Number(sent[0]?.properties.expiration);
    expect(ttl).toBeGreaterThanOrEqual(200);
    expect(ttl).toBeLessThanOrEqual(400);
  });

  it('counts postponements apart from attempts', async () => {
    const given = { attempt: 2, headers: { 'x-postponed': 4 } };
    const { sent } = await settling({ kind: 'postpone', error: 'x' }, { given });
    expect(sent[0]?.properties.headers).toEqual({ 'x-attempt': 2, 'x-postponed': 5 });
    expect(sent[0]?.exchange).toBe('smarteats.retry.400ms');
  });

  it('buries a dead one: the letter is confirmed, then in the ledger, then acknowledged', async () => {
    const { log, sent, ledger } = await settling(rejected);
    expect(log).toEqual(['sent', 'told deadLettered', 'ledger dead', 'ack', 'told settled']);
    expect(sent).toMatchObject([{ exchange: '', routingKey: 'work.dead', content: Buffer.from('{"n":1}') }]);
    expect(ledger.accounts('work')).toEqual({ published: 1, done: 0, dead: 1, open: 0 });
  });

  it('does not let a publisher write the story of a dead letter', async () => {
    const message = messageOf(1, {
      headers: { 'x-dead-error-name': 'Fake', 'x-dead-code': 'FAKE', trace: 'a' },
    });
    const { sent } = await settling(rejected, { given: { message } });
    expect(sent[0]?.properties.headers).toMatchObject({ 'x-dead-code': 'MESSAGE_REJECTED', trace: 'a' });
    expect(sent[0]?.properties.headers).not.toHaveProperty('x-dead-error-name');
  });

  it('tries again to send, and declares the topology when no queue was there', async () => {
    let failures = 0;
    const { log } = await settling(rejected, {
      send: async () => {
        failures += 1;
        if (failures === 1) throw new PlatformError('PUBLISH_UNROUTABLE');
        if (failures === 2) throw new PlatformError('BROKER_UNAVAILABLE');
      },
    });
    expect(log.filter((entry) => !entry.startsWith('told'))).toEqual([
      'repaired',
      'sent',
      'ledger dead',
      'ack',
    ]);
  });

  it('gives the delivery back when nothing can be sent, and does not acknowledge it', async () => {
    const send = async () => {
      throw new PlatformError('PUBLISH_REFUSED');
    };
    const { log, ledger } = await settling(rejected, { send });
    expect(log).toEqual(['hand back']);
    expect(ledger.accounts('work').published).toBe(0);
  });

  it('does nothing more once the channel of the delivery is gone', async () => {
    const channel = new AbortController();
    const { log } = await settling(
      { kind: 'retry', error: 'x' },
      {
        given: { signal: channel.signal },
        send: async () => {
          channel.abort();
          throw new PlatformError('BROKER_UNAVAILABLE');
        },
      },
    );
    expect(log).toEqual(['hand back']);
  });

  it('waits for the ledger before it acknowledges a dead one, as long as it has the delivery', async () => {
    const ledger = new MemoryLedger();
    ledger.available = false;
    const channel = new AbortController();
    const taking = settling(rejected, { ledger, given: { signal: channel.signal } });
    await new Promise((resolve) => setTimeout(resolve, 150));
    ledger.available = true;
    expect((await taking).log).toContain('ack');

    ledger.available = false;
    const lost = settling(rejected, { ledger, given: { signal: channel.signal } });
    await new Promise((resolve) => setTimeout(resolve, 50));
    channel.abort();
    expect((await lost).log).toEqual(['sent', 'told deadLettered', 'hand back']);
  });

  it('does not call a delivery settled that it could not acknowledge any more', async () => {
    const { log } = await settling({ kind: 'done' }, { given: { ack: () => false } });
    expect(log).toEqual([]);
  });
});

describe('a delivery without an id', () => {
  function assigning(
    given: Partial<Received>,
    send: (message: Outgoing) => Promise<void> = async () => undefined,
  ) {
    const { received, log } = receivedOf(given);
    const sent: Outgoing[] = [];
    const take = assignId({
      send: async (message) => {
        await send(message);
        sent.push(message);
      },
      log: new MemoryLog(),
    })(async () => {
      log.push('taken');
    });
    return { done: take(received), log, sent };
  }

  it('goes into its queue again under a fresh id', async () => {
    const { done, log, sent } = assigning({
      messageId: '',
      message: messageOf(1, { headers: { trace: 'a' } }),
    });
    await done;
    expect(log).toEqual(['ack']);
    expect(sent).toMatchObject([
      {
        exchange: '',
        routingKey: 'work',
        content: Buffer.from('{"n":1}'),
        properties: { headers: { trace: 'a' } },
      },
    ]);
    expect(sent[0]?.properties.messageId).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('goes back untouched when it cannot be sent', async () => {
    const { done, log } = assigning({ messageId: '' }, async () => {
      throw new PlatformError('BROKER_UNAVAILABLE');
    });
    await done;
    expect(log).toEqual(['hand back']);
  });

  it('is nothing that concerns one with an id', async () => {
    const { done, log, sent } = assigning({ messageId: 'm' });
    await done;
    expect(log).toEqual(['taken']);
    expect(sent).toEqual([]);
  });
});
