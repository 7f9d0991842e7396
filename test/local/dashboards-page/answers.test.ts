import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { legendOf, momentsOf, readNow, readSpan } from '../../../local/dashboards-page/browser/prometheus.ts';

/** What Prometheus answers next, and what it was asked. */
let answer: object;
const asked: string[] = [];
const { fetch: ownFetch } = globalThis;
beforeEach(() => {
  asked.length = 0;
  globalThis.fetch = async (path) => {
    asked.push(decodeURIComponent(String(path)));
    return Response.json(answer);
  };
});
afterEach(() => {
  globalThis.fetch = ownFetch;
});

const target = { expr: 'rate(orders{job=~"$job"}[5m])', legendFormat: '{{status}} of {{city}}' };

describe('an answer of Prometheus', () => {
  it('has a value for each moment of the span, and none where there was none', async () => {
    const values = [
      [100, '1'],
      [120, '3'],
      [130, 'NaN'],
    ];
    const metric = { status: 'paid' };
    answer = { status: 'success', data: { result: [{ metric, values }] } };
    const [line] = await readSpan(target, '.+', { from: 100, to: 130, step: 10 });
    expect(momentsOf({ from: 100, to: 130, step: 10 })).toEqual([100, 110, 120, 130]);
    expect(line).toEqual({ name: 'paid of ', labels: metric, values: [1, null, 3, null] });
  });

  it('is asked for the jobs that are chosen', async () => {
    answer = { status: 'success', data: { result: [{ metric: {}, value: [100, '7'] }] } };
    expect((await readNow(target, 'auth-service'))[0]?.values).toEqual([7]);
    expect(asked).toEqual(['api/v1/query?query=rate(orders{job=~"auth-service"}[5m])']);
  });

  it('that refuses the query is an error with its words', async () => {
    answer = { status: 'error', error: 'parse error' };
    await expect(readNow(target, '.+')).rejects.toThrow('parse error');
  });
});

describe('a legend', () => {
  it('has the values of the labels that it names', () => {
    expect(legendOf('{{a}} to {{b}}', { a: 'x', b: 'y' })).toBe('x to y');
  });
});
