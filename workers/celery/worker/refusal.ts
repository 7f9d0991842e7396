import type { Log } from '../../messaging/log.ts';
import type { CanvasDeps } from '../canvas/apply-signature.ts';
import { failDependents } from '../canvas/fail-dependents.ts';
import { type ChordMember, finishChordPart } from '../canvas/finish-chord-part.ts';
import type { EventSink } from '../events/event-sink.ts';
import { exceptionDocument, exceptionRepr, notRegistered } from '../protocol/exception.ts';
import type { MalformedTask } from '../protocol/malformed-task.ts';
import type { TaskRequest } from '../protocol/task-request.ts';
import type { ExceptionDocument } from '../results/result-backend.ts';
import type { TaskDelivery } from './deliveries.ts';
import type { TaskWorkerEmitter } from './worker-events.ts';

export interface RefusalOptions {
  readonly canvas: CanvasDeps;
  readonly sink: EventSink;
  readonly emitter: TaskWorkerEmitter;
  readonly log: Log;
}

/**
 * Refuses messages that no task can be called with. Python's workers drop some of these, crash of others, and leave
 * their senders waiting; here each goes to the dead letters, and whoever waits for it hears of it as far as it can be
 * known who that is.
 */
export class Refusal {
  readonly #options: RefusalOptions;

  constructor(options: RefusalOptions) {
    this.#options = options;
  }

  /** A message that cannot be read. */
  async malformed(delivery: TaskDelivery, malformed: MalformedTask): Promise<void> {
    const { id, task, exception, reason, group, groupIndex, chord } = malformed;
    const part = id === undefined ? undefined : { id, group, groupIndex, chord };
    await this.#refuse(delivery, { id, task, exception, reason, part });
  }

  /** A task that this worker does not have. */
  async unregistered(delivery: TaskDelivery, request: TaskRequest): Promise<void> {
    const { id, task } = request;
    const exception = exceptionDocument(notRegistered(task));
    const reason = `no task is registered as ${task}`;
    await this.#refuse(delivery, { id, task, exception, reason, part: request, request });
  }

  async #refuse(
    delivery: TaskDelivery,
    refused: {
      readonly id: string | undefined;
      readonly task: string | undefined;
      readonly exception: ExceptionDocument;
      readonly reason: string;
      readonly part: ChordMember | undefined;
      readonly request?: TaskRequest;
    },
  ): Promise<void> {
    const { canvas, sink, emitter, log } = this.#options;
    const { id, task, exception, reason, part, request } = refused;
    const { queue } = delivery;
    log.error({ queue, id, task, reason }, 'a message is refused and goes to the dead letters');
    const result = { ...exception };
    if (id !== undefined) await canvas.backend.store({ id, state: 'FAILURE', result });
    if (part !== undefined) await finishChordPart(part, 'FAILURE', result, canvas);
    if (request !== undefined) await failDependents(request, exception, undefined, canvas);
    delivery.reject(false);
    if (id !== undefined) {
      sink.task('task-failed', { uuid: id, exception: exceptionRepr(exception), traceback: null });
    }
    emitter.emit('refused', { queue, task, reason });
  }
}
