import { describe, expect, it } from '@jest/globals';
import { CommandArguments } from '../../../workers/celery/control/command-arguments.ts';

const args = (values: ConstructorParameters<typeof CommandArguments>[1]) =>
  new CommandArguments('pool_grow', values);

describe('the arguments of a command', () => {
  it('may be left out or null', () => {
    const none = args({ a: null });
    expect([none.value('a'), none.optionalText('a'), none.optionalNumber('b'), none.flag('a')]).toEqual([
      undefined,
      undefined,
      undefined,
      false,
    ]);
  });

  it('are not what every object has', () => {
    expect(args({}).value('constructor')).toBeUndefined();
  });

  it('may be one text for a list of one', () => {
    expect(args({ ids: 'a' }).texts('ids')).toEqual(['a']);
    expect(args({ ids: ['a', 'b'] }).texts('ids')).toEqual(['a', 'b']);
  });

  it('may be numbers that are written as texts', () => {
    expect(args({ n: '2' }).optionalInteger('n')).toBe(2);
    expect(args({ soft: 1.5 }).optionalNumber('soft')).toBe(1.5);
  });

  it("throw Python's error where one is missing", () => {
    expect(() => args({}).text('queue')).toThrow(
      "pool_grow() missing 1 required positional argument: 'queue'",
    );
    expect(() => args({}).texts('ids')).toThrow("missing 1 required positional argument: 'ids'");
  });

  it.each([
    ['a number for a text', () => args({ a: 1 }).text('a')],
    ['a list of numbers for texts', () => args({ a: [1] }).texts('a')],
    ['a text for a number', () => args({ a: 'many' }).optionalNumber('a')],
    ['an empty text for a number', () => args({ a: ' ' }).optionalNumber('a')],
    ['a fraction for a whole number', () => args({ a: 1.5 }).optionalInteger('a')],
    ['infinity for a number', () => args({ a: Number.POSITIVE_INFINITY }).optionalNumber('a')],
  ])('cannot be %s', (_, read) => {
    expect(read).toThrow("pool_grow() argument 'a' must be");
  });
});
