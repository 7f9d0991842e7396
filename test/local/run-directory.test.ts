import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openRunDirectory, type RunDirectory } from '../../local/run-directory.ts';

let directory: string;
const opened: RunDirectory[] = [];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'smarteats-test-run-'));
});

afterEach(async () => {
  for (const run of opened.splice(0)) await run.release();
  rmSync(directory, { recursive: true, force: true });
});

async function open(options: Parameters<typeof openRunDirectory>[0]): Promise<RunDirectory> {
  const run = await openRunDirectory(options);
  opened.push(run);
  return run;
}

describe('the directory of an isolated run', () => {
  it('is a new one for every run and is removed afterwards', async () => {
    const [one, other] = [await open({ isolated: true }), await open({ isolated: true })];
    expect(one.path).not.toBe(other.path);
    expect(existsSync(dirname(one.logFile('order-service')))).toBe(true);
    await one.release();
    expect(existsSync(one.path)).toBe(false);
    expect(existsSync(other.path)).toBe(true);
  });

  it('can be read by nobody else', async () => {
    const { path } = await open({ isolated: true });
    expect(statSync(path).mode & 0o077).toBe(0);
  });
});

describe('a directory that stays', () => {
  const kept = {
    isolated: false,
    get directory() {
      return directory;
    },
  };

  it('is empty at the start of each run, and stays after it', async () => {
    const first = await open(kept);
    writeFileSync(join(first.path, 'data'), 'of the first run');
    await first.release();
    expect(existsSync(join(first.path, 'data'))).toBe(true);
    const second = await open({ ...kept, keep: false });
    expect(second.path).toBe(first.path);
    expect(readdirSync(second.path)).toEqual(['logs']);
  });

  it('holds the data of the last run when that is to be kept', async () => {
    const first = await open(kept);
    writeFileSync(join(first.path, 'data'), 'of the first run');
    await first.release();
    const second = await open({ ...kept, keep: true });
    expect(readdirSync(second.path).sort()).toEqual(['data', 'logs']);
  });

  it('serves one run at a time; another is told who uses it and changes nothing', async () => {
    const first = await open(kept);
    writeFileSync(join(first.path, 'data'), 'of the first run');
    await expect(open(kept)).rejects.toMatchObject({
      code: 'LOCAL_STACK_FAILED',
      message: expect.stringContaining(`process ${process.pid}, which is starting`),
    });
    first.describe('process 42, http://127.0.0.1:4000');
    await expect(open(kept)).rejects.toThrow(
      'SmartEats is running here already: process 42, http://127.0.0.1:4000.',
    );
    expect(existsSync(join(first.path, 'data'))).toBe(true);
    await first.release();
    await expect(open(kept)).resolves.toBeDefined();
  });

  it('can be used again after a run that was killed', async () => {
    const socket = join(directory, 'running.sock');
    const script = `require('net').createServer().listen(${JSON.stringify(socket)}, () => console.log('up'))`;
    const killed = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(killed.stdout, 'data');
    killed.kill('SIGKILL');
    await once(killed, 'exit');
    expect(existsSync(socket)).toBe(true);
    await expect(open(kept)).resolves.toBeDefined();
  });

  it('must have a path that the system allows for sockets', async () => {
    const tooDeep = join(directory, 'x'.repeat(120));
    await expect(open({ isolated: false, directory: tooDeep })).rejects.toMatchObject({
      code: 'LOCAL_STACK_FAILED',
      message: expect.stringContaining(tooDeep),
    });
  });
});
