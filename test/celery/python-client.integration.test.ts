import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { pythonRepr } from '../../workers/celery/protocol/python-repr.ts';
import { encodeTask } from '../../workers/celery/protocol/task-message.ts';
import { sendOnce } from '../../workers/messaging/send-once.ts';
import { smartEats } from '../../workers/platform/platform.ts';
import type { Json } from '../../workers/platform/tasks.ts';
import { topologyOf } from '../../workers/platform/topology.ts';
import { freshVhost, type TestVhost } from '../harness/broker.ts';
import { MemoryLog } from '../messaging/test-runtime.ts';
import { pythonCeleryVersion, runPython } from './python-celery.ts';

/** A message as Python's kombu reads it. */
interface SeenMessage {
  readonly properties: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: unknown;
}

interface Received {
  readonly ours: SeenMessage;
  readonly theirs: SeenMessage;
  /** What each run of the task was called with. */
  readonly ran: readonly Readonly<Record<string, unknown>>[];
}

const version = pythonCeleryVersion();
const title = `Python's Celery ${version ?? '(not installed, so this did not run)'}`;

(version === undefined ? describe.skip : describe)(title, () => {
  const call = {
    task: 'tests.report',
    id: 'weekly-report-209901010200',
    args: ['r1', 1.5, null, true, ['ü', "it's"]],
    kwargs: { days: 7, note: '日本\n' },
  };
  let vhost: TestVhost;
  let received: Received;

  beforeAll(async () => {
    vhost = await freshVhost(smartEats);
    await sendOnce({
      connection: { url: vhost.url },
      topology: topologyOf(smartEats),
      message: encodeTask({
        ...call,
        queue: 'celery',
        origin: 'tests',
        expires: new Date('2099-01-02T02:00:00Z'),
        headers: { periodic_task_name: 'weekly-report' },
      }),
      name: 'tests',
      log: new MemoryLog(),
      patienceMs: 30_000,
    });
    // The script writes this.
    received = runPython('receive_task.py', call, [vhost.url, 'celery', 'tests']) as Received;
  });
  afterAll(() => vhost.drop());

  it('runs the task from our message, once, with its arguments and its id', () => {
    expect(received.ran).toEqual([
      {
        args: call.args,
        kwargs: call.kwargs,
        id: call.id,
        root_id: call.id,
        expires: '2099-01-02T02:00:00.000+00:00',
        retries: 0,
        periodic_task_name: 'weekly-report',
      },
    ]);
  });

  it('sees the same properties as in its own message, but for the mailbox of a waiting client', () => {
    const { reply_to: _, ...theirs } = received.theirs.properties;
    // Some versions leave the priority out where it is 0, and some do not.
    expect(received.ours.properties).toEqual({ priority: 0, ...theirs });
  });

  it('sees the same body as in its own message', () => {
    expect(received.ours.body).toEqual(received.theirs.body);
  });

  it('sees every header of its own message, with the same values where they are not about the sender', () => {
    const { lang, origin, expires, argsrepr, kwargsrepr, ...theirs } = received.theirs.headers;
    expect(received.ours.headers).toMatchObject(theirs);
    for (const name of Object.keys({ lang, origin, expires, argsrepr, kwargsrepr }))
      expect(received.ours.headers).toHaveProperty([name]);
  });

  it('shows every value as we say it would', () => {
    const characters = Array.from({ length: 0x800 }, (_, point) => String.fromCodePoint(point)).join('');
    const values: readonly Json[] = [
      [null, true, false, { a: [{}] }, []],
      ['', "'", '"', '\'"', '\\', ...(characters.match(/.{1,200}/gsu) ?? [])],
      [0, -1, 2 ** 53, 1e21, -1e300, 0.1, 1 / 3, 1e-4, 9.99e-5, 5e-324, 123.456e-10],
    ].flat();
    expect(values.map(pythonRepr)).toEqual(runPython('repr.py', values));
  });
});
