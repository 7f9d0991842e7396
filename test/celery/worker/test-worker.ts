import { randomUUID } from 'node:crypto';
import { expect } from '@jest/globals';
import { type ConfirmChannel, connect } from 'amqplib';
import { Redis } from 'ioredis';
import { RedisResultBackend } from '../../../workers/celery/results/redis-result-backend.ts';
import type { ResultDocument } from '../../../workers/celery/results/result-backend.ts';
import type { TaskWorkerOptions } from '../../../workers/celery/worker/options.ts';
import { createTaskWorker, type TaskWorker } from '../../../workers/celery/worker/task-worker.ts';
import type { TaskWorkerEventName, TaskWorkerEvents } from '../../../workers/celery/worker/worker-events.ts';
import { smartEats } from '../../../workers/platform/platform.ts';
import { RedisConnection } from '../../../workers/state/redis-connection.ts';
import { freshVhost, type TestVhost } from '../../harness/broker.ts';
import { eventually } from '../../harness/eventually.ts';
import { startTestRedis, type TestRedis } from '../../harness/redis.ts';
import { MemoryLog } from '../../messaging/test-runtime.ts';
import { tasks } from './fixtures/tasks.ts';

/** A call as a test sends it; anything may be wrong with it. */
export interface TestCall {
  readonly task?: string;
  readonly id?: string;
  readonly args?: readonly unknown[];
  readonly kwargs?: Readonly<Record<string, unknown>>;
  readonly embed?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly queue?: string;
}

export interface TestWorker {
  readonly worker: TaskWorker;
  readonly log: MemoryLog;
  /** All events of one name so far. */
  told<Name extends TaskWorkerEventName>(name: Name): readonly TaskWorkerEvents[Name][];
  stop(): Promise<void>;
}

/** A broker and a Redis, workers on them, and a client that speaks plain AMQP. */
export class Bench {
  readonly vhost: TestVhost;
  readonly redis: TestRedis;
  readonly backend: RedisResultBackend;
  readonly #state: RedisConnection;
  readonly #client: Awaited<ReturnType<typeof connect>>;
  readonly #channel: ConfirmChannel;
  readonly #workers = new Set<TestWorker>();

  static async set(makeVhost = () => freshVhost(smartEats)): Promise<Bench> {
    const [vhost, redis] = await Promise.all([makeVhost(), startTestRedis()]);
    const client = await connect(vhost.url);
    const channel = await client.createConfirmChannel();
    return new Bench(vhost, redis, client, channel);
  }

