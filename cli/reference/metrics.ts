import type { MetricDeclaration } from '../../workers/platform/metrics.ts';
import { generatedNote, markdownTable } from './markdown.ts';

/** The reference page of every metric, as Markdown. */
export function renderMetrics(metrics: Readonly<Record<string, MetricDeclaration>>): string {
  return [
    '# Metrics',
    '',
    generatedNote,
    '',
    "Every process also exposes Node's default metrics, and the label `service` on each sample.",
    '',
    ...markdownTable(
      ['Metric', 'Type', 'Meaning', 'Labels'],
      Object.entries(metrics).map(([name, { type, help, labels }]) => [
        `\`${name}\``,
        type,
        help,
        labels.map((label) => `\`${label}\``).join(', '),
      ]),
    ),
    '',
  ].join('\n');
}
