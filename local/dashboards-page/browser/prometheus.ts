import type { TargetModel } from './model.ts';

/** A stretch of time, in seconds since 1970, and how far its points are apart. */
export interface Span {
  readonly from: number;
  readonly to: number;
  readonly step: number;
}

export type Labels = Readonly<Record<string, string>>;

/** One line of a panel: its name in the legend, and a value for each moment, `null` where there is none. */
export interface Series {
  readonly name: string;
  readonly labels: Labels;
  readonly values: readonly (number | null)[];
}

interface Answer {
  readonly status: string;
  readonly error?: string;
  readonly data: {
    readonly result: readonly {
      readonly metric: Labels;
      readonly values?: readonly (readonly [number, string])[];
      readonly value?: readonly [number, string];
    }[];
  };
}

/** The moments of a span. */
export function momentsOf({ from, to, step }: Span): readonly number[] {
  return Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => from + index * step);
}

/** The values of a query at every moment of a span. */
export async function readSpan(target: TargetModel, job: string, span: Span): Promise<readonly Series[]> {
  const { from, to, step } = span;
  const parameters = { query: chosen(target, job), start: String(from), end: String(to), step: String(step) };
  const { data } = await ask('query_range', parameters);
  const moments = momentsOf(span);
  return data.result.map(({ metric, values = [] }) => {
    const known = new Map(values.map(([at, value]) => [Math.round((at - from) / step), numberOf(value)]));
    return {
      name: legendOf(target.legendFormat, metric),
      labels: metric,
      values: moments.map((_, index) => known.get(index) ?? null),
    };
  });
}

/** The value of a query now. */
export async function readNow(target: TargetModel, job: string): Promise<readonly Series[]> {
  const { data } = await ask('query', { query: chosen(target, job) });
  return data.result.map(({ metric, value }) => ({
    name: legendOf(target.legendFormat, metric),
    labels: metric,
    values: [numberOf(value?.[1] ?? 'NaN')],
  }));
}

/** The jobs that Prometheus asks. */
export async function readJobs(): Promise<readonly string[]> {
  const response = await fetch('api/v1/label/job/values');
  // Prometheus' documented answer for the values of a label.
  const { data } = (await response.json()) as { data: readonly string[] };
  return data;
}

async function ask(path: string, parameters: Record<string, string>): Promise<Answer> {
  const response = await fetch(`api/v1/${path}?${new URLSearchParams(parameters)}`);
  // Prometheus' documented answer for queries.
  const answer = (await response.json()) as Answer;
  if (answer.status !== 'success') throw new Error(answer.error ?? `Prometheus answered ${response.status}`);
  return answer;
}

function chosen({ expr }: TargetModel, job: string): string {
  return expr.replaceAll('$job', job);
}

function numberOf(text: string): number | null {
  const value = Number(text);
  return Number.isFinite(value) ? value : null;
}

/** A legend with the values of the labels that it names. */
export function legendOf(format: string, labels: Labels): string {
  return format.replaceAll(/\{\{(\w+)\}\}/g, (_, label: string) => labels[label] ?? '');
}
