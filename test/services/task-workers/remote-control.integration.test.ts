import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import getPort from 'get-port';
import { nodeName } from '../../../workers/celery/worker/node-name.ts';
import { smartEats } from '../../../workers/platform/platform.ts';
import { ControlCaller } from '../../celery/control/control-caller.ts';
import { freshVhost, type TestVhost } from '../../harness/broker.ts';
import { startTestRedis, type TestRedis } from '../../harness/redis.ts';

describe('a service that runs tasks', () => {
  const node = nodeName('celery@%h');
  let vhost: TestVhost;
  let redis: TestRedis;
  let caller: ControlCaller;
  let service: ChildProcess;

  beforeAll(async () => {
    [vhost, redis] = await Promise.all([freshVhost(smartEats), startTestRedis()]);
    caller = await ControlCaller.open(vhost.url);
    const main = fileURLToPath(new URL('../../../workers/services/main.ts', import.meta.url));
    service = spawn(process.execPath, ['--import', 'tsx', main, 'celery-worker'], {
      env: {
        PATH: process.env['PATH'] ?? '',
        HOST: '127.0.0.1',
        PORT: String(await getPort()),
        REDIS_URL: redis.url,
        RABBITMQ_URL: vhost.url,
      },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    await caller.reach([node]);
  }, 120_000);
  afterAll(async () => {
    service?.kill('SIGKILL');
    await caller?.close();
    await vhost?.drop();
    await redis?.remove();
  });

  it('answers to remote control, and tells of its tasks from the start', async () => {
    expect(await caller.answer(node, 'registered')).toEqual(
      expect.arrayContaining(['tasks.cleanup_carts', 'tasks.send_reminders']),
    );
    expect(await caller.answer(node, 'enable_events')).toEqual({ ok: 'task events already enabled' });
  });

  it('ends as a process when remote control shuts its worker down', async () => {
    const ended = once(service, 'exit');
    caller.ask('shutdown', { destination: [node] });
    expect(await ended).toEqual([0, null]);
  });
});
