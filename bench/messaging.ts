/**
 * What the message runtime costs beside a bare loop over the client library, in one run on one private broker:
 * both publish with pipelined confirms to the same kind of queue, and both consume with the same prefetch.
 *
 *   npx tsx bench/messaging.ts [messages]
 *
 * Only the ratios mean something; the absolute numbers are this machine's.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'amqplib';
import { z } from 'zod';
import { RabbitmqServer } from '../local/servers/rabbitmq.ts';
import { MemoryLedger } from '../test/harness/memory-ledger.ts';
import { createMessaging } from '../workers/messaging/runtime.ts';
import { definePlatform } from '../workers/platform/platform.ts';
import { defineQueue } from '../workers/platform/queues.ts';

const prefetch = 250;

const queue = {
  description: 'Bench',
  exchange: 'bench',
  consumer: 'bench',
  payload: z.strictObject({ n: z.int(), text: z.string() }),
  prefetch,
};

const platform = definePlatform({
  exchanges: { bench: { type: 'direct', description: 'Bench' } },
  queues: { raw: defineQueue(queue), ours: defineQueue(queue) },
  events: {},
  services: { bench: { description: 'Bench', port: 4999, uses: ['rabbitmq'], kind: 'product' } },
  taskQueues: {},
  tasks: {},
  schedule: {},
  retryDelaysMs: [1_000, 300_000],
});

interface Measured {
  readonly perSecond: number;
  /** Of this process, not of the broker. */
  readonly cpuMicroseconds: number;
}

async function measure(messages: number, work: () => Promise<void>): Promise<Measured> {
  const [start, cpu] = [performance.now(), process.cpuUsage()];
  await work();
  const { user, system } = process.cpuUsage(cpu);
  return {
    perSecond: Math.round((messages / (performance.now() - start)) * 1000),
    cpuMicroseconds: Math.round((user + system) / messages),
  };
}

const payload = (n: number) => ({ n, text: 'x'.repeat(200) });

async function rawLoop(url: string, messages: number) {
  const connection = await connect(url);
  const channel = await connection.createConfirmChannel();
  const published = await measure(messages, async () => {
    for (let n = 0; n < messages; n += 1) {
      const options = {
        persistent: true,
        mandatory: true,
        contentType: 'application/json',
        messageId: `r-${n}`,
      };
      channel.publish('bench', 'raw', Buffer.from(JSON.stringify(payload(n))), options);
      // As many under way as the runtime lets.
      if (n % 10_000 === 9_999) await channel.waitForConfirms();
    }
    await channel.waitForConfirms();
  });
  const consuming = await connection.createChannel();
  await consuming.prefetch(prefetch);
  const consumed = await measure(
    messages,
    () =>
      new Promise<void>((resolve) => {
        let count = 0;
        void consuming.consume('raw', (message) => {
          if (message === null) return;
          JSON.parse(message.content.toString());
          consuming.ack(message);
          count += 1;
          if (count === messages) resolve();
        });
      }),
  );
  await connection.close();
  return { published, consumed };
}

async function runtime(url: string, messages: number) {
  const silent = () => undefined;
  const log = { debug: silent, info: silent, warn: console.warn, error: console.error };
  const limits = { messages: 10_000, bytes: 64 * 1024 * 1024, waiters: messages };
  const messaging = createMessaging({
    limits,
    platform,
    connection: { url },
    ledger: new MemoryLedger(),
    log,
    service: 'bench',
  });
  messaging.start();
  const published = await measure(messages, async () => {
    const all = Array.from({ length: messages }, (_, n) =>
      messaging.publisher.publish('ours', payload(n), { messageId: `o-${n}` }),
    );
    await Promise.all(all);
  });
  const consumed = await measure(
    messages,
    () =>
      new Promise<void>((resolve) => {
        let count = 0;
        messaging.on('settled', () => {
          count += 1;
          if (count === messages) resolve();
        });
        messaging.consume('ours', async () => undefined);
      }),
  );
  await messaging.close({ graceMs: 5_000 });
  return { published, consumed };
}

function row(name: string, raw: Measured, ours: Measured) {
  return {
    step: name,
    'amqplib msg/s': raw.perSecond,
    'runtime msg/s': ours.perSecond,
    'amqplib µs CPU': raw.cpuMicroseconds,
    'runtime µs CPU': ours.cpuMicroseconds,
    'throughput ratio': (ours.perSecond / raw.perSecond).toFixed(2),
    'CPU ratio': (ours.cpuMicroseconds / raw.cpuMicroseconds).toFixed(2),
  };
}

const messages = Number(process.argv[2] ?? 20_000);
const directory = mkdtempSync(join(tmpdir(), 'smarteats-bench-'));
const server = await RabbitmqServer.create({ directory, platform });
try {
  await server.start();
  // The first round warms both up and is not shown.
  await rawLoop(server.url(), 2_000);
  await runtime(server.url(), 2_000);
  const raw = await rawLoop(server.url(), messages);
  const ours = await runtime(server.url(), messages);
  console.log(`${messages} messages, prefetch ${prefetch}`);
  console.table([
    row('publish, confirmed', raw.published, ours.published),
    row('consume, acknowledged', raw.consumed, ours.consumed),
  ]);
} finally {
  await server.kill();
  rmSync(directory, { recursive: true, force: true });
}
