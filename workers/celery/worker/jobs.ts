import type { Job } from './job.ts';

/** All jobs inside a worker. */
export class Jobs {
  readonly #jobs = new Set<Job>();
  readonly #onEmpty = new Set<() => void>();
  readonly #totals = new Map<string, number>();

  add(job: Job): void {
    this.#jobs.add(job);
  }

  delete(job: Job): void {
    job.phase = 'done';
    this.#jobs.delete(job);
    if (this.#jobs.size > 0) return;
    for (const resolve of this.#onEmpty) resolve();
    this.#onEmpty.clear();
  }

  /** Those that have begun and are not settled. */
  active(): readonly Job[] {
    return [...this.#jobs].filter(({ phase }) => phase === 'running' || phase === 'settling');
  }

  pending(): readonly Job[] {
    return [...this.#jobs].filter(({ isPending }) => isPending);
  }

  scheduled(): readonly Job[] {
    return [...this.#jobs].filter(({ phase }) => phase === 'scheduled');
  }

  settling(): number {
    let count = 0;
    for (const { phase } of this.#jobs) if (phase === 'settling') count += 1;
    return count;
  }

  of(ids: readonly string[]): readonly Job[] {
    const wanted = new Set(ids);
    return [...this.#jobs].filter(({ request }) => wanted.has(request.id));
  }

  all(): readonly Job[] {
    return [...this.#jobs];
  }

  /** Counts a run, under the name that people are shown. */
  count({ request }: Job): void {
    const name = request.shadow ?? request.task;
    this.#totals.set(name, (this.#totals.get(name) ?? 0) + 1);
  }

  totals(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#totals);
  }

  /** Resolves when there is none any more. */
  async empty(): Promise<void> {
    if (this.#jobs.size === 0) return;
    await new Promise<void>((resolve) => this.#onEmpty.add(resolve));
  }
}
