import { expect, it } from '@jest/globals';
import { eventually } from '../../harness/eventually.ts';
import { describeWithPython } from './describe-with-python.ts';

describeWithPython('a call from Python', (at) => {
  const run = (source: string) => at().python.run(source);
  const result = (canvas: string) => at().python.result(canvas);

  it('has the result of a task of ours', async () => {
    expect(await result('tasks.add.s(2, 3)')).toBe(5);
    expect(await run('tasks.add.delay(2, y=3).get(timeout=45)')).toBe(5);
  });

  it('has every value back as it was sent', async () => {
    const same = `
values = [None, True, 1, 2**60, -(2**70), 1.5, 1e300, "ü日本\\n", [], {}, {"a": [1, {"b": None}]}, float("inf")]
tasks.identity.delay(values).get(timeout=45) == values`;
    expect(await run(same)).toBe(true);
  });

  it('raises the exception of the task, with its arguments', async () => {
    await expect(run('tasks.raise_error.delay().get(timeout=45)')).rejects.toMatchObject({
      excType: 'ValueError',
      excMessage: ['deliberate error'],
    });
    await expect(run('tasks.fail.delay("a", 2).get(timeout=45)')).rejects.toMatchObject({
      excType: 'ExpectedException',
      excMessage: ['Task expected to fail', 'a', 2],
    });
  });

  it('raises TypeError for arguments that do not fit, in the words of Python', async () => {
    await expect(run('tasks.add_not_typed.delay(5).get(timeout=45)')).rejects.toMatchObject({
      excType: 'TypeError',
      excMessage: ["add_not_typed() missing 1 required positional argument: 'y'"],
    });
  });

  it('raises NotRegistered for a task that nobody has', async () => {
    await expect(run('app.send_task("tests.nobody").get(timeout=45)')).rejects.toMatchObject({
      excType: 'NotRegistered',
    });
  });

  it('knows where a task failed', async () => {
    const traceback = `
failed = tasks.raise_error.delay()
failed.get(timeout=45, propagate=False)
[failed.state, failed.failed(), failed.traceback]`;
    expect(await run(traceback)).toEqual(['FAILURE', true, expect.stringContaining('deliberate error')]);
  });

  it('is retried under the same id', async () => {
    expect(await result('tasks.retry_once.s()')).toBe(1);
    expect(await run('tasks.retry_once_priority.apply_async(priority=7).get(timeout=45)')).toBe(7);
    const headers = 'tasks.retry_once_headers.apply_async(headers={"x-mine": "v"}).get(timeout=45)["x-mine"]';
    expect(await run(headers)).toBe('v');
  });

  it('sees that a task is to be tried again, and why', async () => {
    await run(
      'again = tasks.retry_unpickleable.delay("f", "b", retry_kwargs={"countdown": 600, "max_retries": 1})\n1',
    );
    await eventually(async () => expect(await run('again.state')).toBe('RETRY'));
    expect(await run('repr(again.result)')).toContain('UnpickleableException');
  });

  it('waits for its time', async () => {
    const timed = `
import time
start = time.monotonic()
[tasks.add.apply_async((1, 1), countdown=2).get(timeout=45), time.monotonic() - start >= 2]`;
    expect(await run(timed)).toEqual([2, true]);
  });

  it('is revoked when it expires before its turn', async () => {
    const late = `
for _ in range(4): tasks.sleeping.delay(2)
tasks.add.apply_async((1, 1), expires=1).get(timeout=45)`;
    await expect(run(late)).rejects.toMatchObject({ excType: 'TaskRevokedError', excMessage: ['expired'] });
  });

  it('does not run when it is revoked before its turn', async () => {
    const revoked = `
for _ in range(4): tasks.sleeping.delay(2)
unwanted = tasks.redis_echo.delay("never", redis_key="unwanted")
unwanted.revoke()
unwanted.get(timeout=45)`;
    await expect(run(revoked)).rejects.toMatchObject({
      excType: 'TaskRevokedError',
      excMessage: ['revoked'],
    });
    await run('[tasks.sleeping.delay(0).get(timeout=45) for _ in range(4)]');
    expect(await run('app.backend.client.llen("unwanted")')).toBe(0);
  });

  it('is ended while it runs when it is terminated', async () => {
    await run('running = tasks.sleeping.delay(600)\n1');
    const id = String(await run('running.id'));
    await eventually(() =>
      expect(
        at()
          .worker.told('started')
          .map((each) => each.id),
      ).toContain(id),
    );
    await expect(run('running.revoke(terminate=True)\nrunning.get(timeout=45)')).rejects.toMatchObject({
      excType: 'TaskRevokedError',
    });
  });

  it('leaves nothing behind where nobody wants the result', async () => {
    const ignored = `
ignored = tasks.redis_count.apply_async(kwargs={"redis_key": "ignored"}, ignore_result=True)
ignored.id`;
    const id = String(await run(ignored));
    await eventually(async () => expect(await run('app.backend.client.get("ignored").decode()')).toBe('1'));
    await eventually(() =>
      expect(
        at()
          .worker.told('succeeded')
          .map((each) => each.id),
      ).toContain(id),
    );
    expect(await run('ignored.state')).toBe('PENDING');
  });

  it('tells the task its priority, and all else that it sends along', async () => {
    expect(await run('tasks.return_priority.apply_async(priority=3).get(timeout=45)')).toBe('Priority: 3');
    expect(await run('tasks.return_properties.apply_async(app_id="1234").get(timeout=45)')).toMatchObject({
      app_id: '1234',
      content_type: 'application/json',
    });
  });

  it('is rejected for good, or until it comes again', async () => {
    await expect(run('tasks.reject_without_requeue.delay().get(timeout=45)')).rejects.toMatchObject({
      excType: 'Reject',
    });
    expect(await result('tasks.reject_then_succeed.s()')).toBe('second-pass');
  });
});
