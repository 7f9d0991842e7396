import { describe, expect, it } from '@jest/globals';
import { defineRawTask } from '../../../workers/celery/define-task.ts';
import { execute } from '../../../workers/celery/worker/execution.ts';
import type { Outcome } from '../../../workers/celery/worker/outcome.ts';
import type { Runner } from '../../../workers/celery/worker/runner.ts';
import type { Limits } from '../../../workers/celery/worker/time-limits.ts';
import { requestOf } from './requests.ts';

const never = new Promise<Outcome>(() => undefined);

/** A runner whose attempts end when a test says so. */
function runnerOf(outcome: Promise<Outcome>) {
  const heard: string[] = [];
  const runner: Runner = {
    begin: async () => ({
      outcome,
      over: outcome.then(() => undefined),
      interrupt: (reason) => heard.push(`interrupt: ${reason.constructor.name}`),
      kill: () => heard.push('kill'),
    }),
  };
  return { runner, heard };
}

function run(runner: Runner, limits: Partial<Limits> = {}, cutShort = never) {
  const task = defineRawTask({ name: 'tests.any', run: () => null });
  const calls = {
    updateState: async () => undefined,
    send: async () => [['x', null], null] as const,
    replace: async () => undefined,
    addToChord: async () => [['x', null], null] as const,
  };
  return execute(
    { task, request: requestOf(), calls },
    { runner, limits: { soft: undefined, hard: undefined, ...limits }, cutShort, onBegin: () => undefined },
  );
}

describe('an attempt', () => {
  it('ends as the task does, and is over then', async () => {
    const { runner, heard } = runnerOf(Promise.resolve({ kind: 'success', value: 1 }));
    const { outcome, over } = await run(runner, { soft: 60, hard: 60 });
    expect(outcome).toEqual({ kind: 'success', value: 1 });
    await over;
    expect(heard).toEqual([]);
  });

  it('hears of its soft limit and is ended at its hard one', async () => {
    const { runner, heard } = runnerOf(never);
    const { outcome } = await run(runner, { soft: 0.05, hard: 0.2 });
    expect(outcome).toEqual({ kind: 'timedOut', limit: 0.2 });
    expect(heard).toEqual(['interrupt: TaskError', 'kill']);
  });

  it('is ended from outside, though for its slot it is not over before its code is', async () => {
    let end: (outcome: Outcome) => void = () => undefined;
    const own = new Promise<Outcome>((resolve) => {
      end = resolve;
    });
    const { runner, heard } = runnerOf(own);
    const cut: Outcome = { kind: 'terminated', signal: 'SIGTERM' };
    const { outcome, over } = await run(runner, {}, Promise.resolve(cut));
    expect([outcome, heard]).toEqual([cut, ['kill']]);
    let isOver = false;
    const watching = over.then(() => {
      isOver = true;
    });
    await Promise.resolve();
    expect(isOver).toBe(false);
    end({ kind: 'success', value: 'late' });
    await watching;
    expect(isOver).toBe(true);
  });

  it('that is given up while it waits for its thread ends as it was told to, and its code does when it begins', async () => {
    const { runner: inner, heard } = runnerOf(Promise.resolve({ kind: 'success', value: 1 }));
    let ready: () => void = () => undefined;
    const thread = new Promise<void>((resolve) => {
      ready = resolve;
    });
    const runner: Runner = { begin: (attempt) => thread.then(() => inner.begin(attempt)) };
    const { outcome, over } = await run(runner, {}, Promise.resolve({ kind: 'cancelled' }));
    expect([outcome, heard]).toEqual([{ kind: 'cancelled' }, []]);
    ready();
    await over;
    expect(heard).toEqual(['kill']);
  });

  it('that is given up is no lost one when its thread never comes', async () => {
    const runner: Runner = { begin: () => Promise.reject(new Error('the thread ended')) };
    await expect(run(runner)).rejects.toThrow('the thread ended');
    const waiting: Runner = { begin: () => new Promise(() => undefined) };
    const { outcome } = await run(waiting, {}, Promise.resolve({ kind: 'cancelled' }));
    expect(outcome).toEqual({ kind: 'cancelled' });
  });
});
