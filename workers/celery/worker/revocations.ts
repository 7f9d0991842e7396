import type { TaskRequest } from '../protocol/task-request.ts';
import type { Kwargs, TaskValue } from '../protocol/value.ts';

/** As many ids as Celery remembers (celery/worker/state.py: REVOKES_MAX and REVOKE_EXPIRES). */
const mostIds = 50_000;
const lifeMs = 3 * 3600 * 1000;

/** Which tasks are not to be run any more. What is oldest is forgotten first. */
export class Revocations {
  readonly #now: () => number;
  /** When each id was revoked, oldest first. */
  readonly #ids = new Map<string, number>();
  readonly #stamps = new Map<string, Set<string>>();

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  add(ids: readonly string[]): void {
    for (const id of ids) {
      this.#ids.delete(id);
      this.#ids.set(id, this.#now());
    }
    this.#forget();
  }

  /** Revokes whatever carries one of these values of a stamp. */
  addStamps(stamps: Readonly<Record<string, readonly TaskValue[]>>): void {
    for (const [name, values] of Object.entries(stamps)) {
      const known = this.#stamps.get(name) ?? new Set();
      for (const value of values) known.add(String(value));
      this.#stamps.set(name, known);
    }
  }

  list(): readonly string[] {
    this.#forget();
    return [...this.#ids.keys()];
  }

  has(request: TaskRequest): boolean {
    return this.hasId(request.id) || hasStamp(request, this.#stamps);
  }

  hasId(id: string): boolean {
    const since = this.#ids.get(id);
    return since !== undefined && this.#now() - since < lifeMs;
  }

  #forget(): void {
    for (const [id, since] of this.#ids) {
      if (this.#ids.size <= mostIds && this.#now() - since < lifeMs) return;
      this.#ids.delete(id);
    }
  }
}

/** Whether a request carries one of the values of a stamp; a stamp may hold one value or several. */
export function matchesStamps(
  request: TaskRequest,
  stamps: Readonly<Record<string, readonly TaskValue[]>>,
): boolean {
  const wanted = Object.entries(stamps).map(([name, values]) => [name, new Set(values.map(String))] as const);
  return hasStamp(request, new Map(wanted));
}

function hasStamp(request: TaskRequest, wanted: ReadonlyMap<string, ReadonlySet<string>>): boolean {
  if (wanted.size === 0) return false;
  return [...wanted].some(([name, values]) =>
    valuesOf(request.stamps, name).some((value) => values.has(String(value))),
  );
}

function valuesOf(stamps: Kwargs, name: string): readonly TaskValue[] {
  const value = Object.hasOwn(stamps, name) ? stamps[name] : undefined;
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}
