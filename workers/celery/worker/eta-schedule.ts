import type { Job } from './job.ts';
import { callAt } from './long-timer.ts';
import type { Prefetch } from './prefetch.ts';

/**
 * What is due within this time, in milliseconds, may be held in the worker; anything later goes back to the broker.
 * RabbitMQ takes back a delivery that was not acknowledged for 30 minutes (`consumer_timeout`), with the channel or, since
 * 4.3, with the subscription.
 */
const longestHoldMs = { quorum: 60_000, classic: 15 * 60_000 };

/** A rest below this, in milliseconds, is always waited for here: the broker's delays are whole seconds. */
const restMs = 1_000;

/** What becomes of a job whose time has not come. */
export type EtaPlan = 'hold' | 'postpone';

/** Whether a job is to wait in the worker for its time, so that it starves no other of its place in the prefetch. */
export function planEta(
  job: Job,
  leftMs: number,
  options: { readonly canDelay: boolean; readonly prefetch: Prefetch },
): EtaPlan {
  if (leftMs < restMs || !options.canDelay) return 'hold';
  const { consumer } = job;
  const roomy = options.prefetch.hasRoomToHold(consumer);
  return roomy && leftMs <= longestHoldMs[consumer.adjustable ? 'classic' : 'quorum'] ? 'hold' : 'postpone';
}

/** Has a job wait in the worker until it is due. */
export function holdUntil(job: Job, due: Date, prefetch: Prefetch, onDue: () => void): void {
  job.phase = 'scheduled';
  const letGo = prefetch.hold(job.consumer);
  const stop = callAt(due.getTime(), () => {
    letGo();
    onDue();
  });
  job.stopWaiting = () => {
    stop();
    letGo();
  };
}
