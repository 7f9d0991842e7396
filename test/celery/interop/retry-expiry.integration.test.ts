import { beforeAll, expect, it } from '@jest/globals';
import { tasks } from '../worker/fixtures/tasks.ts';
import { describeWithPython } from './describe-with-python.ts';

describeWithPython('a call from Python that is retried', (at) => {
  beforeAll(async () => {
    const taskModule = new URL('../worker/fixtures/tasks.ts', import.meta.url);
    await at().bench.worker({ tasks, taskModule, queues: [{ name: 'expiring' }], nodeName: 'expiring@here' });
  });

  /** Calls a task whose next attempt comes after so many seconds. @param args countdown, and perhaps expiry */
  const call = (args: readonly (number | null)[], options = '', task = 'tests.try_expiring') => {
    const given = JSON.stringify(args).replaceAll('null', 'None');
    return at().python.run(`app.send_task("${task}", ${given}, queue="expiring"${options}).get(timeout=45)`);
  };
  const expired = { excType: 'TaskRevokedError', excMessage: ['expired'] };

  it.each(['tests.try_expiring', 'tests.try_expiring_in_thread'])(
    'is revoked where its task lets the next attempt expire before its time: %s',
    async (task) => {
      await expect(call([2, 1], '', task)).rejects.toMatchObject(expired);
    },
  );

  it('runs again in time, and expires then when its task said', async () => {
    const before = Date.now();
    const expires = Number(await call([0, 600], ', expires=3600'));
    expect(expires).toBeGreaterThanOrEqual(before + 600_000);
    expect(expires).toBeLessThan(before + 3_000_000);
  });

  it('keeps its expiry where its task says nothing of it', async () => {
    await expect(call([5], ', expires=3')).rejects.toMatchObject(expired);
    const before = Date.now();
    const expires = Number(await call([0], ', expires=3600'));
    expect(expires).toBeGreaterThanOrEqual(before + 3_600_000);
  });

  it('expires no more where its task lifts that', async () => {
    expect(await call([0, null], ', expires=3600')).toBeNull();
  });
});
