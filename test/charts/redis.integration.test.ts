import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { RedisServer } from '../../local/servers/redis.ts';
import { manifestsOf } from './manifests.ts';

const run = promisify(execFile);
const directory = mkdtempSync(join(tmpdir(), 'smarteats-test-chart-redis-'));
const manifests = manifestsOf();
const { REDIS_PASSWORD: password = '' } = manifests.get('Secret', 'redis').stringData ?? {};
let server: RedisServer;

/** Runs the command of a probe or hook as the kubelet would, on the test's port. */
async function inPod(action: unknown, auth = password): Promise<string> {
  // Written by the chart as an exec action.
  const { command } = (action as { exec: { command: readonly string[] } }).exec;
  const [program = '', ...args] = command;
  const env = { PATH: process.env['PATH'], REDISCLI_AUTH: auth };
  const { stdout } = await run(program, ['-p', String(server.port), ...args], { env });
  return stdout.trim();
}

async function setting(name: string): Promise<string | undefined> {
  return (await inPod({ exec: { command: ['redis-cli', 'config', 'get', name] } })).split('\n')[1];
}

beforeAll(async () => {
  server = await RedisServer.create({ directory });
  const conf = manifests.get('ConfigMap', 'redis').data?.['redis.conf'] ?? '';
  const own = conf.replace('dir /data', `dir ${directory}`).replace('port 6379', `port ${server.port}`);
  writeFileSync(join(directory, 'redis.conf'), `${own}bind 127.0.0.1\n`);
  await server.start();
  await inPod({ exec: { command: ['redis-cli', 'config', 'set', 'requirepass', password] } }, '');
});

afterAll(async () => {
  await server?.kill();
  rmSync(directory, { recursive: true, force: true });
});

describe('a Redis that starts on the file of the chart', () => {
  const { readinessProbe, livenessProbe, lifecycle } = manifests.container('redis');

  it('writes every change to disk before it answers, and evicts nothing', async () => {
    expect(await setting('appendonly')).toBe('yes');
    expect(await setting('appendfsync')).toBe('always');
    expect(await setting('maxmemory-policy')).toBe('noeviction');
    expect(await setting('maxmemory')).toBe(String(153 * 1024 * 1024));
  });

  it('is ready and alive to who knows the password', async () => {
    expect(await inPod(readinessProbe)).toBe('PONG');
    expect(await inPod(livenessProbe)).toBe('PONG');
  });

  it('answers with an error that makes it unready but leaves it alive', async () => {
    await expect(inPod(readinessProbe, '')).rejects.toMatchObject({ code: 1 });
    expect(await inPod(livenessProbe, '')).toContain('NOAUTH');
  });

  it('saves a snapshot before it ends', async () => {
    expect(await inPod((lifecycle as { preStop: unknown }).preStop)).toBe('OK');
  });
});
