import { describe, expect, it } from '@jest/globals';
import { retryArguments } from '../../../workers/celery/worker/retry-arguments.ts';

const parameters = ['left', 'right', 'label'];

describe('the arguments of the next attempt', () => {
  it('are those of the attempt before where nothing is new', () => {
    expect(retryArguments(parameters, { args: [1], kwargs: { right: 2 } }, {})).toEqual({});
  });

  it('replace named ones in whose place new ones stand', () => {
    const before = { args: [], kwargs: { left: 1, right: 2, label: 'kept' } };
    const next = retryArguments(parameters, before, { args: [10, 20] });
    expect(next).toEqual({ args: [10, 20], kwargs: { label: 'kept' } });
  });

  it('replace positional ones that new ones name', () => {
    const next = retryArguments(
      parameters,
      { args: [1, 2], kwargs: {} },
      { kwargs: { left: 10, label: 'new' } },
    );
    expect(next).toEqual({ args: [10, 2], kwargs: { label: 'new' } });
  });

  it('are taken as they are where both kinds are new, or nobody knows the names', () => {
    const before = { args: [1], kwargs: { right: 2 } };
    const both = { args: [3], kwargs: { right: 4 } };
    expect(retryArguments(parameters, before, both)).toEqual(both);
    expect(retryArguments(undefined, before, { args: [3] })).toEqual({ args: [3] });
  });
});
