import { describe, expect, it } from '@jest/globals';
import { asTable } from '../../../workers/celery/protocol/table.ts';

describe('a table of headers', () => {
  it('has whole numbers beyond 64 bits as floating-point ones, as which they came', () => {
    expect(asTable({ retries: 1e300, small: 5 })).toEqual({
      retries: { '!': 'double', value: 1e300 },
      small: 5,
    });
  });

  it('has texts in place of what would break the connection, or fits no integer', () => {
    expect(asTable([Number.NaN, -Infinity, 2n ** 80n, 7n])).toEqual([
      'NaN',
      '-Infinity',
      String(2n ** 80n),
      7n,
    ]);
  });

  it('keeps everything else, however deep', () => {
    const time = { '!': 'timestamp', value: 5 };
    const table = { list: [{ bytes: Buffer.from('x'), time, none: null, yes: true }] };
    expect(asTable(table)).toEqual(table);
  });
});
