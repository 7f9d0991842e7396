import { EventDispatcher } from '../events/event-dispatcher.ts';
import { LamportClock } from '../events/lamport-clock.ts';
import type { TaskValue } from '../protocol/value.ts';
import type { MakeMonitoring } from '../worker/monitoring.ts';
import { controlMessage } from './control-messages.ts';
import { ControlPanel } from './control-panel.ts';
import type { ControlRequest } from './control-request.ts';
import { mingle } from './mingle.ts';
import { Pidbox } from './pidbox.ts';
import { ReplyChannel } from './reply-channel.ts';

/** How long to wait for each answer of the broker at the end, in milliseconds. */
const brokerMs = 2_000;

/** Events and remote control as Celery's own workers have them, for Flower and the `celery` command line. */
export const celeryMonitoring: MakeMonitoring = (worker) => {
  const { nodeName, publishing, consuming, log, taskEvents, view } = worker;
  const clock = new LamportClock();
  const closing = new AbortController();
  const events = new EventDispatcher({
    nodeName,
    connection: publishing,
    clock,
    log,
    taskEvents,
    figures: () => ({
      active: view().active().length,
      processed: Object.values(view().figures().totals).reduce((sum, runs) => sum + runs, 0),
    }),
  });
  const replies = new ReplyChannel({ connection: publishing, log });
  const carryOut = async ({ method, args, replyTo, clock: sentAt }: ControlRequest) => {
    clock.adjust(sentAt);
    const reply = await new ControlPanel({ view: view(), events, clock, log }).call(method, args);
    await answer(replyTo, reply);
  };
  const answer = async (replyTo: ControlRequest['replyTo'], reply: TaskValue | undefined) => {
    if (reply === undefined || replyTo === undefined) return;
    const { exchange, routingKey, ticket } = replyTo;
    const headers = { ...(ticket !== undefined && { ticket }), clock: clock.forward() };
    await replies.send(exchange, routingKey, controlMessage({ [nodeName]: reply }, headers));
  };
  const pidbox = new Pidbox({
    nodeName,
    connection: consuming,
    log,
    onRequest: (request) => {
      carryOut(request).catch((error) => {
        log.error({ err: error, method: request.method }, 'remote control could not be answered');
      });
    },
    onRefused: ({ replyTo }, reason) => void answer(replyTo, { error: reason.message }),
    onListening: () => {
      const others = { view: view(), connection: publishing, clock, log, signal: closing.signal };
      mingle(others).catch((error) => log.debug({ err: error }, 'other workers could not be asked'));
    },
  });
  return {
    sink: events,
    start: () => {
      events.start();
      replies.start();
      pidbox.start();
    },
    resume: () => events.resume(),
    stop: async () => {
      closing.abort();
      await Promise.all([pidbox.stop(brokerMs), replies.stop(brokerMs), events.stop(brokerMs)]);
    },
  };
};
