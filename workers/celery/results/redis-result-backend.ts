import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RedisConnection } from '../../state/redis-connection.ts';
import { isList, isMapping } from '../protocol/fields.ts';
import { parseTaskJson, stringifyTaskJson } from '../protocol/json.ts';
import type { ResultTuple } from '../protocol/signature.ts';
import type { TaskValue } from '../protocol/value.ts';
import type { ChordPart, ChordParts, NewResult, ResultBackend, ResultDocument } from './result-backend.ts';
import { decodeResult, encodeResult, resultTupleOf } from './result-document.ts';
import { addChordPart, chordTaken, closedMember } from './scripts/add-chord-part.ts';
import { forgetChord } from './scripts/forget-chord.ts';
import { holdChord } from './scripts/hold-chord.ts';
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

/** How long a claim on a chord outlives its holder, in seconds. */
const claimSeconds = 10;

/** How often to look whether another's claim on a chord is over, in milliseconds. */
const takenMs = 250;

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
    const key = this.#groupKey(group);
    // A chord that is sent again is a new run, whatever became of the one before.
    await this.#connection.run((redis) => redis.del(`${key}.c`));
    await this.#announce(`${key}.s`, String(size));
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
    const claim = randomUUID();
    for (;;) {
      const [status, ...members] = await this.#connection.script(
        addChordPart,
        [`${key}.j`, `${key}.s`, `${key}.t`, `${key}.d`, `${key}.c`],
        [index ?? '+inf', member, id, this.#expires, claim, claimSeconds],
      );
      if (status === undefined) return undefined;
      if (status !== chordTaken) return { parts: members.map(partOf), claim };
      // Whoever has it may die, and this may be the last message that can complete the chord then.
      await sleep(takenMs);
    }
  }

  async holdChord(group: string, claim: string): Promise<boolean> {
    const key = this.#groupKey(group);
    return (await this.#connection.script(holdChord, [`${key}.c`, `${key}.s`], [claim, claimSeconds])) === 1;
  }

  async closeChord(group: string, claim: string): Promise<void> {
    const key = this.#groupKey(group);
    await this.#connection.run((redis) => {
      // Celery's workers stop where there is no size, ours at the mark.
      const multi = redis.multi().sadd(`${key}.d`, closedMember).del(`${key}.s`);
      return (this.#expires > 0 ? multi.expire(`${key}.d`, this.#expires) : multi).exec();
    });
    await this.#connection.script(forgetChord, [`${key}.c`], [claim]);
  }

  async forgetChord(group: string, claim: string): Promise<void> {
    const key = this.#groupKey(group);
    const keys = [`${key}.c`, `${key}.j`, `${key}.s`, `${key}.t`, `${key}.d`];
    await this.#connection.script(forgetChord, keys, [claim]);
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
