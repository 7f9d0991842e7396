import { describe, expect, it } from '@jest/globals';
import type { Message } from 'amqplib';
import { deadLetterHeaders, readDeadLetter, tellsOfThePast } from '../../workers/messaging/dead-letter.ts';
import { encodedSize } from '../../workers/messaging/header-table.ts';
import { PlatformError } from '../../workers/platform/errors.ts';

const at = new Date('2026-05-01T12:00:00.000Z');

function headersFor(error: unknown, reason = 'because') {
  const outcome = { kind: 'dead', code: 'MESSAGE_REJECTED', reason, error } as const;
  return deadLetterHeaders({ queue: 'work', attempt: 3, headers: { 'x-delivery-count': 2 }, outcome, at });
}

function messageWith(properties: object): Message {
  // A message of the client library as far as a dead letter reads it.
  return { content: Buffer.from('{}'), properties, fields: {} } as unknown as Message;
}

describe('the headers of a dead letter', () => {
  it('say what became of the message', () => {
    expect(headersFor(undefined)).toEqual({
      'x-dead-code': 'MESSAGE_REJECTED',
      'x-dead-reason': 'because',
      'x-dead-attempts': 3,
      'x-dead-queue': 'work',
      'x-dead-at': '2026-05-01T12:00:00.000Z',
      'x-dead-delivery-count': 2,
    });
  });

  it('tell the error with its code and stack', () => {
    const headers = headersFor(new PlatformError('NO_DRIVER_FREE', 'none near'));
    expect(headers['x-dead-error-name']).toBe('PlatformError NO_DRIVER_FREE');
    expect(headers['x-dead-error-message']).toBe('none near');
    expect(headers['x-dead-error-stack']).toContain('dead-letter.test');
  });

  it.each(['a text', 42, null, { toString: () => 'odd' }, Object.create(null)])(
    'describe %p, which is no error, as well as it goes',
    (thrown) => {
      expect(typeof headersFor(thrown)['x-dead-error-message']).toBe('string');
    },
  );

  it('stay far below the size of a frame, whatever is thrown', () => {
    const error = new Error('€'.repeat(100_000));
    error.name = 'N'.repeat(10_000);
    error.stack = '€'.repeat(1_000_000);
    expect(encodedSize(headersFor(error, '€'.repeat(100_000)))).toBeLessThan(16 * 1024);
  });
});

describe('reading a dead letter', () => {
  it('finds what was written', () => {
    const headers = headersFor(new TypeError('broken'));
    const letter = readDeadLetter(messageWith({ messageId: 'm', contentType: 'application/json', headers }));
    expect(letter).toMatchObject({
      messageId: 'm',
      code: 'MESSAGE_REJECTED',
      reason: 'because',
      attempts: 3,
      diedAt: at,
      error: { name: 'TypeError', message: 'broken' },
      contentType: 'application/json',
    });
  });

  it('tells the reason of the broker for one that the broker gave up', () => {
    const headers = { 'x-first-death-reason': 'delivery_limit' };
    const letter = readDeadLetter(messageWith({ headers }));
    expect(letter.reason).toBe('the broker gave the message up (delivery_limit)');
    expect(letter).toMatchObject({ messageId: '', code: undefined, attempts: undefined, error: undefined });
  });

  it('survives headers of any type', () => {
    const headers = { 'x-dead-code': 5, 'x-dead-at': {}, 'x-dead-attempts': 'x', 'x-dead-error-name': [] };
    expect(readDeadLetter(messageWith({ headers }))).toMatchObject({
      code: undefined,
      attempts: undefined,
      diedAt: undefined,
      error: undefined,
    });
    expect(readDeadLetter(messageWith({})).headers).toEqual({});
  });
});

describe('the headers of past attempts', () => {
  it('are those of the dead letter and the counters', () => {
    expect(['x-dead-code', 'x-attempt', 'x-postponed'].every(tellsOfThePast)).toBe(true);
    expect(['trace', 'x-published-at-ms'].some(tellsOfThePast)).toBe(false);
  });
});
