import { describe, expect, it } from '@jest/globals';
import {
  exceptionDocument,
  exceptionRepr,
  maxRetriesExceeded,
  TaskError,
  taskRevoked,
} from '../../../workers/celery/protocol/exception.ts';
import { PlatformError } from '../../../workers/platform/errors.ts';

describe('the document of an exception', () => {
  it('has the Python class of an error that names one', () => {
    const error = new TaskError('ValueError', ['boom', 42], 'builtins');
    expect(exceptionDocument(error)).toEqual({
      exc_type: 'ValueError',
      exc_message: ['boom', 42],
      exc_module: 'builtins',
    });
    expect(exceptionRepr(exceptionDocument(error))).toBe("ValueError('boom', 42)");
  });

  it.each([
    [new TypeError('x'), 'TypeError', 'builtins'],
    [new RangeError('x'), 'ValueError', 'builtins'],
    [new Error('x'), 'Error', 'smarteats'],
    [new PlatformError('STATE_UNAVAILABLE', 'x'), 'PlatformError', 'smarteats'],
  ])('names a class for %s', (error, type, module) => {
    expect(exceptionDocument(error)).toEqual({ exc_type: type, exc_message: ['x'], exc_module: module });
  });

  it('names a class for what is no error, and for a name that Python cannot have', () => {
    const odd = Object.assign(new Error('x'), { name: 'not a name' });
    expect(exceptionDocument('text')).toMatchObject({ exc_type: 'Error', exc_message: ['text'] });
    expect(exceptionDocument(odd)).toMatchObject({ exc_type: 'Error', exc_message: ['x'] });
  });

  it('has the classes of Celery', () => {
    expect(exceptionRepr(exceptionDocument(taskRevoked('expired')))).toBe("TaskRevokedError('expired')");
    const text = maxRetriesExceeded({ task: 't', id: 'i', args: [1], kwargs: {} }).message;
    expect(text).toBe("Can't retry t[i] args:[1] kwargs:{}");
  });
});
