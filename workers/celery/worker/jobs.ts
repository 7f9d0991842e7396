import type { Job } from './job.ts';

/** All jobs inside a worker. */
export class Jobs {
  readonly #jobs = new Set<Job>();
  readonly #onEmpty = new Set<() => void>();
  /** For each id that runs, the end of the last attempt that began. */
  readonly #running = new Map<string, Promise<void>>();
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

  /**
   * Waits until no other attempt under the job's id runs or is being settled here. After a lost connection a message comes
   * again while its first delivery still runs, and a retry may arrive before all is said of the attempt that asked for it.
   *
   * @returns a function to call once when the job is settled
   */
  async enter(job: Job): Promise<() => void> {
    const { id } = job.request;
    const before = this.#running.get(id);
    let leave: () => void = () => undefined;
    const left = new Promise<void>((resolve) => {
      leave = resolve;
    });
    this.#running.set(id, left);
    await before;
    return () => {
      if (this.#running.get(id) === left) this.#running.delete(id);
      leave();
    };
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
