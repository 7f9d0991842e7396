import { deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { decodeTask, type TaskDeliveryMessage } from '../../../workers/celery/protocol/decode-task.ts';
import { MalformedTask } from '../../../workers/celery/protocol/malformed-task.ts';
import { encodeRetry, encodeTask, type TaskMessage } from '../../../workers/celery/protocol/task-message.ts';

const fields = { exchange: '', routingKey: 'celery', redelivered: false };
const signature = { task: 'next', args: [], kwargs: {}, options: {}, subtask_type: null, immutable: false };

/** A message as amqplib delivers what was sent. */
const delivered = ({ content, properties }: TaskMessage): TaskDeliveryMessage => ({
  content,
  properties,
  fields,
});

function message(headers: object, body: unknown, properties: object = {}): TaskDeliveryMessage {
  const content = Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
  return { content, properties: { contentType: 'application/json', headers, ...properties }, fields };
}

function refusalOf(bad: TaskDeliveryMessage): MalformedTask {
  try {
    decodeTask(bad, 'celery');
  } catch (error) {
    if (error instanceof MalformedTask) return error;
    throw error;
  }
  throw new Error('it was read');
}

describe('a task message', () => {
  it('is read as it was sent', () => {
    const call = {
      task: 'tasks.add',
      id: 'a',
      args: [1, 2n ** 60n],
      kwargs: { by: 'x' },
      queue: 'celery',
      origin: 'tests',
      eta: new Date('2026-11-25T10:00:00.500Z'),
      expires: new Date('2026-11-26T10:00:00Z'),
      callbacks: [signature],
      errbacks: [signature],
      chain: [signature],
      chord: signature,
      group: 'g',
      groupIndex: 3,
      rootId: 'r',
      parentId: 'p',
      retries: 2,
      timeLimit: { hard: 10, soft: 5 },
      headers: { mine: 'yes' },
      stampedHeaders: ['stamp'],
      stamps: { stamp: 'v' },
      priority: 4,
      replyTo: 'q',
    };
    const { queue: _queue, priority, ...expected } = call;
    const request = decodeTask(delivered(encodeTask(call)), 'celery');
    expect(request).toMatchObject({ ...expected, protocol: 2, ignoreResult: false });
    expect(request.delivery).toEqual({ ...fields, queue: 'celery', priority });
    expect(request.argsRepr).toBe('[1, 1152921504606846976]');
  });

  it('needs no more than a task and an id', () => {
    const request = decodeTask(message({ task: 't', id: 'i' }, [[], {}, null]), 'celery');
    expect(request).toMatchObject({
      task: 't',
      id: 'i',
      rootId: 'i',
      retries: 0,
      chain: [],
      headers: undefined,
    });
  });

  it('is read in protocol 1', () => {
    const body = { task: 't', id: 'i', args: [1], kwargs: {}, retries: 1, taskset: 'g', chord: signature };
    expect(decodeTask(message({}, body), 'celery')).toMatchObject({
      protocol: 1,
      task: 't',
      args: [1],
      retries: 1,
      group: 'g',
      chord: signature,
    });
  });

  it.each([
    ['2026-11-23T01:11:24.815321+00:00', '2026-11-23T01:11:24.815Z'],
    ['2026-11-23T01:11:24Z', '2026-11-23T01:11:24.000Z'],
    ['2026-11-23T01:11:24', '2026-11-23T01:11:24.000Z'],
    ['2026-11-23T03:11:24+02:00', '2026-11-23T01:11:24.000Z'],
  ])('may be due at %s', (eta, time) => {
    const request = decodeTask(message({ task: 't', id: 'i', eta }, [[], {}, {}]), 'celery');
    expect(request.eta?.toISOString()).toBe(time);
  });

  it.each([deflateSync, gzipSync])('may be compressed', (compress) => {
    const body = compress(Buffer.from('[[7],{},{}]'));
    const headers = { task: 't', id: 'i', compression: 'application/x-gzip' };
    expect(decodeTask(message(headers, body), 'celery').args).toEqual([7]);
  });

  it('does not take what a broker adds for headers of the caller', () => {
    const headers = { task: 't', id: 'i', 'x-death': [{ count: 1 }], 'x-delivery-count': 2, mine: 1 };
    expect(decodeTask(message(headers, [[], {}, {}]), 'celery').headers).toEqual({ mine: 1 });
  });

  it('of the next attempt has the same id, one more attempt and itself as parent', () => {
    const first = decodeTask(
      delivered(
        encodeTask({ task: 't', id: 'i', args: [1], kwargs: {}, queue: 'q', origin: 'o', rootId: 'r' }),
      ),
      'q',
    );
    const eta = new Date('2026-11-25T10:00:00Z');
    const next = decodeTask(delivered(encodeRetry(first, { queue: 'q', eta, origin: 'w' })), 'q');
    expect(next).toMatchObject({ id: 'i', retries: 1, parentId: 'i', rootId: 'r', args: [1], eta });
  });
});

describe('a message that cannot be read', () => {
  const named = { task: 't', id: 'i', group: 'g', group_index: 1 };

  it.each([
    ['no content type', message(named, [[], {}, {}], { contentType: undefined }), 'InvalidTaskError'],
    [
      'pickle',
      message(named, [[], {}, {}], { contentType: 'application/x-python-serialize' }),
      'ContentDisallowed',
    ],
    ['no JSON', message(named, Buffer.from('[[1,')), 'InvalidTaskError'],
    ['no UTF-8', message(named, Buffer.from([0x22, 0xff, 0x22])), 'InvalidTaskError'],
    [
      'another compression',
      message({ ...named, compression: 'application/x-bz2' }, [[], {}, {}]),
      'InvalidTaskError',
    ],
    [
      'a broken compression',
      message({ ...named, compression: 'application/x-gzip' }, [[], {}, {}]),
      'InvalidTaskError',
    ],
    ['a body of two', message(named, [[], {}]), 'InvalidTaskError'],
    ['kwargs that are a list', message(named, [[], [], {}]), 'InvalidTaskError'],
    ['args that are a mapping', message(named, [{}, {}, {}]), 'InvalidTaskError'],
    ['a bad eta', message({ ...named, eta: 'soon' }, [[], {}, {}]), 'InvalidTaskError'],
    ['a bad expiry', message({ ...named, expires: '25:00' }, [[], {}, {}]), 'InvalidTaskError'],
    ['callbacks that are none', message(named, [[], {}, { callbacks: [1] }]), 'InvalidTaskError'],
  ])('for %s still says whose it is', (_why, bad, type) => {
    const refusal = refusalOf(bad);
    expect(refusal).toMatchObject({ id: 'i', task: 't', group: 'g', groupIndex: 1 });
    expect(refusal.exception.exc_type).toBe(type);
    expect(refusal.reason).not.toBe('');
  });

  it('keeps its chord, so that it can be counted', () => {
    expect(refusalOf(message({ ...named, eta: 'x' }, [[], {}, { chord: signature }])).chord).toEqual(
      signature,
    );
  });

  it.each([
    ['no task', message({ id: 'i' }, [[], {}, {}])],
    ['no id', message({ task: 't' }, [[], {}, {}])],
    ['nothing at all', message({}, null)],
  ])('for %s has nobody to tell', (_why, bad) => {
    expect(refusalOf(bad).exception.exc_type).toBe('InvalidTaskError');
  });

  it('is refused for a time that no clock shows, and for more levels than any writer has', () => {
    for (const eta of [1e300, -1e300])
      expect(refusalOf(message({ task: 'a', id: 'i', eta }, [[], {}, null])).reason).toContain('eta');
    const deep = Buffer.from(`[[${'['.repeat(20_000)}${']'.repeat(20_000)}],{},null]`);
    expect(refusalOf(message({ task: 'a', id: 'i' }, deep))).toMatchObject({ id: 'i' });
  });

  it('may be as deep as Python writes it', () => {
    const deep = Buffer.from(`[[${'['.repeat(400)}${']'.repeat(400)}],{},null]`);
    expect(decodeTask(message({ task: 'a', id: 'i' }, deep), 'celery').argsRepr).toContain('...');
  });
});
