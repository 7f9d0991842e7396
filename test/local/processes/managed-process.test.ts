import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ManagedProcess, waitUntilReady } from '../../../local/processes/managed-process.ts';
import { eventually } from '../../harness/eventually.ts';
import { isAlive } from './alive.ts';

let directory: string;
const started: ManagedProcess[] = [];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'smarteats-test-process-'));
});

afterEach(async () => {
  for (const each of started.splice(0)) await each.stop('SIGKILL', 0);
  rmSync(directory, { recursive: true, force: true });
});

async function shell(script: string): Promise<ManagedProcess> {
  const managed = await ManagedProcess.spawn({
    name: 'example',
    command: '/bin/sh',
    args: ['-c', script],
    env: { PATH: process.env['PATH'], GREETING: 'good morning' },
    cwd: directory,
    logFile: join(directory, 'example.log'),
  });
  started.push(managed);
  return managed;
}

/** The process id that a script wrote into a file. */
function pidIn(name: string): Promise<number> {
  return eventually(() => {
    const pid = Number(readFileSync(join(directory, name), 'utf8'));
    expect(pid).toBeGreaterThan(1);
    return pid;
  });
}

describe('a managed process', () => {
  it('writes both its outputs into its log file, with the environment it was given and no more', async () => {
    const managed = await shell('echo "$GREETING"; echo "home: $HOME" >&2');
    await managed.exited;
    expect(await managed.lastLines(5)).toBe('good morning\nhome:');
  });

  it('says how it ended', async () => {
    expect(await (await shell('exit 4')).exited).toEqual({ code: 4, signal: null });
    expect(await (await shell('kill -9 $$')).exited).toEqual({ code: null, signal: 'SIGKILL' });
  });

  it('takes all it has started with it when it is stopped', async () => {
    const managed = await shell('sleep 1000 & echo $! > grandchild; wait');
    const grandchild = await pidIn('grandchild');
    await managed.stop('SIGTERM', 10_000);
    await eventually(() => expect(isAlive(grandchild)).toBe(false));
    expect(managed.running).toBe(false);
  });

  it('leaves nothing behind when it ends by itself', async () => {
    const managed = await shell('sleep 1000 & echo $! > grandchild');
    await managed.exited;
    const grandchild = await pidIn('grandchild');
    await eventually(() => expect(isAlive(grandchild)).toBe(false));
  });

  it('is killed when it does not end in time', async () => {
    const managed = await shell('trap "" TERM; echo > ready; while :; do sleep 1; done');
    await eventually(() => readFileSync(join(directory, 'ready')));
    await managed.stop('SIGTERM', 100);
    expect(await managed.exited).toEqual({ code: null, signal: 'SIGKILL' });
  });

  it('does not mind being stopped or signalled when it has ended', async () => {
    const managed = await shell('exit 0');
    await managed.exited;
    managed.signal('SIGTERM');
    await managed.stop('SIGTERM', 60_000);
    expect(await managed.exited).toEqual({ code: 0, signal: null });
  });

  it('cannot be started from a program that is not there', async () => {
    const options = { name: 'x', args: [], env: {}, cwd: directory, logFile: join(directory, 'x.log') };
    await expect(ManagedProcess.spawn({ ...options, command: '/no/such/program' })).rejects.toMatchObject({
      code: 'TOOL_MISSING',
    });
  });
});

describe('waiting until a process is ready', () => {
  it('ends when the process says so, however often it could not be asked before', async () => {
    const managed = await shell('sleep 1000');
    let asked = 0;
    const ready = async () => {
      asked++;
      if (asked === 1) throw new Error('connection refused');
      return asked === 3;
    };
    await waitUntilReady(managed, ready, 60_000);
    expect(asked).toBe(3);
  });

  it('fails with the last lines of a process that ends meanwhile, even if somebody else answers for it', async () => {
    const managed = await shell('echo "address already in use"; exit 1');
    await managed.exited;
    await expect(waitUntilReady(managed, async () => true, 60_000)).rejects.toMatchObject({
      code: 'LOCAL_STACK_FAILED',
      message: 'example ended while it started:\naddress already in use',
    });
  });

  it('fails when the time is up', async () => {
    const managed = await shell('echo "still thinking"; sleep 1000');
    await eventually(async () => expect(await managed.lastLines(1)).toBe('still thinking'));
    await expect(waitUntilReady(managed, async () => false, 200)).rejects.toMatchObject({
      code: 'LOCAL_STACK_FAILED',
      message: 'example is not ready after 0.2 s:\nstill thinking',
    });
  });
});
