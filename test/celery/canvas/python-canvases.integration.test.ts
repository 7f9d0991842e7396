import { beforeAll, describe, expect, it } from '@jest/globals';
import type { TaskMessage } from '../../../workers/celery/protocol/task-message.ts';
import { pythonCeleryVersion, runPython } from '../python-celery.ts';
import { SmallWorker } from './small-worker.ts';

/** What `send_canvases.py` writes of each canvas. */
interface SentCanvas {
  /** Of its result. */
  readonly id: string;
  readonly messages: readonly {
    readonly headers: Readonly<Record<string, unknown>>;
    readonly body: unknown;
  }[];
  /** How many parts each chord has that the client itself took apart. */
  readonly sizes: Readonly<Record<string, number>>;
}

function messageOf({ headers, body }: SentCanvas['messages'][number]): TaskMessage {
  return {
    exchange: '',
    routingKey: 'celery',
    content: Buffer.from(JSON.stringify(body)),
    properties: {
      contentType: 'application/json',
      contentEncoding: 'utf-8',
      deliveryMode: 2,
      priority: 0,
      correlationId: String(headers['id']),
      mandatory: true,
      headers,
    },
  };
}

const version = pythonCeleryVersion();
const title = `a canvas that Python's Celery ${version ?? '(not installed, so this did not run)'} sent`;

(version === undefined ? describe.skip : describe)(title, () => {
  let sent: Readonly<Record<string, SentCanvas>>;

  beforeAll(() => {
    // The script writes this.
    sent = runPython('send_canvases.py', null) as Readonly<Record<string, SentCanvas>>;
  });

  async function resultOf(name: string) {
    const worker = new SmallWorker();
    const canvas = sent[name];
    if (canvas === undefined) throw new Error(`the script does not send ${name}`);
    for (const [group, size] of Object.entries(canvas.sizes)) await worker.backend.setChordSize(group, size);
    await worker.take(canvas.messages.map(messageOf));
    return worker.resultOf(canvas.id);
  }

  it.each([
    ['a chain', 10],
    ['a group between steps', 8],
    ['a chord in a chain', 8],
    ['two chords in a chain', 17],
    ['a chord in a header', 12],
    ['a chain in a header', [7, 6]],
    ['a chord for a body', 4],
    ['a chain for a body', 16],
  ])('has its result under the id that the client waits for: %s', async (name, result) => {
    expect(await resultOf(name)).toEqual(result);
  });

  it('fails under that id as well', async () => {
    expect(JSON.stringify(await resultOf('a chain that fails in a header'))).toContain(
      "raised ValueError('boom')",
    );
  });
});
