import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { finished } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import getPort from 'get-port';
import { pino } from 'pino';
import { services } from '../../../workers/platform/services.ts';
import { openState } from '../../../workers/state/state.ts';
import { eventually } from '../../harness/eventually.ts';
import { startTestRedis, type TestRedis } from '../../harness/redis.ts';
import { httpClient } from '../http-client.ts';

const main = fileURLToPath(new URL('../../../workers/services/main.ts', import.meta.url));

/** A process that plays a role, as the local stack or a container would start it. */
interface RoleProcess {
  readonly child: ChildProcess;
  readonly output: { stdout: string; stderr: string };
  readonly ended: Promise<{ readonly code: number | null; readonly signal: string | null }>;
}

let started: RoleProcess[] = [];
afterEach(async () => {
  for (const { child, ended } of started) {
    child.kill('SIGKILL');
    await ended;
  }
  started = [];
});

function play(args: readonly string[], env: Record<string, string> = {}, ipc = false): RoleProcess {
  const child = spawn(process.execPath, ['--import', 'tsx', main, ...args], {
    env: { PATH: process.env['PATH'] ?? '', HOST: '127.0.0.1', ...env },
    stdio: ['ignore', 'pipe', 'pipe', ...(ipc ? (['ipc'] as const) : [])],
  });
  const output = { stdout: '', stderr: '' };
  child.stdout?.on('data', (chunk: Buffer) => {
    output.stdout += chunk;
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    output.stderr += chunk;
  });
  // Not 'close': it does not come once the channel to a child was closed from this side.
  const read = [child.stdout, child.stderr].map((stream) => stream && finished(stream));
  const ended = Promise.all([once(child, 'exit'), ...read]).then(([[code, signal]]) => ({ code, signal }));
  const role = { child, output, ended };
  started.push(role);
  return role;
}

let redis: TestRedis;
beforeAll(async () => {
  redis = await startTestRedis();
});
afterAll(() => redis.remove());

/** Plays the auth service until it is ready. */
async function playAuth(ipc = false): Promise<RoleProcess> {
  const port = await getPort();
  const role = play(['auth-service'], { PORT: String(port), REDIS_URL: redis.url }, ipc);
  const call = httpClient(`http://127.0.0.1:${port}`);
  await eventually(async () => expect((await call('GET', '/readyz')).status).toBe(200));
  return role;
}

describe('the command', () => {
  it('explains its roles', async () => {
    const { ended, output } = play(['--help']);
    expect(await ended).toEqual({ code: 0, signal: null });
    for (const role of [...Object.keys(services), 'seed']) expect(output.stdout).toContain(`  ${role} `);
  });

  it.each([[['order-servise']], [[]], [['constructor']]])(
    'refuses the role %j, naming those there are',
    async (args) => {
      const { ended, output } = play(args);
      expect(await ended).toEqual({ code: 2, signal: null });
      expect(output.stderr).toMatch(/^ROLE_UNKNOWN: .*api-gateway, auth-service/);
      expect(output.stderr).not.toContain('at ');
    },
  );

  it('refuses a configuration that cannot be used, without secrets or a stack', async () => {
    const { ended, output } = play(['order-service'], {
      PORT: 'high',
      RABBITMQ_URL: 'http://user:hunter2@broker',
    });
    expect(await ended).toEqual({ code: 2, signal: null });
    expect(output.stderr).toMatch(/^CONFIG_INVALID: order-service: 2 environment variable/);
    expect(output.stderr).toMatch(/^ {2}RABBITMQ_URL: /m);
    expect(output.stderr).toMatch(/^ {2}PORT: /m);
    expect(output.stderr).not.toMatch(/hunter2|\bat /);
  });

  it('says in one line that its port belongs to somebody else', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const { ended, output } = play(['auth-service'], { PORT: String(port), REDIS_URL: redis.url });
    expect(await ended).toEqual({ code: 2, signal: null });
    expect(output.stderr).toBe(
      `CONFIG_INVALID: auth-service: HOST and PORT: cannot listen on 127.0.0.1:${port} (EADDRINUSE)\n`,
    );
    other.close();
  });

  it('says in one line that its address is not of this machine', async () => {
    const { ended, output } = play(['auth-service'], { HOST: '192.0.2.77', PORT: '1', REDIS_URL: redis.url });
    expect(await ended).toEqual({ code: 2, signal: null });
    expect(output.stderr).toMatch(/^CONFIG_INVALID: auth-service: .*192\.0\.2\.77:1 \(EADDRNOTAVAIL\)\n$/);
  });
});

describe('a service as a process', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('ends with 0 after %s', async (signal) => {
    const { child, ended, output } = await playAuth();
    child.kill(signal);
    child.kill(signal);
    expect(await ended).toEqual({ code: 0, signal: null });
    const lines = output.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map(({ msg }) => msg)).toEqual(
      expect.arrayContaining(['service started', 'service stopped']),
    );
    expect(lines.every(({ service }) => service === 'auth-service')).toBe(true);
  });

  it('ends when the process that started it goes away', async () => {
    const { child, ended } = await playAuth(true);
    child.disconnect();
    expect(await ended).toEqual({ code: 0, signal: null });
  });
});

describe('seeding', () => {
  it('adds accounts once, and tells who can log in', async () => {
    const state = await openState({ REDIS_URL: redis.url }, pino({ level: 'silent' }));
    const args = ['seed', '--drivers', '2', '--customers', '1', '--password', 'correct horse'];
    const first = play(args, { REDIS_URL: redis.url, LOG_LEVEL: 'error' });
    expect(await first.ended).toEqual({ code: 0, signal: null });
    const { accounts } = JSON.parse(first.output.stdout);
    expect(accounts).toContainEqual({
      role: 'driver',
      email: 'driver-2@smarteats.example',
      userId: 'driver-2',
    });
    expect(accounts).toContainEqual(
      expect.objectContaining({ role: 'restaurant', restaurantId: 'pasta-porta' }),
    );

    const before = await state.stores.users.find('driver-1');
    const restaurant = await state.stores.restaurants.find('pasta-porta');
    if (restaurant === undefined) throw new Error('there is no pasta-porta');
    await state.stores.restaurants.save({ ...restaurant, open: false });
    const second = play(args, { REDIS_URL: redis.url, LOG_LEVEL: 'error' });
    expect(await second.ended).toEqual({ code: 0, signal: null });
    expect(await state.stores.users.find('driver-1')).toEqual(before);
    expect(await state.stores.restaurants.find('pasta-porta')).toMatchObject({ open: false });
    await state.close();
  });

  it.each([
    [['seed']],
    [['seed', '--password', 'x', '--drivers', 'many']],
    [['seed', '--password', 'x', '--waiters', '3']],
  ])('refuses %j', async (args) => {
    const { ended, output } = play(args, { REDIS_URL: redis.url });
    expect((await ended).code).toBe(2);
    expect(output.stderr).not.toMatch(/\bat \w/);
  });
});
