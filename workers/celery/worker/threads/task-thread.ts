import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { type exceptionDocument, notRegistered, TaskError } from '../../protocol/exception.ts';
import type { ResultTuple } from '../../protocol/signature.ts';
import type { TaskRequest } from '../../protocol/task-request.ts';
import type { TaskValue } from '../../protocol/value.ts';
import type { Task } from '../../task.ts';
import { failureOf, runTask } from '../run-task.ts';
import { type TaskCalls, taskContext } from '../task-context.ts';
import type { CallName, FromThread, ThreadData, ToThread } from './messages.ts';
import { pack, packOutcome, unpack, unpackRequest } from './packing.ts';
import { loadTasks } from './task-module.ts';

/** A thread that runs one task at a time, and asks the worker's own thread for all that needs its connections. */
class TaskThread {
  readonly #port: MessagePort;
  readonly #hostname: string;
  readonly #tasks: ReadonlyMap<string, Task>;
  readonly #asked = new Map<
    number,
    { readonly resolve: (value: TaskValue) => void; readonly reject: (error: Error) => void }
  >();
  #calls = 0;
  #controller = new AbortController();

  constructor(port: MessagePort, hostname: string, tasks: readonly Task[]) {
    this.#port = port;
    this.#hostname = hostname;
    this.#tasks = new Map(tasks.map((task) => [task.name, task]));
    port.on('message', (message: ToThread) => this.#take(message));
    this.#say({ kind: 'ready' });
  }

  #take(message: ToThread): void {
    switch (message.kind) {
      case 'run':
        void this.#run(message.task, unpackRequest(message.request));
        return;
      case 'interrupt':
        this.#controller.abort(errorOf(message.error));
        return;
      case 'answer':
        this.#asked.get(message.call)?.resolve(unpack(message.value));
        this.#asked.delete(message.call);
        return;
      case 'refusal':
        this.#asked.get(message.call)?.reject(errorOf(message.error));
        this.#asked.delete(message.call);
    }
  }

  async #run(name: string, request: TaskRequest): Promise<void> {
    this.#controller = new AbortController();
    const task = this.#tasks.get(name);
    const context = taskContext({
      request,
      hostname: this.#hostname,
      signal: this.#controller.signal,
      calls: this.#callsToWorker,
    });
    const outcome =
      task === undefined
        ? ({ kind: 'failure', ...failureOf(notRegistered(name)) } as const)
        : await runTask(task, request, context);
    this.#say({ kind: 'outcome', outcome: packOutcome(outcome) });
  }

  readonly #callsToWorker: TaskCalls = {
    updateState: async (state, meta) => {
      await this.#ask('updateState', state, meta);
    },
    // The worker answers these two with what the canvas returned.
    send: async (signature) => (await this.#ask('send', signature)) as unknown as ResultTuple,
    addToChord: async (signature) => (await this.#ask('addToChord', signature)) as unknown as ResultTuple,
    replace: async (signature) => {
      await this.#ask('replace', signature);
    },
  };

  #ask(name: CallName, ...args: readonly TaskValue[]): Promise<TaskValue> {
    this.#calls += 1;
    const call = this.#calls;
    return new Promise((resolve, reject) => {
      this.#asked.set(call, { resolve, reject });
      this.#say({ kind: 'call', call, name, args: args.map(pack) });
    });
  }

  #say(message: FromThread): void {
    this.#port.postMessage(message);
  }
}

function errorOf(document: ReturnType<typeof exceptionDocument>): TaskError {
  return new TaskError(document.exc_type, document.exc_message, document.exc_module);
}

async function main(port: MessagePort): Promise<void> {
  // Written by the pool that started this thread.
  const { module, input, hostname } = workerData as ThreadData;
  try {
    new TaskThread(port, hostname, await loadTasks(module, input));
  } catch (error) {
    const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
    port.postMessage({ kind: 'unusable', reason } satisfies FromThread);
    port.close();
  }
}

if (parentPort !== null) await main(parentPort);
