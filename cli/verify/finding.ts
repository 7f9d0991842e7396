import Table from 'cli-table3';

/** One thing that was looked at. */
export interface Finding {
  readonly area: 'targets' | 'rules' | 'panels' | 'broker' | 'grafana';
  readonly name: string;
  /** What was found, in a few words. */
  readonly found: string;
  /** Why it is not as declared; absent if it is. */
  readonly gap?: string;
}

/** The findings as a table for people. */
export function renderFindings(findings: readonly Finding[]): string {
  const table = new Table({
    head: ['area', 'what', 'found'],
    style: { head: [], border: [], compact: true },
  });
  table.push(
    ...findings.map(({ area, name, found, gap }) => [
      area,
      name,
      gap === undefined ? found : `GAP: ${found}`,
    ]),
  );
  return table.toString();
}

/** What is not as declared, a line each. */
export function gapsOf(findings: readonly Finding[]): readonly string[] {
  return findings.flatMap(({ area, name, gap }) => (gap === undefined ? [] : [`${area}: ${name}: ${gap}`]));
}

/** Gaps of one finding that are named, so that a broker without any policy does not fill the screen. */
const mostNamed = 6;

/** A finding that gathers many: how many there are, and what is wrong with which. */
export function gathered(
  area: Finding['area'],
  name: string,
  count: number,
  gaps: readonly string[],
): Finding {
  if (gaps.length === 0) return { area, name, found: `all ${count}` };
  const named = gaps.slice(0, mostNamed).join('; ');
  const more = gaps.length > mostNamed ? `; and ${gaps.length - mostNamed} more` : '';
  return { area, name, found: gaps.length === 1 ? '1 gap' : `${gaps.length} gaps`, gap: `${named}${more}` };
}
