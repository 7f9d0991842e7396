import type { Runner, Running } from '../runner.ts';
import { Thread, type ThreadOptions } from './thread.ts';

export interface ThreadPoolOptions extends ThreadOptions {
  /** Attempts after which a thread is replaced, for tasks that leak memory. @default never */
  readonly maxTasksPerThread?: number | undefined;
}

/**
 * Threads that run tasks. There are as many as attempts at the same time; the slots of the worker limit those. A thread
 * that was ended, or died, is replaced when the next attempt needs one.
 */
export class ThreadPool implements Runner {
  readonly #options: ThreadPoolOptions;
  readonly #idle: Thread[] = [];
  readonly #all = new Set<Thread>();

  constructor(options: ThreadPoolOptions) {
    this.#options = options;
  }

  /** Has threads loaded before they are needed. */
  warm(count: number): void {
    while (this.#idle.length < count) this.#idle.push(this.#start());
  }

  /** @throws Error when the module of the tasks cannot be loaded */
  async begin(attempt: Parameters<Runner['begin']>[0]): Promise<Running> {
    const thread = this.#take();
    try {
      await thread.ready;
    } catch (error) {
      thread.end();
      throw error;
    }
    const running = thread.run(attempt);
    void running.over.then(() => this.#putBack(thread));
    return running;
  }

  /** Ends all threads, whatever they do. */
  close(): void {
    for (const thread of this.#all) thread.end();
    this.#idle.length = 0;
  }

  #take(): Thread {
    for (let thread = this.#idle.pop(); thread !== undefined; thread = this.#idle.pop()) {
      if (thread.alive) return thread;
    }
    return this.#start();
  }

  #putBack(thread: Thread): void {
    if (!thread.alive) return;
    if (thread.runs >= (this.#options.maxTasksPerThread ?? Number.POSITIVE_INFINITY)) thread.end();
    else this.#idle.push(thread);
  }

  #start(): Thread {
    const thread = new Thread(this.#options);
    this.#all.add(thread);
    void thread.gone.then(() => this.#all.delete(thread));
    return thread;
  }
}
