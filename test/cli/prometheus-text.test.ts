import { describe, expect, it } from '@jest/globals';
import { parseSamples, sumOf } from '../../cli/accounting/prometheus-text.ts';

const scrape = `# HELP messages_published_total Messages the broker confirmed
# TYPE messages_published_total counter
messages_published_total{queue="order_created"} 3
messages_published_total{queue="payment_process"} 4
broker_connected 1
odd{text="a \\"b\\" \\\\ c"} 2.5e-3
`;

describe('a scrape', () => {
  it('is read sample by sample, labels included', () => {
    expect(parseSamples(scrape)).toEqual([
      { name: 'messages_published_total', labels: { queue: 'order_created' }, value: 3 },
      { name: 'messages_published_total', labels: { queue: 'payment_process' }, value: 4 },
      { name: 'broker_connected', labels: {}, value: 1 },
      { name: 'odd', labels: { text: 'a "b" \\ c' }, value: 0.0025 },
    ]);
  });

  it('is added up over the labels that are not asked for', () => {
    const samples = parseSamples(scrape);
    expect(sumOf(samples, 'messages_published_total')).toBe(7);
    expect(sumOf(samples, 'messages_published_total', { queue: 'order_created' })).toBe(3);
    expect(sumOf(samples, 'absent')).toBe(0);
  });
});
