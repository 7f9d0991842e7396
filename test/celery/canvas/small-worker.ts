import { addToChord } from '../../../workers/celery/canvas/add-to-chord.ts';
import { applySignature, type CanvasDeps } from '../../../workers/celery/canvas/apply-signature.ts';
import { continueAfterSuccess } from '../../../workers/celery/canvas/continue-after.ts';
import { failDependents } from '../../../workers/celery/canvas/fail-dependents.ts';
import { finishChordPart } from '../../../workers/celery/canvas/finish-chord-part.ts';
import { replaceTask } from '../../../workers/celery/canvas/replace.ts';
import { decodeTask } from '../../../workers/celery/protocol/decode-task.ts';
import { exceptionDocument, TaskError } from '../../../workers/celery/protocol/exception.ts';
import type { ResultTuple, Signature } from '../../../workers/celery/protocol/signature.ts';
import type { TaskMessage } from '../../../workers/celery/protocol/task-message.ts';
import type { TaskRequest } from '../../../workers/celery/protocol/task-request.ts';
import type { TaskValue } from '../../../workers/celery/protocol/value.ts';
import { MemoryBackend } from './memory-backend.ts';

/** Ends a task without a result, as one that was replaced. */
const ignored = Symbol('ignored');

export interface Calls {
  readonly request: TaskRequest;
  replace(signature: Signature): Promise<symbol>;
  addToChord(signature: Signature): Promise<ResultTuple>;
}

type Run = (args: readonly TaskValue[], calls: Calls) => Promise<TaskValue | symbol> | TaskValue | symbol;

const sum = (values: TaskValue | undefined): number =>
  Array.isArray(values) ? values.reduce((total: number, each) => total + sum(each), 0) : Number(values);

/** The tasks that canvases in tests are made of. */
const tasks: Readonly<Record<string, Run>> = {
  add: ([left, right]) => Number(left) + Number(right),
  sum: ([values]) => sum(values),
  identity: ([value]) => value ?? null,
  note: ([value]) => value ?? null,
  fail: () => {
    throw new TaskError('ValueError', ['boom'], 'builtins');
  },
  'celery.accumulate': ([first]) => first ?? null,
};

/** Runs messages one after the other, in the order in which they were sent, until none is left. */
export class SmallWorker {
  readonly backend = new MemoryBackend();
  /** Requests that ran, in order. */
  readonly ran: TaskRequest[] = [];
  readonly #queue: TaskMessage[] = [];
  readonly #tasks: Readonly<Record<string, Run>>;
  readonly deps: CanvasDeps;

  /** @param more tasks besides the usual ones */
  constructor(more: Readonly<Record<string, Run>> = {}, deps: Partial<CanvasDeps> = {}) {
    this.#tasks = { ...tasks, ...more };
    this.deps = {
      sender: {
        send: async (message) => {
          this.#queue.push(message);
        },
      },
      backend: this.backend,
      route: () => 'celery',
      origin: 'tests',
      ...deps,
    };
  }

  /** Sends a canvas and runs it to its end. @returns the result of its end */
  async run(signature: Signature): Promise<TaskValue> {
    const [[id], members] = await this.send(signature);
    return members === null ? this.resultOf(id) : members.map(([[member]]) => this.resultOf(member));
  }

  async send(signature: Signature): Promise<ResultTuple> {
    const tuple = await applySignature(signature, {}, this.deps);
    await this.drain();
    return tuple;
  }

  /** Runs messages that somebody else made, and what follows from them. */
  async take(messages: readonly TaskMessage[]): Promise<void> {
    this.#queue.push(...messages);
    await this.drain();
  }

  async drain(): Promise<void> {
    for (let message = this.#queue.shift(); message !== undefined; message = this.#queue.shift()) {
      const { exchange, routingKey, content, properties } = message;
      const fields = { exchange, routingKey, redelivered: false };
      // What amqplib tells of a delivery besides is not read.
      const delivery = { content, properties, fields } as unknown as Parameters<typeof decodeTask>[0];
      await this.#execute(decodeTask(delivery, routingKey));
    }
  }

  /** What a task ended with: its value, or the text of its exception. */
  resultOf(id: string): TaskValue {
    const stored = this.backend.results.get(id);
    if (stored === undefined) return 'nothing';
    return stored.status === 'SUCCESS' ? stored.result : { [stored.status]: stored.result };
  }

  /** Arguments of all calls of a task, in order. */
  callsOf(task: string): readonly (readonly TaskValue[])[] {
    return this.ran.filter((request) => request.task === task).map(({ args }) => args);
  }

  async #execute(request: TaskRequest): Promise<void> {
    this.ran.push(request);
    const { deps } = this;
    const { id } = request;
    try {
      const run = this.#tasks[request.task];
      if (run === undefined) throw new TaskError('NotRegistered', [request.task], 'celery.exceptions');
      const value = await run(request.args, {
        request,
        replace: async (signature) => {
          await replaceTask(request, signature, deps);
          return ignored;
        },
        addToChord: (signature) => addToChord(request, signature, deps),
      });
      if (typeof value === 'symbol') return;
      const children = await continueAfterSuccess(request, value, deps);
      await deps.backend.store({ id, state: 'SUCCESS', result: value, children, request });
      await finishChordPart(request, 'SUCCESS', value, deps);
    } catch (error) {
      const exception = exceptionDocument(error);
      await deps.backend.store({ id, state: 'FAILURE', result: { ...exception }, request });
      await finishChordPart(request, 'FAILURE', { ...exception }, deps);
      await failDependents(request, exception, undefined, deps);
    }
  }
}
