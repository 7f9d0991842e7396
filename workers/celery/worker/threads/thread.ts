import { Worker } from 'node:worker_threads';
import { exceptionDocument } from '../../protocol/exception.ts';
import type { Signature } from '../../protocol/signature.ts';
import type { TaskValue } from '../../protocol/value.ts';
import type { Outcome } from '../outcome.ts';
import type { Attempt, Running } from '../runner.ts';
import type { FromThread, ThreadData, ToThread } from './messages.ts';
import { pack, packRequest, unpack, unpackOutcome } from './packing.ts';
import { programUrl } from './program-url.ts';

export interface ThreadOptions {
  /** The module that exports the tasks. */
  readonly module: URL;
  /** What it makes the tasks of; it must be cloneable. @default nothing */
  readonly input?: unknown;
  readonly hostname: string;
  /** @default as the process */
  readonly maxOldGenerationSizeMb?: number | undefined;
}

/** A thread that runs tasks, one at a time. */
export class Thread {
  /** Resolves when it can run tasks. @throws Error where it never will */
  readonly ready: Promise<void>;
  /** Resolves with the reason when the thread is gone. */
  readonly gone: Promise<string>;
  /** Attempts that it has run. */
  runs = 0;
  readonly #worker: Worker;
  #attempt: { readonly attempt: Attempt; readonly end: (outcome: Outcome) => void } | undefined;
  #alive = true;

  constructor({ module, input, hostname, maxOldGenerationSizeMb }: ThreadOptions) {
    const entry = programUrl('./task-thread.ts', import.meta.url);
    const isSource = entry.pathname.endsWith('.ts');
    this.#worker = new Worker(isSource ? new URL('./typescript.mjs', import.meta.url) : entry, {
      name: 'task',
      workerData: { module: module.href, input, hostname, entry: entry.href } satisfies ThreadData,
      // Options of the process, such as those of a debugger, are not meant for threads.
      execArgv: isSource ? ['--disable-warning=ExperimentalWarning'] : [],
      ...(maxOldGenerationSizeMb === undefined ? {} : { resourceLimits: { maxOldGenerationSizeMb } }),
    });
    let reason = 'the thread ended';
    this.gone = new Promise((resolve) => {
      this.#worker.on('error', (error) => {
        reason = error instanceof Error ? error.message : String(error);
      });
      this.#worker.on('exit', (code) => {
        this.#alive = false;
        this.#attempt?.end({ kind: 'lost', reason: `${reason} (exit code ${code})` });
        resolve(reason);
      });
    });
    this.ready = new Promise((resolve, reject) => {
      this.#worker.on('message', (message: FromThread) => {
        if (message.kind === 'ready') resolve();
        else if (message.kind === 'unusable') reject(new Error(message.reason));
        else this.#take(message);
      });
      this.gone.then((why) => reject(new Error(why)));
    });
    // It may be nobody's concern, such as that of a spare thread.
    this.ready.catch(() => undefined);
  }

  get alive(): boolean {
    return this.#alive;
  }

  run(attempt: Attempt): Running {
    this.runs += 1;
    const outcome = new Promise<Outcome>((resolve) => {
      const end = (how: Outcome) => {
        this.#attempt = undefined;
        resolve(how);
      };
      this.#attempt = { attempt, end };
    });
    this.#say({ kind: 'run', task: attempt.task.name, request: packRequest(attempt.request) });
    return {
      outcome,
      over: Promise.race([outcome, this.gone]).then(() => undefined),
      interrupt: (reason) => this.#say({ kind: 'interrupt', error: exceptionDocument(reason) }),
      kill: () => this.end(),
    };
  }

  end(): void {
    this.#alive = false;
    void this.#worker.terminate();
  }

  #take(message: Extract<FromThread, { kind: 'call' | 'outcome' }>): void {
    if (message.kind === 'outcome') this.#attempt?.end(unpackOutcome(message.outcome));
    else void this.#answer(message);
  }

  async #answer({ call, name, args }: Extract<FromThread, { kind: 'call' }>): Promise<void> {
    const attempt = this.#attempt?.attempt;
    if (attempt === undefined) return;
    try {
      const value = await carryOut(attempt, name, args.map(unpack));
      this.#say({ kind: 'answer', call, value: pack(value) });
    } catch (error) {
      this.#say({ kind: 'refusal', call, error: exceptionDocument(error) });
    }
  }

  #say(message: ToThread): void {
    this.#worker.postMessage(message);
  }
}

/** The thread's own context made these arguments from typed ones. */
async function carryOut(
  { calls }: Attempt,
  name: Extract<FromThread, { kind: 'call' }>['name'],
  args: readonly TaskValue[],
): Promise<TaskValue> {
  const [first = null, second = null] = args;
  if (name === 'updateState') {
    await calls.updateState(String(first), second);
    return null;
  }
  const signature = first as unknown as Signature;
  if (name === 'send') return calls.send(signature);
  if (name === 'addToChord') return calls.addToChord(signature);
  await calls.replace(signature);
  return null;
}
