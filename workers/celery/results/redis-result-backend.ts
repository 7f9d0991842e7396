import type { RedisConnection } from '../../state/redis-connection.ts';
import { isList, isMapping } from '../protocol/fields.ts';
import { parseTaskJson, stringifyTaskJson } from '../protocol/json.ts';
import type { ResultTuple } from '../protocol/signature.ts';
import type { TaskValue } from '../protocol/value.ts';
import type { ChordPart, ChordParts, NewResult, ResultBackend, ResultDocument } from './result-backend.ts';
import { decodeResult, encodeResult, resultTupleOf } from './result-document.ts';
import { addChordPart, closedMember } from './scripts/add-chord-part.ts';
import { storeResult } from './scripts/store-result.ts';

export interface RedisResultBackendOptions {
  /** Seconds that results are kept, 0 for ever (`result_expires`). @default a day */
  readonly expiresSeconds?: number;
  /** Stands in front of every key (`global_keyprefix`); `_` follows unless it ends in `:`, `_`, `-` or `.`. */
  readonly keyPrefix?: string;
  /** Store name, arguments and worker of a task too (`result_extended`). @default not */
  readonly extended?: { readonly hostname: string };
}

const day = 86_400;

/** Results in Redis under the keys, and with the notifications, of Celery's own backend (celery/backends/redis.py). */
export class RedisResultBackend implements ResultBackend {
  readonly #connection: RedisConnection;
  readonly #expires: number;
  readonly #prefix: string;
  readonly #extended: { readonly hostname: string } | undefined;

  constructor(connection: RedisConnection, options: RedisResultBackendOptions = {}) {
    const { expiresSeconds = day, keyPrefix = '', extended } = options;
    this.#connection = connection;
    this.#expires = Math.ceil(expiresSeconds);
    this.#prefix = keyPrefix === '' || /[:_.-]$/.test(keyPrefix) ? keyPrefix : `${keyPrefix}_`;
    this.#extended = extended;
  }

  async store(result: NewResult): Promise<'stored' | 'kept'> {
    const document = encodeResult(result, this.#extended);
    const stored = await this.#connection.script(
      storeResult,
      [this.keyOf(result.id)],
      [document, this.#expires],
    );
    return stored === 1 ? 'stored' : 'kept';
  }

  async read(id: string): Promise<ResultDocument | undefined> {
    const text = await this.#connection.run((redis) => redis.get(this.keyOf(id)));
    return text === null ? undefined : decodeResult(id, text);
  }

  async forget(id: string): Promise<void> {
    await this.#connection.run((redis) => redis.del(this.keyOf(id)));
  }

  async saveGroup(group: string, members: ResultTuple): Promise<void> {
    await this.#announce(this.#groupKey(group), stringifyTaskJson({ result: members }));
  }

  async restoreGroup(group: string): Promise<ResultTuple | undefined> {
    const text = await this.#connection.run((redis) => redis.get(this.#groupKey(group)));
    if (text === null) return undefined;
    const document = parseTaskJson(text);
    return isMapping(document) ? resultTupleOf(document['result']) : undefined;
  }

  async setChordSize(group: string, size: number): Promise<void> {
    await this.#announce(`${this.#groupKey(group)}.s`, String(size));
  }

  async growChord(group: string, by: number): Promise<void> {
    const key = `${this.#groupKey(group)}.t`;
    await this.#connection.run((redis) => {
      const multi = redis.multi().incrby(key, by);
      return (this.#expires > 0 ? multi.expire(key, this.#expires) : multi).exec();
    });
  }

  async addChordPart({ group, id, index, state, result }: ChordPart): Promise<ChordParts | undefined> {
    const key = this.#groupKey(group);
    // Celery's worker reads the id and the value; the first number stands for the part's own result tuple.
    const member = stringifyTaskJson([1, id, state, result]);
    const members = await this.#connection.script(
      addChordPart,
      [`${key}.j`, `${key}.s`, `${key}.t`, `${key}.d`],
      [index ?? '+inf', member, id, this.#expires],
    );
    return members.length === 0 ? undefined : { parts: members.map(partOf) };
  }

  async closeChord(group: string): Promise<void> {
    const key = `${this.#groupKey(group)}.d`;
    await this.#connection.run((redis) => {
      const multi = redis.multi().sadd(key, closedMember);
      return (this.#expires > 0 ? multi.expire(key, this.#expires) : multi).exec();
    });
  }

  async forgetChord(group: string): Promise<void> {
    const key = this.#groupKey(group);
    await this.#connection.run((redis) => redis.del(`${key}.j`, `${key}.s`, `${key}.t`, `${key}.d`));
  }

  /** The key of a task's result, which is also the channel on which it is announced. */
  keyOf(id: string): string {
    return `${this.#prefix}celery-task-meta-${id}`;
  }

  #groupKey(group: string): string {
    return `${this.#prefix}celery-taskset-meta-${group}`;
  }

  async #announce(key: string, text: string): Promise<void> {
    await this.#connection.run((redis) => {
      const multi = redis.multi();
      if (this.#expires > 0) multi.setex(key, this.#expires, text);
      else multi.set(key, text);
      return multi.publish(key, text).exec();
    });
  }
}

function partOf(member: string): { readonly id: string; readonly state: string; readonly result: TaskValue } {
  const part = parseTaskJson(member);
  const [, id, state, result] = isList(part) ? part : [];
  return { id: String(id), state: String(state), result: result ?? null };
}
