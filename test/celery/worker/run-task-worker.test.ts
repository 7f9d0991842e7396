import { EventEmitter } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { runTaskWorker } from '../../../workers/celery/worker/run-task-worker.ts';
import type { ShutdownMode } from '../../../workers/celery/worker/task-worker.ts';
import { MemoryLog } from '../../messaging/test-runtime.ts';

/** Runs a worker that only notes how it is told to stop, and ends when `end` is called. */
function run(options: { readonly env?: Record<string, string>; readonly softShutdownSeconds?: number } = {}) {
  const stops: ShutdownMode[] = [];
  const exits: number[] = [];
  let end: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const source = new EventEmitter();
  const code = runTaskWorker(
    {
      ended,
      start: () => undefined,
      stop: async (mode) => {
        stops.push(mode);
      },
    },
    {
      log: new MemoryLog(),
      env: {},
      softShutdownSeconds: 0,
      source,
      exit: (each) => exits.push(each),
      ...options,
    },
  );
  return { stops, exits, source, end, code };
}

describe('the process of a worker', () => {
  it('shuts down warmly on SIGTERM, once, and ends with 0', async () => {
    const { stops, source, end, code } = run();
    source.emit('SIGTERM');
    source.emit('SIGTERM');
    end();
    expect(stops).toEqual(['warm']);
    expect(await code).toBe(0);
  });

  it('shuts down coldly on SIGQUIT, and ends with 1', async () => {
    const { stops, source, end, code } = run();
    source.emit('SIGQUIT');
    end();
    expect(stops).toEqual(['cold']);
    expect(await code).toBe(1);
  });

  it('gives running tasks their time on SIGQUIT where it has such, and none on the second', async () => {
    const { stops, source, end, code } = run({ softShutdownSeconds: 5 });
    source.emit('SIGQUIT');
    source.emit('SIGQUIT');
    end();
    expect(stops).toEqual(['soft', 'cold']);
    expect(await code).toBe(1);
  });

  it('takes SIGTERM for SIGQUIT where it is told to', async () => {
    const { stops, source, end, code } = run({
      env: { REMAP_SIGTERM: 'SIGQUIT' },
      softShutdownSeconds: 5,
    });
    source.emit('SIGTERM');
    end();
    expect(stops).toEqual(['soft']);
    expect(await code).toBe(1);
  });

  it('shuts down warmly on the first SIGINT and coldly on the second', async () => {
    const { stops, source, end, code } = run();
    source.emit('SIGINT');
    source.emit('SIGINT');
    end();
    expect(stops).toEqual(['warm', 'cold']);
    expect(await code).toBe(1);
  });

  it('ends on the spot when it is told to quit while it shuts down coldly', async () => {
    const { exits, source, end, code } = run();
    source.emit('SIGQUIT');
    expect(exits).toEqual([]);
    source.emit('SIGQUIT');
    expect(exits).toEqual([1]);
    end();
    await code;
  });

  it('ends with 0 when remote control shut it down, and hears no signal afterwards', async () => {
    const { source, end, code } = run();
    end();
    expect(await code).toBe(0);
    expect(source.eventNames()).toEqual([]);
  });
});
