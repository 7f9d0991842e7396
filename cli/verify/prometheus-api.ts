import { z } from 'zod';
import { PlatformError } from '../../workers/platform/errors.ts';

const Target = z.object({
  labels: z.object({ job: z.string(), instance: z.string() }),
  scrapeUrl: z.string(),
  health: z.enum(['up', 'down', 'unknown']),
  lastError: z.string().default(''),
});
export type Target = z.infer<typeof Target>;

const Rule = z.object({ name: z.string(), health: z.string(), lastError: z.string().default('') });
export type Rule = z.infer<typeof Rule>;

const Targets = z.object({ data: z.object({ activeTargets: z.array(Target) }) });
const Rules = z.object({ data: z.object({ groups: z.array(z.object({ rules: z.array(Rule) })) }) });

const sample = z.tuple([z.number(), z.string()]);
const Vector = z.discriminatedUnion('resultType', [
  z.object({
    resultType: z.literal('vector'),
    result: z.array(z.object({ metric: z.record(z.string(), z.string()), value: sample })),
  }),
  z.object({ resultType: z.literal('scalar'), result: sample }),
]);
const Answer = z.discriminatedUnion('status', [
  z.object({ status: z.literal('success'), data: Vector }),
  z.object({ status: z.literal('error'), error: z.string() }),
]);

/** What an expression evaluates to now: how many series have a value, or why it cannot be evaluated. */
export type Evaluated = { readonly values: number } | { readonly error: string };

/** Prometheus through its HTTP API. */
export class PrometheusApi {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  async targets(): Promise<readonly Target[]> {
    return Targets.parse(await this.#get('targets', { state: 'active' })).data.activeTargets;
  }

  async rules(): Promise<readonly Rule[]> {
    return Rules.parse(await this.#get('rules', {})).data.groups.flatMap(({ rules }) => rules);
  }

  async evaluate(expression: string): Promise<Evaluated> {
    const answer = Answer.parse(await this.#get('query', { query: expression }));
    if (answer.status === 'error') return { error: answer.error };
    const { data } = answer;
    const values = data.resultType === 'scalar' ? [data.result] : data.result.map(({ value }) => value);
    return { values: values.filter(([, value]) => value !== 'NaN').length };
  }

  async #get(path: string, parameters: Readonly<Record<string, string>>): Promise<unknown> {
    try {
      const response = await fetch(`${this.#url}/api/v1/${path}?${new URLSearchParams(parameters)}`, {
        signal: AbortSignal.timeout(15_000),
      });
      return await response.json();
    } catch (cause) {
      throw new PlatformError('MONITORING_UNAVAILABLE', 'Prometheus does not answer', { cause });
    }
  }
}
