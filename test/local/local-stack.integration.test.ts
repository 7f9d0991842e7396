import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import amqp from 'amqplib';
import { Redis } from 'ioredis';
import { z } from 'zod';
import { type LocalStack, startLocalStack } from '../../local/local-stack.ts';
import { findRunningStack } from '../../local/running-stack.ts';
import type { StackEvent } from '../../local/stack-events.ts';
import { definePlatform, smartEats } from '../../workers/platform/platform.ts';
import { defineQueue } from '../../workers/platform/queues.ts';
import { topologyOf } from '../../workers/platform/topology.ts';
import { eventually } from '../harness/eventually.ts';
import { childrenOf, isAlive, isListening } from './processes/alive.ts';
import { fixtureScript } from './processes/fixture-service.ts';

const extended = definePlatform({
  ...smartEats,
  queues: {
    ...smartEats.queues,
    points_earned: defineQueue({
      description: 'A customer earned points',
      exchange: 'smarteats.orders',
      consumer: 'loyalty-service',
      payload: z.object({ points: z.number() }),
    }),
  },
  services: {
    ...smartEats.services,
    'loyalty-service': {
      description: 'Counts points',
      port: 4099,
      uses: ['redis', 'rabbitmq'],
      kind: 'product',
    },
  },
});

// What a process has started can be asked of the system only on Linux; the rest of the checks runs everywhere.
const startedBy = (pid: number) => (process.platform === 'linux' ? childrenOf(pid).filter(isAlive) : []);
const startedHere = () => startedBy(process.pid);

const portOf = (url: string) => Number(new URL(url).port);
const portsOf = (stack: LocalStack) =>
  [...Object.values(stack.urls), stack.redisUrl, stack.amqpUrl, stack.management.url].map(portOf);

async function withChannel<T>(url: string, use: (channel: amqp.ConfirmChannel) => Promise<T>): Promise<T> {
  const connection = await amqp.connect(url);
  try {
    return await use(await connection.createConfirmChannel());
  } finally {
    await connection.close();
  }
}

/** Leaves a message in a queue, on disk. */
async function leave(url: string, queue: string, text: string): Promise<void> {
  await withChannel(url, async (channel) => {
    channel.sendToQueue(queue, Buffer.from(text), { persistent: true });
    await channel.waitForConfirms();
  });
}

/** Takes a message from a queue. */
function take(url: string, queue: string): Promise<string | undefined> {
  return withChannel(url, async (channel) => {
    const message = await channel.get(queue, { noAck: true });
    return message === false ? undefined : message.content.toString();
  });
}

async function withRedis<T>(url: string, use: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(url);
  try {
    return await use(redis);
  } finally {
    redis.disconnect();
  }
}

describe('a running stack', () => {
  const printed: string[] = [];
  const events: StackEvent[] = [];
  const before = startedHere();
  let stack: LocalStack;

  beforeAll(async () => {
    stack = await startLocalStack({
      platform: extended,
      isolated: true,
      only: ['order-service', 'loyalty-service', 'payment-sandbox'],
      environment: { LOG_LEVEL: 'debug' },
      logs: 'warnings',
      print: (text) => printed.push(text),
      onEvent: (event) => events.push(event),
      serviceScript: fixtureScript,
    });
  });

  afterAll(() => stack?.stop());

  it('has a RabbitMQ with every queue of the given platform, and nothing else', async () => {
    const { url, user, password } = stack.management;
    const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
    const answer = await fetch(`${url}/api/queues`, { headers: { authorization } });
    // The management API documents a list of objects with names.
    const queues = (await answer.json()) as readonly { readonly name: string }[];
    const declared = topologyOf(extended).queues.map(({ name }) => name);
    expect(queues.map(({ name }) => name).sort()).toEqual([...declared].sort());
    expect(declared).toContain('points_earned');
  });

  it('is found by other commands, with its servers and what watches it', () => {
    const { redisUrl, amqpUrl, management } = stack;
    expect(findRunningStack(stack.directory)).toEqual({ redisUrl, amqpUrl, management });
  });

  it('has a Redis that answers only once a write is on disk', async () => {
    const settings = await withRedis(stack.redisUrl, (redis) => redis.config('GET', 'appendfsync'));
    expect(Object.values(settings as object).flat()).toContain('always');
  });

  it('started each service once what it uses was ready', () => {
    const order = events.map(({ kind, name }) => `${kind} ${name}`);
    for (const name of ['order-service', 'loyalty-service']) {
      expect(order.indexOf(`starting ${name}`)).toBeGreaterThan(order.indexOf('ready rabbitmq'));
      expect(order.indexOf(`starting ${name}`)).toBeGreaterThan(order.indexOf('ready redis'));
    }
    expect(order.indexOf('starting payment-sandbox')).toBeLessThan(order.indexOf('ready rabbitmq'));
  });

  it('tells a service added to the declarations what every other service is told', async () => {
    const answer = await fetch(`${stack.urls['loyalty-service']}/environment`);
    expect(await answer.json()).toMatchObject({
      REDIS_URL: stack.redisUrl,
      RABBITMQ_URL: stack.amqpUrl,
      LOG_LEVEL: 'debug',
    });
  });

  it('prints warnings with the name of the service, and keeps the rest in files', async () => {
    await eventually(() =>
      expect(printed).toContainEqual(
        expect.stringMatching(
          /^order-service +\| warn {2}\d\d:\d\d:\d\d\.\d{3} a warning detail="two words"$/,
        ),
      ),
    );
    expect(printed.join('\n')).not.toContain('listening');
    const log = readFileSync(join(stack.directory, 'logs', 'order-service.log'), 'utf8');
    expect(log).toContain('listening');
  });

  it('starts a service again that was killed', async () => {
    const service = stack.service('order-service');
    const firstPid = service.pid;
    service.kill('SIGKILL');
    await eventually(() => expect(events).toContainEqual(expect.objectContaining({ kind: 'restarted' })));
    expect(service.restarts).toBe(1);
    const answer = await fetch(`${stack.urls['order-service']}/readyz`);
    expect(await answer.json()).toEqual({ pid: service.pid });
    expect(service.pid).not.toBe(firstPid);
  });

  it('keeps RabbitMQ down from takeDown until start, and what its queues hold', async () => {
    await leave(stack.amqpUrl, 'points_earned', 'survivor');
    await stack.rabbitmq.takeDown();
    expect(await isListening(portOf(stack.amqpUrl))).toBe(false);
    expect(stack.rabbitmq.pid).toBeUndefined();
    await stack.rabbitmq.start();
    expect(await take(stack.amqpUrl, 'points_earned')).toBe('survivor');
  });

  it('starts Redis again by itself when it crashes, with its data', async () => {
    await withRedis(stack.redisUrl, (redis) => redis.set('order:1', 'paid'));
    stack.redis.kill('SIGKILL');
    await eventually(() => expect(stack.redis.restarts).toBe(1));
    await eventually(() =>
      withRedis(stack.redisUrl, async (redis) => expect(await redis.get('order:1')).toBe('paid')),
    );
  });

  it('does not know a service that it does not run', () => {
    expect(() => stack.service('api-gateway')).toThrow(expect.objectContaining({ code: 'ROLE_UNKNOWN' }));
  });

  it('leaves nothing behind when it is stopped', async () => {
    const ports = portsOf(stack);
    if (process.platform === 'linux') expect(startedHere().length).toBeGreaterThanOrEqual(before.length + 6);
    await Promise.all([stack.stop(), stack.stop()]);
    expect(await Promise.all(ports.map(isListening))).toEqual(ports.map(() => false));
    expect(existsSync(stack.directory)).toBe(false);
    await eventually(() => expect(startedHere().filter((pid) => !before.includes(pid))).toEqual([]));
  });
});

