import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { PlatformError } from '../../../workers/platform/errors.ts';
import { smartEats } from '../../../workers/platform/platform.ts';
import type { ScheduleEntry } from '../../../workers/platform/schedule.ts';
import { type BeatDeps, runBeat } from '../../../workers/services/beat/beat.ts';
import { runId } from '../../../workers/services/beat/scheduled-run.ts';
import { beat } from '../../../workers/services/beat/service.ts';
import { RedisConnection } from '../../../workers/state/redis-connection.ts';
import { createScheduleRuns } from '../../../workers/state/schedule-runs.ts';
import { createLogger } from '../../../workers/telemetry/log.ts';
import { freshVhost } from '../../harness/broker.ts';
import { eventually } from '../../harness/eventually.ts';
import { startTestRedis, type TestRedis } from '../../harness/redis.ts';
import { recordedLog } from '../../state/recorded-log.ts';
import { runTestService } from '../run-service.ts';

const schedule: Readonly<Record<string, ScheduleEntry>> = {
  nightly: {
    description: '',
    task: 'tasks.cleanup_carts',
    schedule: { minute: 0, hour: 2 },
    timeZone: 'Etc/UTC',
    options: { expires: 86_400 },
  },
  often: {
    description: '',
    task: 'tasks.cleanup_carts',
    schedule: { everySeconds: 600 },
    timeZone: 'Etc/UTC',
  },
};
const night = new Date('2026-11-25T02:00:00Z');
const hoursLater = (hours: number) => new Date(night.getTime() + hours * 3_600_000);

let redis: TestRedis;
let connections: RedisConnection[];
let published: string[];
let stop: AbortController;
let running: Promise<void>[];
beforeEach(async () => {
  redis = await startTestRedis();
  connections = [];
  published = [];
  running = [];
  stop = new AbortController();
});
afterEach(async () => {
  await stopBeats();
  for (const connection of connections) await connection.close();
  await redis.remove();
});

function runsOf() {
  const connection = new RedisConnection({ REDIS_URL: redis.url }, recordedLog());
  connections.push(connection);
  return createScheduleRuns(connection);
}

/** Starts a beat with a connection of its own, for which it is always the same time. */
function startBeat(now: Date, changes: Partial<BeatDeps> = {}): void {
  const deps: BeatDeps = {
    schedule,
    runs: runsOf(),
    publish: async (entry, due) => {
      published.push(runId(entry, due));
    },
    log: createLogger({ service: 'test', level: 'fatal' }),
    now: () => now,
    ...changes,
  };
  running.push(runBeat(deps, stop.signal));
}

async function stopBeats(): Promise<void> {
  stop.abort();
  await Promise.all(running);
  stop = new AbortController();
}

/** Lets the schedule have run before. */
async function lastRuns(nightly: Date, often = nightly): Promise<void> {
  const runs = runsOf();
  await runs.ran('nightly', nightly);
  await runs.ran('often', often);
}

/** Waits until a beat has looked at both entries. */
async function settled(entries: number): Promise<void> {
  await eventually(() => expect(published).toHaveLength(entries));
}

describe('a beat', () => {
  it('publishes nothing of the past when it runs for the first time', async () => {
    startBeat(hoursLater(5));
    const client = new Redis(redis.url);
    const seen = String(hoursLater(5).getTime());
    await eventually(async () => {
      expect(await client.hgetall('schedule:runs')).toEqual({ nightly: seen, often: seen });
    });
    client.disconnect();
    await stopBeats();
    expect(published).toEqual([]);
  });

  it('publishes what came due while none ran once, for the latest time', async () => {
    await lastRuns(hoursLater(-24 * 5));
    startBeat(hoursLater(9));
    await settled(2);
    await stopBeats();
    startBeat(hoursLater(9));
    await stopBeats();
    expect(published.sort()).toEqual(['nightly-202611250200', 'often-202611251100']);
  });

  it('publishes each run once though several beats work side by side', async () => {
    await lastRuns(hoursLater(-24));
    for (let i = 0; i < 5; i += 1) startBeat(night);
    await settled(2);
    await eventually(async () => expect(await runsOf().lastRun('nightly', night)).toEqual(night));
    await stopBeats();
    expect(published.sort()).toEqual(['nightly-202611250200', 'often-202611250200']);
  });

  it('tries again what could not be published, with the same id, and keeps the other entries going', async () => {
    await lastRuns(hoursLater(-24));
    let attempts = 0;
    const publish = async (entry: string, due: Date) => {
      if (entry === 'nightly') attempts += 1;
      if (entry === 'nightly' && attempts === 1) throw new PlatformError('BROKER_UNAVAILABLE');
      published.push(runId(entry, due));
    };
    startBeat(night, { publish });
    await settled(1);
    expect(published).toEqual(['often-202611250200']);
    expect(await runsOf().lastRun('nightly', night)).toEqual(hoursLater(-24));
    await settled(2);
    expect(published.at(-1)).toBe('nightly-202611250200');
  });

  it('leaves the run of a beat that died to the next one, once its lock has ended', async () => {
    await lastRuns(hoursLater(-24), night);
    const lock = await runsOf().lock('nightly', 60_000);
    startBeat(night);
    await stopBeats();
    expect(published).toEqual([]);
    await lock?.release();
    startBeat(night);
    await settled(1);
  });

  it('leaves out what its worker would throw away', async () => {
    const entry = schedule['nightly'];
    if (entry === undefined) throw new Error('there is no such entry');
    const short = { nightly: { ...entry, options: { expires: 3_600 } } };
    await lastRuns(hoursLater(-24));
    startBeat(hoursLater(2), { schedule: short });
    await eventually(async () => expect(await runsOf().lastRun('nightly', night)).toEqual(night));
    expect(published).toEqual([]);
  });

  it('waits for Redis rather than ending', async () => {
    await lastRuns(hoursLater(-24));
    await redis.kill();
    startBeat(night);
    await redis.start();
    await settled(2);
  });
});

describe('the beat of a local stack', () => {
  it('publishes what it missed to the queue of the task, once though two of them run', async () => {
    const vhost = await freshVhost(smartEats);
    const runs = runsOf();
    for (const entry of Object.keys(smartEats.schedule)) await runs.ran(entry, new Date());
    const missed = new Date(Date.now() - 2 * 86_400_000);
    await runs.ran('cleanup-expired-carts', missed);
    const env = { REDIS_URL: redis.url, RABBITMQ_URL: vhost.url };
    const services = await Promise.all([1, 2].map(() => runTestService(smartEats, 'beat', beat, env)));
    await Promise.all(services.map((service) => service.ready()));
    await eventually(async () => {
      expect(await runs.lastRun('cleanup-expired-carts', new Date())).not.toEqual(missed);
    });
    await Promise.all(services.map((service) => service.stop()));
    const body = { count: 10, ackmode: 'ack_requeue_true', encoding: 'auto' };
    const messages = await vhost.json<{ properties: { headers: object } }[]>(
      `queues/${vhost.vhost}/celery/get`,
      { method: 'POST', body },
    );
    expect(messages).toHaveLength(1);
    expect(messages[0]?.properties.headers).toMatchObject({
      task: 'tasks.cleanup_carts',
      periodic_task_name: 'cleanup-expired-carts',
    });
    await vhost.drop();
  });
});
