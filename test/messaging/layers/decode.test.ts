import { describe, expect, it } from '@jest/globals';
import { decode } from '../../../workers/messaging/layers/decode.ts';
import { deliveryOf, recordingHandle } from '../delivery-of.ts';

async function decoded(given: Parameters<typeof deliveryOf>[0], maxBytes = 1_000) {
  const { handle, reached } = recordingHandle();
  const outcome = await decode(maxBytes)(handle)(deliveryOf(given));
  return { outcome, payload: reached[0]?.payload, reached: reached.length };
}

describe('the decode layer', () => {
  it('hands the decoded body on', async () => {
    expect(await decoded({ content: Buffer.from('{"name":"Zoë"}') })).toEqual({
      outcome: { kind: 'done' },
      payload: { name: 'Zoë' },
      reached: 1,
    });
  });

  it.each([
    undefined,
    'application/json',
    'APPLICATION/JSON',
    'application/json; charset=utf-8',
    'application/json;charset="UTF-8"',
    'application/json ; profile=x',
  ])('takes the content type %p', async (contentType) => {
    expect((await decoded({ contentType })).outcome).toEqual({ kind: 'done' });
  });

  it.each([
    'text/plain',
    'application/jsonp',
    'application/x-python-serialize',
    'application/json; charset=latin1',
  ])('refuses the content type %p', async (contentType) => {
    const { outcome, reached } = await decoded({ contentType });
    expect(outcome).toMatchObject({ kind: 'dead', code: 'MESSAGE_CONTENT_TYPE_UNSUPPORTED' });
    expect(reached).toBe(0);
  });

  it.each([undefined, 'utf-8', 'UTF8', 'identity'])('takes the encoding %p', async (contentEncoding) => {
    expect((await decoded({ contentEncoding })).outcome).toEqual({ kind: 'done' });
  });

  it.each(['gzip', 'binary', 'utf-16'])('refuses the encoding %p', async (contentEncoding) => {
    expect((await decoded({ contentEncoding })).outcome).toMatchObject({
      code: 'MESSAGE_CONTENT_TYPE_UNSUPPORTED',
      reason: expect.stringContaining(contentEncoding),
    });
  });

  it.each([
    ['an empty body', Buffer.alloc(0)],
    ['half a document', Buffer.from('{"n":')],
    ['two documents', Buffer.from('{} {}')],
    ['bytes that are no UTF-8', Buffer.from([0x22, 0xff, 0xfe, 0x22])],
    ['zeros', Buffer.alloc(10)],
    ['brackets nested deeply', Buffer.from('['.repeat(900))],
  ])('refuses %s', async (_, content) => {
    expect((await decoded({ content })).outcome).toMatchObject({ kind: 'dead', code: 'MESSAGE_NOT_JSON' });
  });

  it('refuses a body larger than the queue takes, before looking at anything else', async () => {
    const content = Buffer.alloc(1_001, '1');
    expect((await decoded({ content, contentType: 'text/plain' })).outcome).toMatchObject({
      code: 'MESSAGE_TOO_LARGE',
      reason: 'the body has 1001 bytes; at most 1000 are taken',
    });
    expect((await decoded({ content: Buffer.alloc(1_000, '1') })).outcome).toEqual({ kind: 'done' });
  });
});
