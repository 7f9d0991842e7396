import { reasonFor } from './known-failures.ts';

/** What became of each test, as the plugin of pytest writes it. */
export type Outcomes = Readonly<
  Record<string, readonly [outcome: 'passed' | 'failed' | 'skipped' | 'xfailed', reason: string]>
>;

/** What is to be said of a run. */
export interface SuiteReport {
  readonly lines: readonly string[];
  /** Tests that failed for no known reason. */
  readonly surprises: number;
}

/** Counts tests, and names those that failed with why; the last line has the figures. */
export function reportOf(outcomes: Outcomes): SuiteReport {
  const all = Object.entries(outcomes);
  const count = (wanted: string) => all.filter(([, [outcome]]) => outcome === wanted).length;
  const failures = all.flatMap(([test, [outcome, message]]) =>
    outcome === 'failed' ? [{ test, known: reasonFor(test), message }] : [],
  );
  const reasons = new Set(failures.flatMap(({ known }) => known ?? []));
  const surprising = failures.filter((each) => each.known === undefined);
  return {
    lines: [
      ...[...reasons].flatMap((reason) => [
        '',
        `Failed, since ${reason}:`,
        ...failures.filter(({ known }) => known === reason).map(({ test }) => `  ${test}`),
      ]),
      ...(surprising.length === 0 ? [] : ['', 'Failed:']),
      ...surprising.map(({ test, message }) => `  ${test}\n    ${message}`),
      '',
      `${count('skipped')} skipped, ${count('xfailed')} failed as the suite expects`,
      `${count('passed')} passed, ${failures.length} failed`,
    ],
    surprises: surprising.length,
  };
}
