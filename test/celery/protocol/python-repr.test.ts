import { describe, expect, it } from '@jest/globals';
import { pythonRepr } from '../../../workers/celery/protocol/python-repr.ts';
import type { Json } from '../../../workers/platform/tasks.ts';

describe('the text that Python shows of a value', () => {
  it.each<[Json, string]>([
    [null, 'None'],
    [true, 'True'],
    [false, 'False'],
    [[], '[]'],
    [{}, '{}'],
    [0, '0'],
    [-0, '0'],
    [12, '12'],
    [1e16, '10000000000000000'],
    [1e21, '1e+21'],
    [0.5, '0.5'],
    [0.0001, '0.0001'],
    [0.000_01, '1e-05'],
    [1.5e-10, '1.5e-10'],
    ['plain', "'plain'"],
    ["it's", '"it\'s"'],
    ['both \' and "', "'both \\' and \"'"],
    ['back\\slash', "'back\\\\slash'"],
    ['line\nfeed\ttab\rreturn', "'line\\nfeed\\ttab\\rreturn'"],
    ['\u0000\u001f\u007f\u00a0', "'\\x00\\x1f\\x7f\\xa0'"],
    ['ümläut 日本 🍕', "'ümläut 日本 🍕'"],
    ['\u200b\u2028\ufeff', "'\\u200b\\u2028\\ufeff'"],
    ['\ud800', "'\\ud800'"],
    ['\u{e0001}', "'\\U000e0001'"],
    [['a', 1, [null]], "['a', 1, [None]]"],
    [{ user_id: 'u1', deep: { ok: true } }, "{'user_id': 'u1', 'deep': {'ok': True}}"],
  ])('of %j', (value, expected) => {
    expect(pythonRepr(value)).toBe(expected);
  });

  it('is cut after 1024 characters, and never inside of one', () => {
    expect(pythonRepr('🍕'.repeat(1022))).toBe(`'${'🍕'.repeat(1022)}'`);
    expect(pythonRepr('🍕'.repeat(1023))).toBe(`'${'🍕'.repeat(1023)}...`);
  });
});
