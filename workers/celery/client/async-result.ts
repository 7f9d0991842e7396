import { documentOf } from '../canvas/exception-value.ts';
import { TaskError } from '../protocol/exception.ts';
import type { ResultTuple } from '../protocol/signature.ts';
import type { TaskValue } from '../protocol/value.ts';
import type { ResultBackend, ResultDocument } from '../results/result-backend.ts';

/** Where results are read from, and waited for. */
export interface ResultSource {
  readonly backend: Pick<ResultBackend, 'read' | 'forget'>;
  readonly reader: {
    wait(id: string, options: WaitOptions): Promise<ResultDocument>;
  };
}

export interface WaitOptions {
  /** In milliseconds. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/** The result of one task, which may be yet to come. */
export class AsyncResult {
  readonly id: string;
  /** The result of what runs before it, where it is part of a canvas. */
  readonly parent: AsyncResult | GroupResult | undefined;
  readonly #source: ResultSource;

  constructor(id: string, parent: AsyncResult | GroupResult | undefined, source: ResultSource) {
    this.id = id;
    this.parent = parent;
    this.#source = source;
  }

  /**
   * Waits for the task's end. Celery keeps no record of ids, so that one that nobody sent is waited for like any
   * other, until the time is over.
   *
   * @throws TaskError with what the task raised, or TaskRevokedError
   * @throws PlatformError as the reader does when the time is over; STATE_UNAVAILABLE
   */
  async get(options: WaitOptions): Promise<TaskValue> {
    const { status, result } = await this.#source.reader.wait(this.id, options);
    if (status === 'SUCCESS') return result;
    const { exc_type, exc_message, exc_module } = documentOf(result);
    throw new TaskError(exc_type, exc_message, exc_module);
  }

  /** What is known now; undefined while nothing is, which is what Celery calls PENDING. */
  read(): Promise<ResultDocument | undefined> {
    return this.#source.backend.read(this.id);
  }

  /** Removes the stored result. */
  forget(): Promise<void> {
    return this.#source.backend.forget(this.id);
  }
}

/** The results of a group's members. */
export class GroupResult {
  readonly id: string;
  readonly parent: AsyncResult | GroupResult | undefined;
  readonly members: readonly (AsyncResult | GroupResult)[];

  constructor(
    id: string,
    parent: AsyncResult | GroupResult | undefined,
    members: readonly (AsyncResult | GroupResult)[],
  ) {
    this.id = id;
    this.parent = parent;
    this.members = members;
  }

  /** Waits for all members. @throws what the first that fails does */
  async get(options: WaitOptions): Promise<TaskValue[]> {
    return Promise.all(this.members.map((member) => member.get(options)));
  }
}

/** The results that a tuple names. */
export function resultOf(
  [[id, before], members]: ResultTuple,
  source: ResultSource,
): AsyncResult | GroupResult {
  const parent = before === null ? undefined : resultOf(before, source);
  if (members === null) return new AsyncResult(id, parent, source);
  const results = members.map((member) => resultOf(member, source));
  return new GroupResult(id, parent, results);
}
