import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { validate } from '../../../workers/messaging/layers/validate.ts';
import { deliveryOf, recordingHandle } from '../delivery-of.ts';

const schema = z.strictObject({ n: z.int(), note: z.string().default('none') });

describe('the validate layer', () => {
  it('hands on the payload as the schema reads it', async () => {
    const { handle, reached } = recordingHandle();
    await validate(schema)(handle)(deliveryOf({ payload: { n: 1 } }));
    expect(reached[0]?.payload).toEqual({ n: 1, note: 'none' });
  });

  it.each([null, undefined, [], 'x', 7, {}, { n: 'one' }, { n: 1.5 }, { n: 1, extra: true }])(
    'sends %p to the dead letters and names what is wrong',
    async (payload) => {
      const { handle, reached } = recordingHandle();
      const outcome = await validate(schema)(handle)(deliveryOf({ payload }));
      expect(outcome).toMatchObject({ kind: 'dead', code: 'MESSAGE_SCHEMA_INVALID' });
      expect(outcome).toHaveProperty('reason', expect.stringMatching(/\w/));
      expect(reached).toEqual([]);
    },
  );

  it('names the place and keeps the list short', async () => {
    const { handle } = recordingHandle();
    const many = z.array(z.strictObject({ n: z.int() }));
    const payload = Array.from({ length: 50 }, () => ({ n: 'x' }));
    const outcome = await validate(many)(handle)(deliveryOf({ payload }));
    expect(outcome).toHaveProperty('reason', expect.stringMatching(/^0\.n: .*; and 40 more$/));
  });
});
