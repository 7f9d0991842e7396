import { describe, expect, it } from '@jest/globals';
import type { PlatformStatus } from '../../../cli/status/read-status.ts';
import { age, problemsOf, renderStatus } from '../../../cli/status/status-report.ts';

const well: PlatformStatus = {
  pods: [{ name: 'shop-1', ready: '1/1', restarts: 7, ageMs: 65_000, state: 'Running' }],
  queues: { rows: [{ name: 'order_created', ready: 11, unacked: 12, dead: 13, consumers: 14 }] },
  delayed: 0,
  targets: { rows: [{ job: 'order-service', up: 2, total: 3 }] },
};

/** The cells of the line that begins with a name. */
function cellsOf(text: string, name: string): readonly string[] {
  const line = text.split('\n').find((each) => each.includes(name)) ?? '';
  return line
    .split('│')
    .map((cell) => cell.trim())
    .filter((cell) => cell !== '');
}

describe('a status for people', () => {
  it('has a line for each pod, queue and target', () => {
    const text = renderStatus(well);
    expect(cellsOf(text, 'shop-1')).toEqual(['shop-1', '1/1', '7', '1m5s', 'Running']);
    expect(cellsOf(text, 'order_created')).toEqual(['order_created', '11', '12', '13', '14']);
    expect(cellsOf(text, 'order-service')).toEqual(['order-service', '2/3']);
  });

  it('mentions messages that wait for another attempt only if there are any', () => {
    expect(renderStatus(well)).not.toContain('another attempt');
    expect(renderStatus({ ...well, delayed: 3 })).toContain(
      '3 messages wait for another attempt or for their time.',
    );
  });

  it('says in a line why a part is absent', () => {
    const text = renderStatus({ ...well, targets: { absent: 'there is no Prometheus', problem: false } });
    expect(text.split('\n').at(-1)).toBe('Targets: there is no Prometheus.');
  });
});

describe('the problems of a status', () => {
  it('are none when all is well, even if parts are absent on purpose', () => {
    expect(problemsOf(well)).toEqual([]);
    const absent = { absent: 'RabbitMQ is outside the cluster', problem: false };
    expect(problemsOf({ ...well, queues: absent, targets: absent })).toEqual([]);
  });

  it('name the pod, queue or target that each is about', () => {
    expect(
      problemsOf({
        pods: [{ name: 'shop-1', ready: '0/1', restarts: 0, state: 'Unready', problem: 'Unready: x' }],
        queues: {
          rows: [{ name: 'celery', ready: 0, unacked: 0, dead: 0, consumers: 0, problem: 'missing' }],
        },
        delayed: 0,
        targets: { rows: [{ job: 'redis', up: 0, total: 1, problem: 'refused' }] },
      }),
    ).toEqual(['shop-1: Unready: x', 'queue celery: missing', 'target redis: refused']);
  });

  it('include a part that could not be read', () => {
    const absent = (text: string) => ({ absent: text, problem: true });
    expect(problemsOf({ ...well, queues: absent('no pod'), targets: absent('no answer') })).toEqual([
      'queues: no pod',
      'targets: no answer',
    ]);
  });
});

describe('an age', () => {
  it.each([
    [undefined, '-'],
    [-5_000, '0s'],
    [59_999, '59s'],
    [60_000, '1m0s'],
    [3_599_000, '59m59s'],
    [3_600_000, '1h0m'],
    [86_399_000, '23h59m'],
    [90_000_000, '1d1h'],
  ])('of %p ms is %s', (ms, text) => {
    expect(age(ms)).toBe(text);
  });
});
