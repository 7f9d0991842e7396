import { describe, expect, it } from '@jest/globals';
import { ApiException } from '@kubernetes/client-node';
import { clusterFailure, conflictsOf, refusalStatus, refusalText } from '../../../cli/cluster/failures.ts';
import { PlatformError } from '../../../workers/platform/errors.ts';

function refused(code: number, body: unknown): ApiException<unknown> {
  return new ApiException(code, 'refused', body, {});
}

describe('the text of a refusal', () => {
  it.each<[string, unknown, string]>([
    ['the message of a status object', { message: 'pods "a" not found' }, 'pods "a" not found'],
    ['the message of a status object that came as text', '{"message":"quota"}', 'quota'],
    ['any other text, trimmed', ' upstream timed out\n', 'upstream timed out'],
    ['the HTTP status when the body is empty', '', 'HTTP status 502'],
    ['the HTTP status when the body says nothing', { code: 1 }, 'HTTP status 502'],
  ])('is %s', (_, body, text) => {
    expect(refusalText(refused(502, body))).toBe(text);
  });
});

describe('the status of a refusal', () => {
  it('is that of the answer, and none for an error without an answer', () => {
    expect(refusalStatus(refused(404, ''))).toBe(404);
    expect(refusalStatus(new Error('fetch failed'))).toBeUndefined();
  });
});

describe('the conflicts of a refused apply', () => {
  const causes = [
    {
      reason: 'FieldManagerConflict',
      message: 'conflict with "kubectl-edit" using apps/v1',
      field: '.spec.replicas',
    },
    { reason: 'FieldManagerConflict', message: 'conflict with somebody' },
    { reason: 'FieldValueInvalid', message: 'must be positive', field: '.spec.x' },
  ];
  const body = { message: 'Apply failed', reason: 'Conflict', details: { causes } };

  it('are the fields and who owns them', () => {
    expect(conflictsOf(refused(409, body))).toEqual([
      { field: '.spec.replicas', manager: 'kubectl-edit' },
      { field: '', manager: 'conflict with somebody' },
    ]);
  });

  it('are none for other errors', () => {
    expect(conflictsOf(refused(422, body))).toEqual([]);
    expect(conflictsOf(refused(409, { message: 'exists already' }))).toEqual([]);
    expect(conflictsOf(new Error('fetch failed'))).toEqual([]);
  });
});

describe('what goes wrong with a cluster', () => {
  const failure = (error: unknown) => clusterFailure(error, 'dev', 'https://10.0.0.1');

  it.each([401, 403])('is denied access when the API answers %i', (code) => {
    const error = refused(code, { message: 'Unauthorized' });
    expect(failure(error)).toMatchObject({
      code: 'CLUSTER_ACCESS_DENIED',
      message: expect.stringContaining('context dev: Unauthorized'),
      cause: error,
    });
  });

  it('is a refused request for every other answer', () => {
    expect(failure(refused(422, { message: 'invalid' }))).toMatchObject({ code: 'CLUSTER_REQUEST_REFUSED' });
  });

  it('is an unreachable cluster, with the innermost reason, when nobody answers', () => {
    const attempts = new AggregateError([new Error('connect ECONNREFUSED ::1:6443'), new Error('second')]);
    expect(failure(new TypeError('fetch failed', { cause: attempts }))).toMatchObject({
      code: 'CLUSTER_UNREACHABLE',
      message: expect.stringContaining('context dev at https://10.0.0.1: connect ECONNREFUSED ::1:6443'),
    });
  });

  it('is named by its code when the reason has no message', () => {
    const cause = Object.assign(new Error(''), { code: 'ECONNRESET' });
    expect(failure(new Error('request failed', { cause }))).toMatchObject({
      message: expect.stringContaining('ECONNRESET'),
    });
  });

  it('stays as it is when it is one of the catalogue or has nothing to do with the cluster', () => {
    const known = new PlatformError('CONFIG_INVALID', 'x');
    const bug = new TypeError('x is undefined');
    expect(failure(known)).toBe(known);
    expect(failure(bug)).toBe(bug);
    expect(failure('text')).toBe('text');
  });
});
