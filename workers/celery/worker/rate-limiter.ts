import type { Log } from '../../messaging/log.ts';
import { redisKey } from '../../platform/redis-keys.ts';
import type { RedisConnection } from '../../state/redis-connection.ts';
import { takePermit } from '../../state/scripts/take-permit.ts';
import type { Task } from '../task.ts';
import { parseRate } from './rate.ts';
import { TokenBucket } from './token-bucket.ts';

/** How long to wait before asking again while Redis does not answer, in milliseconds. */
const outageMs = 1_000;

interface Waiting {
  readonly proceed: () => void;
}

/**
 * Spreads the runs of one task over time: by a rate of this worker, as Celery does, and by one that all workers share
 * through Redis, which Celery has not. Those that wait go on in the order in which they came.
 */
export class RateLimiter {
  readonly #task: string;
  readonly #redis: RedisConnection | undefined;
  readonly #log: Log;
  readonly #cluster: number | undefined;
  readonly #waiting = new Set<Waiting>();
  #rate: string | number | null | undefined;
  #bucket: TokenBucket | undefined;
  #timer: NodeJS.Timeout | undefined;
  #asking = false;

  /** @throws RangeError for a rate that cannot be read */
  constructor(task: Task, options: { readonly redis: RedisConnection | undefined; readonly log: Log }) {
    this.#task = task.name;
    this.#redis = options.redis;
    this.#log = options.log;
    this.#cluster = parseRate(task.options.rate?.cluster);
    this.setRate(task.options.rate?.perWorker);
  }

  /** The worker's own rate in force, as it was given. */
  get rate(): string | undefined {
    return this.#bucket === undefined ? undefined : String(this.#rate);
  }

  get limited(): boolean {
    return this.#bucket !== undefined || this.#cluster !== undefined;
  }

  /** @throws RangeError for a rate that cannot be read */
  setRate(rate: string | number | null | undefined): void {
    const perSecond = parseRate(rate);
    this.#rate = rate;
    this.#bucket = perSecond === undefined ? undefined : new TokenBucket(perSecond);
    this.#again(0);
  }

  /** Seconds that the last of those who wait has to wait at least. */
  get backlogSeconds(): number {
    const perSecond = Math.min(
      parseRate(this.#rate) ?? Number.POSITIVE_INFINITY,
      this.#cluster ?? Number.POSITIVE_INFINITY,
    );
    return this.#waiting.size / perSecond;
  }

  /** Calls back when a run may begin, at once or later. @returns a function that leaves the line */
  enter(proceed: () => void): () => void {
    const waiting = { proceed };
    this.#waiting.add(waiting);
    if (this.#timer === undefined) void this.#pump();
    return () => {
      this.#waiting.delete(waiting);
    };
  }

  close(): void {
    this.#waiting.clear();
    clearTimeout(this.#timer);
  }

  async #pump(): Promise<void> {
    if (this.#asking) return;
    this.#asking = true;
    try {
      for (const waiting of this.#waiting) {
        const waitMs = (await this.#clusterWait()) || (this.#bucket?.take() ?? 0);
        if (waitMs > 0) {
          this.#again(waitMs);
          return;
        }
        // It may have left while Redis was asked; then a permit is lost.
        if (this.#waiting.delete(waiting)) waiting.proceed();
      }
    } finally {
      this.#asking = false;
    }
    if (this.#waiting.size > 0 && this.#timer === undefined) void this.#pump();
  }

  #again(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#pump();
    }, ms);
  }

  /** Takes a permit of the cluster's rate. @returns 0, or the milliseconds until one is there */
  async #clusterWait(): Promise<number> {
    if (this.#cluster === undefined || this.#redis === undefined) return 0;
    const intervalMicros = Math.max(1, Math.round(1_000_000 / this.#cluster));
    const key = redisKey('taskRate', { task: this.#task });
    try {
      const [given, , waitMicros] = await this.#redis.script(takePermit, [key], [intervalMicros, 1]);
      return given === 1 ? 0 : Math.ceil(waitMicros / 1000);
    } catch (error) {
      this.#log.warn(
        { err: error, task: this.#task },
        'the rate limit of all workers cannot be asked; waiting',
      );
      return outageMs;
    }
  }
}
