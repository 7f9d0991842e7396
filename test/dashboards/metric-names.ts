/** Words of PromQL in the expressions of alerts and panels that are not names of metrics. */
const words = new Set(['histogram_quantile', 'label_replace', 'sort_desc', 'min_over_time', 'max_over_time']);

/** The names of metrics in an expression: what stands where an instant vector begins. */
export function metricNames(expression: string): readonly string[] {
  // Label matchers, groupings, ranges and texts hold no names.
  const bare = expression
    .replaceAll(/"[^"]*"/g, '""')
    .replaceAll(/\{[^}]*\}/g, ' ')
    .replaceAll(/\b(by|on|without|group_left|group_right)\s*\([^)]*\)/g, ' ')
    .replaceAll(/\[[^\]]*\]/g, ' ');
  const found = [...bare.matchAll(/[a-zA-Z_][a-zA-Z0-9_]*/g)]
    .map(([word]) => word)
    .filter(
      (word) =>
        (word.includes('_') || word === 'up' || word === 'drivers' || word === 'ALERTS') && !words.has(word),
    );
  return [...new Set(found)];
}

/** The name under which a metric is declared: without what a histogram's samples add to it. */
export function declaredName(sample: string): string {
  return sample.replace(/_(bucket|sum|count)$/, '');
}
