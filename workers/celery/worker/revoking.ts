import { exceptionDocument, taskRevoked } from '../protocol/exception.ts';
import type { TaskValue } from '../protocol/value.ts';
import type { ResultBackend } from '../results/result-backend.ts';
import type { Dispatch } from './dispatch.ts';
import type { Job } from './job.ts';
import type { Jobs } from './jobs.ts';
import { matchesStamps, type Revocations } from './revocations.ts';

interface Termination {
  readonly terminate: boolean;
  readonly signal: string;
}

/** Carries out what remote control says about tasks that are not wanted any more. */
export class Revoking {
  readonly #jobs: Jobs;
  readonly #revocations: Revocations;
  readonly #dispatch: Dispatch;
  readonly #backend: ResultBackend;

  constructor(options: {
    readonly jobs: Jobs;
    readonly revocations: Revocations;
    readonly dispatch: Dispatch;
    readonly backend: ResultBackend;
  }) {
    this.#jobs = options.jobs;
    this.#revocations = options.revocations;
    this.#dispatch = options.dispatch;
    this.#backend = options.backend;
  }

  /** Those that nobody has begun are stored as REVOKED at once, so that whoever waits for them need not. */
  async revoke(ids: readonly string[], options: Termination): Promise<void> {
    this.#revocations.add(ids);
    const here = this.#jobs.of(ids);
    await this.#end(here, options);
    const known = new Set(here.map(({ request }) => request.id));
    await Promise.all(ids.filter((id) => !known.has(id)).map((id) => this.#storeIfUnknown(id)));
  }

  /** @returns the ids that it applied to here */
  async revokeByStamps(
    stamps: Readonly<Record<string, readonly TaskValue[]>>,
    options: Termination,
  ): Promise<readonly string[]> {
    this.#revocations.addStamps(stamps);
    const here = this.#jobs.all().filter(({ request }) => matchesStamps(request, stamps));
    await this.#end(here, options);
    return here.map(({ request }) => request.id);
  }

  async #end(jobs: readonly Job[], { terminate, signal }: Termination): Promise<void> {
    if (terminate) {
      for (const job of jobs) if (job.phase === 'running') job.cut({ kind: 'terminated', signal });
    }
    await this.#dispatch.revoke(jobs);
  }

  /** Another worker may have stored more about it already. */
  async #storeIfUnknown(id: string): Promise<void> {
    if ((await this.#backend.read(id)) !== undefined) return;
    const { exc_type, exc_message, exc_module } = exceptionDocument(taskRevoked('revoked'));
    await this.#backend.store({ id, state: 'REVOKED', result: { exc_type, exc_message, exc_module } });
  }
}
