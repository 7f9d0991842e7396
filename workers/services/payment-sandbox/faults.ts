import { z } from 'zod';

/** A fault to inject into the requests that charge cards. */
export const Fault = z
  .strictObject({
    kind: z
      .enum(['error', 'drop-response', 'latency'])
      .describe(
        'error: answer 500 and charge nothing; drop-response: charge, then close the connection without an answer; latency: take longer',
      ),
    count: z.int().min(1).max(1_000_000).optional().describe('The next requests to hit; 1 unless given'),
    ratio: z.number().gt(0).max(1).optional().describe('The share of requests to hit, until cleared'),
    ms: z.int().min(1).max(120_000).optional().describe('Duration of a latency fault; 1000 unless given'),
  })
  .refine(({ count, ratio }) => count === undefined || ratio === undefined, {
    message: 'give count or ratio, not both',
  });
export type Fault = z.infer<typeof Fault>;

/** What happens to one request. */
export interface InjectedFaults {
  readonly error: boolean;
  readonly dropResponse: boolean;
  readonly latencyMs: number;
}

interface Planned {
  readonly fault: Fault;
  /** Requests still to hit; `undefined` where a ratio decides. */
  left: number | undefined;
}

/** The faults that are planned, and the decision which requests they hit. */
export class FaultPlan {
  readonly #random: () => number;
  #planned: Planned[] = [];

  /** @param random a number from 0 to below 1 for each request that a ratio decides */
  constructor(random: () => number = Math.random) {
    this.#random = random;
  }

  add(fault: Fault): void {
    this.#planned.push({ fault, left: fault.ratio === undefined ? (fault.count ?? 1) : undefined });
  }

  clear(): void {
    this.#planned = [];
  }

  /** The faults still planned; `count` is what is left of it. */
  get planned(): readonly Fault[] {
    return this.#planned.map(({ fault, left }) => (left === undefined ? fault : { ...fault, count: left }));
  }

  /** Decides about one request and counts it. */
  next(): InjectedFaults {
    const hits = this.#planned.filter((planned) => this.#hits(planned)).map(({ fault }) => fault);
    this.#planned = this.#planned.filter(({ left }) => left !== 0);
    return {
      error: hits.some(({ kind }) => kind === 'error'),
      dropResponse: hits.some(({ kind }) => kind === 'drop-response'),
      latencyMs: hits.reduce((sum, { kind, ms }) => sum + (kind === 'latency' ? (ms ?? 1_000) : 0), 0),
    };
  }

  #hits(planned: Planned): boolean {
    if (planned.left === undefined) return this.#random() < (planned.fault.ratio ?? 0);
    planned.left -= 1;
    return true;
  }
}
