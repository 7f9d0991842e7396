import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ConfirmChannel } from 'amqplib';
import type { BrokerConnection } from '../../workers/messaging/connection.ts';
import { MessagingEmitter } from '../../workers/messaging/events.ts';
import { ReliableSender } from '../../workers/messaging/reliable-sender.ts';
import { eventually } from '../harness/eventually.ts';
import { MemoryLog } from './test-runtime.ts';

type Confirm = (error: Error | null) => void;

/** A channel that confirms when it is told to. */
class ManualChannel extends EventEmitter {
  readonly sent: { readonly text: string; readonly confirm: Confirm }[] = [];

  publish(_exchange: string, _key: string, content: Buffer, _options: object, confirm: Confirm): boolean {
    this.sent.push({ text: content.toString(), confirm });
    return true;
  }

  get texts(): readonly string[] {
    return this.sent.map(({ text }) => text);
  }

  /** Ends as amqplib's channels do: an error if the broker gave one, then the end. */
  end(code?: number): void {
    if (code !== undefined) this.emit('error', Object.assign(new Error(`closed with ${code}`), { code }));
    this.emit('close');
  }

  async close(): Promise<void> {
    throw new Error('closed already');
  }
}

/** The parts of a connection that a sender uses. */
class ManualConnection {
  readonly channels: ManualChannel[] = [];
  readonly connected = true;
  blocked = false;

  async ready(): Promise<void> {}

  async openConfirmChannel(): Promise<ConfirmChannel> {
    const channel = new ManualChannel();
    this.channels.push(channel);
    return channel as unknown as ConfirmChannel;
  }
}

let connection: ManualConnection;
let events: MessagingEmitter;
let sender: ReliableSender;
let results: string[];

beforeEach(async () => {
  connection = new ManualConnection();
  events = new MessagingEmitter(new MemoryLog());
  results = [];
  sender = new ReliableSender({
    connection: connection as unknown as BrokerConnection,
    log: new MemoryLog(),
    events,
    repair: async () => undefined,
    limits: { messages: 100, bytes: 10_000, waiters: 100 },
    confirmTimeoutMs: 60_000,
  });
  sender.start();
  await eventually(() => expect(connection.channels).toHaveLength(1));
  await turn();
});
afterEach(() => sender.close(0, 0));

const turn = () => new Promise((resolve) => setImmediate(resolve));

function send(...texts: readonly string[]): void {
  for (const text of texts) {
    const message = {
      exchange: '',
      routingKey: 'q',
      content: Buffer.from(text),
      properties: { messageId: text },
    };
    sender
      .send(message)
      .then((result) => results.push(`${text} ${result}`))
      .catch((error) => results.push(`${text} ${error.code}`));
  }
}

/** The n-th channel, once something was sent on it. */
async function channel(index: number, sent: number): Promise<ManualChannel> {
  return eventually(() => {
    const found = connection.channels[index];
    expect(found?.sent).toHaveLength(sent);
    if (found === undefined) throw new Error('no such channel');
    return found;
  });
}

describe('messages without a confirm', () => {
  it('are sent again before those that were held back meanwhile, all in order', async () => {
    send('a', 'b');
    const first = await channel(0, 2);
    connection.blocked = true;
    send('c', 'd');
    expect(first.texts).toEqual(['a', 'b']);
    first.sent[0]?.confirm(null);
    first.end();
    await eventually(() => expect(connection.channels).toHaveLength(2));
    connection.blocked = false;
    events.emit('unblocked', {});
    const second = await channel(1, 3);
    expect(second.texts).toEqual(['b', 'c', 'd']);
    for (const { confirm } of second.sent) confirm(null);
    await turn();
    expect(results).toEqual(['a confirmed', 'b confirmed', 'c confirmed', 'd confirmed']);
  });

  it('stay in order when the connection breaks while they are suspects', async () => {
    send('a', 'b', 'c');
    (await channel(0, 3)).end(406);
    const second = await channel(1, 1);
    expect(second.texts).toEqual(['a']);
    second.end();
    const third = await channel(2, 1);
    expect(third.texts).toEqual(['a']);
    third.sent[0]?.confirm(null);
    expect(third.texts).toEqual(['a', 'b']);
  });

  it('are sent together again once no suspect is left', async () => {
    send('a', 'b');
    (await channel(0, 2)).end(404);
    const second = await channel(1, 1);
    send('c', 'd');
    second.sent[0]?.confirm(null);
    second.sent[1]?.confirm(null);
    expect(second.texts).toEqual(['a', 'b', 'c', 'd']);
  });

  it('are refused when three channels died of them alone, and not for a broken connection', async () => {
    send('a');
    for (const code of [406, 406, undefined, undefined, undefined, 406]) {
      (await channel(connection.channels.length - 1, 1)).end(code);
      const before = connection.channels.length;
      if (results.length === 0) await eventually(() => expect(connection.channels.length).toBe(before + 1));
    }
    await eventually(() => expect(results).toEqual(['a PUBLISH_REFUSED']));
    expect(sender.load).toEqual({ unconfirmed: 0, waiting: 0 });
  });

  it('count once although an old channel confirms them late', async () => {
    send('a');
    const first = await channel(0, 1);
    first.end();
    const second = await channel(1, 1);
    first.sent[0]?.confirm(null);
    await turn();
    expect(results).toEqual([]);
    second.sent[0]?.confirm(null);
    await turn();
    expect(results).toEqual(['a confirmed']);
    expect(sender.load).toEqual({ unconfirmed: 0, waiting: 0 });
  });

  it('are refused by a negative confirm', async () => {
    send('a');
    (await channel(0, 1)).sent[0]?.confirm(new Error('message nacked'));
    await turn();
    expect(results).toEqual(['a refused']);
  });
});
