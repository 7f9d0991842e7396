import type { ResultTuple } from '../../../workers/celery/protocol/signature.ts';
import type {
  ChordPart,
  ChordParts,
  NewResult,
  ResultBackend,
  ResultDocument,
} from '../../../workers/celery/results/result-backend.ts';

/** Results in memory, counted as the one in Redis counts them. */
export class MemoryBackend implements ResultBackend {
  readonly results = new Map<string, ResultDocument>();
  readonly groups = new Map<string, ResultTuple>();
  readonly sizes = new Map<string, number>();
  readonly #parts = new Map<string, Map<string, ChordPart>>();

  async store({ id, state, result, traceback, children, request }: NewResult) {
    if (this.results.get(id)?.status === 'SUCCESS') return 'kept';
    this.results.set(id, {
      taskId: id,
      status: state,
      result,
      traceback: traceback ?? null,
      children: children ?? [],
      dateDone: null,
      groupId: request?.group,
      parentId: request?.parentId,
    });
    return 'stored';
  }

  async read(id: string) {
    return this.results.get(id);
  }

  async forget(id: string) {
    this.results.delete(id);
  }

  async saveGroup(group: string, members: ResultTuple) {
    this.groups.set(group, members);
  }

  async restoreGroup(group: string) {
    return this.groups.get(group);
  }

  async setChordSize(group: string, size: number) {
    this.sizes.set(group, size);
  }

  async growChord(group: string, by: number) {
    this.sizes.set(group, (this.sizes.get(group) ?? 0) + by);
  }

  async addChordPart(part: ChordPart): Promise<ChordParts | undefined> {
    const parts = this.#parts.get(part.group) ?? new Map<string, ChordPart>();
    this.#parts.set(part.group, parts);
    if (parts.has(part.id)) return undefined;
    parts.set(part.id, part);
    if (parts.size !== this.sizes.get(part.group)) return undefined;
    const place = ({ index }: ChordPart) => index ?? Number.POSITIVE_INFINITY;
    return { claim: part.id, parts: [...parts.values()].sort((left, right) => place(left) - place(right)) };
  }

  async holdChord() {
    return true;
  }

  async closeChord(group: string) {
    this.sizes.delete(group);
  }

  async forgetChord(group: string) {
    this.#parts.delete(group);
    this.sizes.delete(group);
  }
}
