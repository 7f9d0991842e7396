import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from '@jest/globals';
import { eventually } from '../harness/eventually.ts';

const script = fileURLToPath(new URL('./fixtures/interruptible.ts', import.meta.url));
let child: ChildProcess | undefined;

afterEach(() => {
  child?.kill('SIGKILL');
});

/** Starts a program that can be interrupted and waits until it works. */
async function start(stoppingMs: number) {
  const started = spawn(process.execPath, ['--import', 'tsx', script, String(stoppingMs)]);
  child = started;
  let written = '';
  started.stderr.setEncoding('utf8').on('data', (text) => {
    written += text;
  });
  await once(started.stdout, 'data');
  started.stdout.resume();
  return { started, exited: once(started, 'exit'), stderr: () => written };
}

describe('a program that can be interrupted', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('stops cleanly after %s', async (signal) => {
    const { started, exited, stderr } = await start(0);
    started.kill(signal);
    expect(await exited).toEqual([0, null]);
    expect(stderr()).toBe('stopping\nstopped\n');
  });

  it('takes a signal that npm repeats for the same request', async () => {
    const { started, exited, stderr } = await start(400);
    started.kill('SIGINT');
    await eventually(() => expect(stderr()).toBe('stopping\n'));
    started.kill('SIGINT');
    expect(await exited).toEqual([0, null]);
    expect(stderr()).toBe('stopping\nstopped\n');
  });

  it('ends at once when it is interrupted again', async () => {
    const { started, exited, stderr } = await start(600_000);
    started.kill('SIGINT');
    await eventually(() => expect(stderr()).toBe('stopping\n'));
    const repeat = setInterval(() => started.kill('SIGINT'), 200);
    expect(await exited).toEqual([130, null]);
    clearInterval(repeat);
    expect(stderr()).toBe('stopping\n');
  });

  it('stops cleanly when nobody reads its output any more', async () => {
    const { started, exited } = await start(0);
    started.stdout.destroy();
    expect(await exited).toEqual([0, null]);
  });
});