describe('a stack that does not start', () => {
  const options = { isolated: true, only: ['payment-sandbox'] } as const;

  it('reports the last lines of the service, and leaves nothing behind', async () => {
    const stopped: string[] = [];
    const start = startLocalStack({
      ...options,
      serviceScript: '/no/such/script.mjs',
      onEvent: (event) => {
        if (event.kind === 'stopped') stopped.push(event.name);
      },
    });
    await expect(start).rejects.toMatchObject({
      code: 'LOCAL_STACK_FAILED',
      message: expect.stringMatching(/^payment-sandbox ended while it started:\n[\s\S]*Cannot find module/),
    });
    expect(stopped.sort()).toEqual(['rabbitmq', 'redis']);
  });

  it('ends everything again when the start is aborted', async () => {
    const controller = new AbortController();
    const reason = new Error('somebody pressed Ctrl-C');
    const events: StackEvent[] = [];
    const start = startLocalStack({
      ...options,
      serviceScript: fixtureScript,
      signal: controller.signal,
      onEvent: (event) => {
        events.push(event);
        if (event.kind === 'ready' && event.name === 'payment-sandbox') controller.abort(reason);
      },
    });
    await expect(start).rejects.toBe(reason);
    const stopped = events.flatMap(({ kind, name }) => (kind === 'stopped' ? name : []));
    expect(stopped.sort()).toEqual(['payment-sandbox', 'rabbitmq', 'redis']);
    expect(events).not.toContainEqual(expect.objectContaining({ kind: 'ready', name: 'rabbitmq' }));
  });
});

describe('a stack that keeps its data', () => {
  const directory = mkdtempSync(join(tmpdir(), 'smarteats-test-kept-'));
  const start = (keep: boolean) =>
    startLocalStack({ isolated: true, directory, keep, only: [], serviceScript: fixtureScript });

  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  it('goes on with it at the next start, on whatever ports', async () => {
    const first = await start(true);
    await withRedis(first.redisUrl, (redis) => redis.set('order:1', 'created'));
    await leave(first.amqpUrl, 'order_created', 'kept');
    await first.stop();

    const second = await start(true);
    try {
      expect(portOf(second.amqpUrl)).not.toBe(portOf(first.amqpUrl));
      expect(await withRedis(second.redisUrl, (redis) => redis.get('order:1'))).toBe('created');
      expect(await take(second.amqpUrl, 'order_created')).toBe('kept');
    } finally {
      // Its data is not needed any more, and giving it up is quicker.
      await second.rabbitmq.takeDown();
      await second.stop();
    }
  });
});

describe('a stack whose supervisor is killed', () => {
  it('leaves no server, service, port or directory behind', async () => {
    const script = fileURLToPath(new URL('./fixtures/doomed-stack.ts', import.meta.url));
    const child = spawn(process.execPath, ['--import', 'tsx', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = await once(createInterface({ input: child.stdout }), 'line');
    const { directory, urls }: { directory: string; urls: readonly string[] } = JSON.parse(line);
    const ports = urls.map(portOf);
    const processes = startedBy(child.pid ?? 0);
    if (process.platform === 'linux') expect(processes.length).toBeGreaterThanOrEqual(6);
    expect(await Promise.all(ports.map(isListening))).toEqual(ports.map(() => true));

    child.kill('SIGKILL');

    await eventually(async () => {
      expect(processes.filter(isAlive)).toEqual([]);
      expect(await Promise.all(ports.map(isListening))).toEqual(ports.map(() => false));
      expect(existsSync(directory)).toBe(false);
    });
  });
});