  private constructor(
    vhost: TestVhost,
    redis: TestRedis,
    client: Awaited<ReturnType<typeof connect>>,
    channel: ConfirmChannel,
  ) {
    this.vhost = vhost;
    this.redis = redis;
    this.#client = client;
    this.#channel = channel;
    this.#state = new RedisConnection({ REDIS_URL: redis.url }, new MemoryLog());
    this.backend = new RedisResultBackend(this.#state, {});
  }

  get channel(): ConfirmChannel {
    return this.#channel;
  }

  /** Starts a worker and waits until it consumes. */
  async worker(options: Partial<TaskWorkerOptions> = {}): Promise<TestWorker> {
    const log = new MemoryLog();
    const worker = createTaskWorker({
      connection: { url: this.vhost.url },
      backend: this.backend,
      redis: this.#state,
      tasks,
      log,
      concurrency: 4,
      ...options,
    });
    const told = new Map(eventNames.map((name): [TaskWorkerEventName, unknown[]] => [name, []]));
    for (const [name, events] of told) worker.on(name, (event) => events.push(event));
    worker.start();
    const test: TestWorker = {
      worker,
      log,
      // Each list holds the events of its name.
      told: <Name extends TaskWorkerEventName>(name: Name) =>
        told.get(name) as readonly TaskWorkerEvents[Name][],
      stop: async () => {
        this.#workers.delete(test);
        await worker.stop('cold');
      },
    };
    this.#workers.add(test);
    await eventually(() =>
      expect(worker.health()).toMatchObject({
        connected: true,
        queues: worker.health().queues.map(({ queue }) => ({ queue, subscribed: true })),
      }),
    );
    return test;
  }

  /** Publishes a call of protocol 2. @returns its id */
  async send(call: TestCall): Promise<string> {
    const {
      task = 'tests.add',
      id = randomUUID(),
      args = [],
      kwargs = {},
      embed = {},
      queue = 'celery',
    } = call;
    const body = Buffer.from(JSON.stringify([args, kwargs, embed]));
    this.#channel.sendToQueue(queue, body, {
      contentType: 'application/json',
      contentEncoding: 'utf-8',
      deliveryMode: 2,
      correlationId: id,
      headers: { lang: 'py', task, id, ...call.headers },
    });
    await this.#channel.waitForConfirms();
    return id;
  }

  /** What is stored once a task has ended. */
  async result(id: string, timeoutMs = 30_000): Promise<ResultDocument> {
    return this.stored(id, ['SUCCESS', 'FAILURE', 'REVOKED'], timeoutMs);
  }

  /** What is stored once a task is in one of these states. */
  async stored(id: string, states: readonly string[], timeoutMs = 30_000): Promise<ResultDocument> {
    return eventually(async () => {
      const document = await this.backend.read(id);
      if (document === undefined || !states.includes(document.status))
        throw new Error(`${id} is ${document?.status ?? 'unknown'}, not yet ${states.join(' or ')}`);
      return document;
    }, timeoutMs);
  }

  /** Tells each state of a task that is stored from now on. */
  async watch(id: string, onState: (status: string) => void): Promise<{ close(): Promise<void> }> {
    const subscriber = new Redis(this.redis.url);
    subscriber.on('message', (_, text) => onState(JSON.parse(text).status));
    await subscriber.subscribe(`celery-task-meta-${id}`);
    return {
      close: async () => {
        await subscriber.quit();
      },
    };
  }

  /** Waits until the broker can hold messages for a queue until their time. */
  async delayable(queue = 'celery'): Promise<void> {
    await eventually(async () => {
      const path = `queues/${this.vhost.vhost}/${queue}/bindings`;
      const bindings = await this.vhost.json<readonly { readonly source: string }[]>(path);
      expect(bindings.map(({ source }) => source)).toContain('celery_delayed_delivery');
    });
  }

  /** Messages in a queue that wait, as the broker itself counts them at once. */
  async waiting(queue: string): Promise<number> {
    return (await this.#channel.checkQueue(queue)).messageCount;
  }

  /** Messages in a queue that wait and that are held by workers, as the broker reports them every few seconds. */
  async depth(queue: string): Promise<{ readonly ready: number; readonly unacknowledged: number }> {
    const path = `queues/${this.vhost.vhost}/${queue}`;
    const counts = await this.vhost.json<Readonly<Record<string, number>>>(path);
    return {
      ready: counts['messages_ready'] ?? 0,
      unacknowledged: counts['messages_unacknowledged'] ?? 0,
    };
  }

  /** Names of the keys in Redis that fit a pattern. */
  async keys(pattern: string): Promise<readonly string[]> {
    return this.#state.run((commands) => commands.keys(pattern));
  }

  async clear(): Promise<void> {
    await Promise.all([...this.#workers].map((each) => each.stop()));
    await this.#client.close();
    await this.#state.close();
    await this.redis.remove();
    await this.vhost.drop();
  }
}

const eventNames = [
  'connected',
  'lost',
  'sent',
  'subscribed',
  'unsubscribed',
  'received',
  'started',
  'succeeded',
  'failed',
  'retried',
  'revoked',
  'rejected',
  'ignored',
  'duplicate',
  'refused',
  'handedBack',
] as const satisfies readonly TaskWorkerEventName[];
