import { describe, expect, it } from '@jest/globals';
import { wideIntegers } from '../../workers/messaging/wide-integers.ts';

const int = (value: number) => ({ '!': 'int', value });

describe('whole numbers in a header table', () => {
  it.each([128, 300, 32_767, -1, -128, -129, -32_768])(
    'are sent with 32 bits where they are like %d',
    (value) => {
      expect(wideIntegers({ value })).toEqual({ value: int(value) });
    },
  );

  it.each([0, 127, 32_768, -32_769, 2 ** 40, 1.5, -0.5])(
    'are left as they are where they are like %d',
    (value) => {
      expect(wideIntegers({ value })).toEqual({ value });
    },
  );

  it('are found in lists and tables too', () => {
    expect(wideIntegers({ timelimit: [300, null], stamps: { tenants: [1, { id: 200 }] } })).toEqual({
      timelimit: [int(300), null],
      stamps: { tenants: [1, { id: int(200) }] },
    });
  });

  it('leave a table alone that needs no change, and values whose type is given', () => {
    const table = {
      id: 'x',
      retries: 3,
      timelimit: [null, null],
      stamps: {},
      bytes: Buffer.from([1]),
      at: { '!': 'timestamp', value: 200 },
    };
    expect(wideIntegers(table)).toBe(table);
  });
});
