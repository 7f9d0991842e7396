import { describe, expect, it } from '@jest/globals';
import { MalformedControl, parseControlRequest } from '../../../workers/celery/control/control-request.ts';

/** A message as kombu sends it. */
function message(body: unknown, properties: object = {}) {
  return {
    content: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
    // What amqplib says of a message has more fields, which nobody reads here.
    properties: { contentType: 'application/json', headers: { clock: 7 }, ...properties } as never,
  };
}

const ping = { method: 'ping', arguments: {}, destination: null, pattern: null, matcher: null };

describe('a request of remote control', () => {
  it('says what is wanted, of whom, and where the answer goes', () => {
    const replyTo = { exchange: 'reply.celery.pidbox', routing_key: 'oid' };
    const request = parseControlRequest(
      message({ ...ping, arguments: { n: 2 }, ticket: 't', reply_to: replyTo }),
    );
    expect(request).toMatchObject({
      method: 'ping',
      args: { n: 2 },
      replyTo: { exchange: 'reply.celery.pidbox', routingKey: 'oid', ticket: 't' },
      clock: 7,
    });
  });

  it('is for every node unless it names some', () => {
    expect(parseControlRequest(message(ping)).isFor('a@b')).toBe(true);
    const forOne = parseControlRequest(message({ ...ping, destination: ['a@b'] }));
    expect([forOne.isFor('a@b'), forOne.isFor('c@d')]).toEqual([true, false]);
    const forText = parseControlRequest(message({ ...ping, destination: 'a@b' }));
    expect([forText.isFor('a@b'), forText.isFor('c@d')]).toEqual([true, false]);
  });

  it('is for the nodes that its pattern matches, but its destination counts before', () => {
    const pattern = { pattern: 'a@*', matcher: 'glob' };
    const request = parseControlRequest(message({ ...ping, ...pattern }));
    expect([request.isFor('a@b'), request.isFor('c@d')]).toEqual([true, false]);
    const both = parseControlRequest(message({ ...ping, ...pattern, destination: ['c@d'] }));
    expect([both.isFor('a@b'), both.isFor('c@d')]).toEqual([false, true]);
  });

  it('needs neither arguments nor headers', () => {
    const request = parseControlRequest(message({ method: 'ping' }, { headers: undefined }));
    expect(request).toMatchObject({ args: {}, replyTo: undefined, clock: undefined });
  });

  it.each([
    ['text that is no JSON', '{', {}],
    ['a list', [], {}],
    ['null', 'null', {}],
    ['a body without a method', {}, {}],
    ['a method that is no text', { method: 1 }, {}],
    ['arguments that are a list', { ...ping, arguments: [1] }, {}],
    ['an address without a routing key', { ...ping, reply_to: { exchange: 'x' } }, {}],
    ['an address too long', { ...ping, reply_to: { exchange: 'x'.repeat(256), routing_key: 'y' } }, {}],
    ['an address that is a text', { ...ping, reply_to: 'x' }, {}],
    ['pickled content', ping, { contentType: 'application/x-python-serialize' }],
    ['content of no type', ping, { contentType: undefined }],
  ])('is not %s', (_, body, properties) => {
    expect(() => parseControlRequest(message(body, properties))).toThrow(MalformedControl);
  });

  it('is refused by a destination that is no list of names', () => {
    const request = parseControlRequest(message({ ...ping, destination: { a: 1 } }));
    expect(() => request.isFor('a@b')).toThrow(MalformedControl);
  });
});
