import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import getPort from 'get-port';
import { platformIdentity } from '../../charts/restricted.ts';
import { eventually } from '../harness/eventually.ts';
import { startTestRedis } from '../harness/redis.ts';

const checkout = fileURLToPath(new URL('../../', import.meta.url));
const directory = mkdtempSync(join(tmpdir(), 'smarteats-test-image-'));
const running: ChildProcess[] = [];

beforeAll(async () => {
  await promisify(execFile)(process.execPath, [join(checkout, 'charts/image/bundle.mjs'), directory]);
}, 60_000);

afterEach(() => {
  for (const each of running.splice(0)) each.kill('SIGKILL');
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Starts a role from the image's files alone: there is no checkout and no library around it. */
async function start(role: string, env: Readonly<Record<string, string>> = {}) {
  const [port, smtpPort] = [await getPort(), await getPort()];
  const program = spawn(process.execPath, [join(directory, 'services/main.mjs'), role], {
    cwd: directory,
    env: { PATH: process.env['PATH'], HOST: '127.0.0.1', PORT: `${port}`, SMTP_PORT: `${smtpPort}`, ...env },
    stdio: 'ignore',
  });
  running.push(program);
  const get = (path: string) => fetch(`http://127.0.0.1:${port}${path}`);
  await eventually(async () => expect((await get('/livez')).status).toBe(200));
  return { program, get };
}

describe('the program in the image', () => {
  const roles = [
    'auth-service',
    'payment-service',
    'order-service',
    'delivery-service',
    'notification-service',
    'payment-sandbox',
    'message-catcher',
  ];

  it.each(roles)('plays %s without anything beside it, and ends when it is told to', async (role) => {
    const { program, get } = await start(role);
    expect((await get('/metrics')).status).toBe(200);
    const ended = once(program, 'exit');
    program.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
  });

  it('brings the assets of the API page, which the gateway reads from files', async () => {
    const redis = await startTestRedis();
    try {
      const { get } = await start('api-gateway', { REDIS_URL: redis.url });
      for (const path of ['/openapi.json', '/docs/', '/docs/static/swagger-ui.css'])
        await eventually(async () => expect([path, (await get(path)).status]).toEqual([path, 200]));
    } finally {
      await redis.remove();
    }
  });
});

describe('the Dockerfile', () => {
  const instructions = readFileSync(join(checkout, 'Dockerfile'), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  const values = (name: string) =>
    instructions.filter((line) => line.startsWith(`${name} `)).map((line) => line.slice(name.length + 1));

  it('runs as the numeric user that the manifests name', () => {
    expect(values('USER')).toEqual([`${platformIdentity.user}:${platformIdentity.group}`]);
  });

  it('starts the program without a shell, so that the role is its argument and signals reach it', () => {
    const [entry = ''] = values('ENTRYPOINT');
    expect(JSON.parse(entry)).toEqual(['node', '--enable-source-maps', '/app/services/main.mjs']);
    expect(values('CMD')).toEqual([]);
    expect(values('COPY')).toContain('--from=build /image /app');
    expect(existsSync(join(directory, 'services/main.mjs'))).toBe(true);
  });

  it('takes its base image as an argument', () => {
    expect(values('ARG')).toEqual(['BASE_IMAGE=node:24-alpine']);
    expect(values('FROM')).toEqual([`\${BASE_IMAGE} AS build`, `\${BASE_IMAGE}`]);
  });

  it('copies only what is in the checkout and is not kept out', () => {
    const sources = values('COPY')
      .filter((line) => !line.startsWith('--from'))
      .flatMap((line) => line.split(' ').slice(0, -1));
    const kept = readFileSync(join(checkout, '.dockerignore'), 'utf8').split('\n');
    for (const source of sources) {
      expect([source, existsSync(join(checkout, source))]).toEqual([source, true]);
      expect(kept.some((line) => line.startsWith('!') && source.startsWith(line.slice(1)))).toBe(true);
    }
  });
});
