import { describe, expect, it } from '@jest/globals';
import { type MetricDeclaration, metrics } from '../../workers/platform/metrics.ts';

const declared = Object.entries<MetricDeclaration>(metrics);

describe('the metrics', () => {
  it('include those that the product is watched by', () => {
    expect(Object.keys(metrics)).toEqual(
      expect.arrayContaining([
        'http_requests_total',
        'http_request_duration_seconds',
        'orders_created_total',
        'orders_by_status',
        'active_users',
        'delivery_time_seconds',
      ]),
    );
  });

  it.each(declared)('%s has a name of the form that Prometheus asks for', (name, { type }) => {
    expect(name).toMatch(/^[a-z][a-z0-9_]*$/);
    expect(name.endsWith('_total')).toBe(type === 'counter');
    // The one that has no unit in its name is named as celery-exporter names it.
    if (type === 'histogram' && name !== 'celery_task_runtime') expect(name).toMatch(/_(seconds|bytes)$/);
  });

  it.each(declared)('%s has no label that could take any number of values', (_, { labels }) => {
    for (const label of labels) expect(label).not.toMatch(/id$|email|phone|ip$|url|path/i);
  });

  it.each(declared.filter(([, { type }]) => type === 'histogram'))(
    '%s has rising buckets',
    (_, { buckets = [] }) => {
      expect(buckets.length).toBeGreaterThan(5);
      expect(buckets).toEqual([...new Set(buckets)].sort((a, b) => a - b));
    },
  );

  it.each(declared)('%s says what it counts', (_, { help }) => {
    expect(help).toMatch(/^[A-Z0-9].{10,}[^.]$/);
  });
});
