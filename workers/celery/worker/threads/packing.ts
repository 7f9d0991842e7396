import { parseTaskJson, stringifyTaskJson } from '../../protocol/json.ts';
import type { TaskRequest } from '../../protocol/task-request.ts';
import type { Kwargs, TaskValue } from '../../protocol/value.ts';
import type { Outcome } from '../outcome.ts';
import type { Packed } from './messages.ts';

/** Writes a value so that another thread reads exactly the same. */
export function pack(value: TaskValue): Packed {
  return stringifyTaskJson(value);
}

export function unpack(text: Packed): TaskValue {
  return parseTaskJson(text);
}

/** Only times are no values of tasks. */
export function packRequest(request: TaskRequest): Packed {
  const { eta, expires, ...rest } = request;
  // All that is left of a request are values, lists and objects of them; what is undefined is left out.
  const values = rest as unknown as Kwargs;
  return pack({ ...values, eta: eta?.getTime() ?? null, expires: expires?.getTime() ?? null });
}

export function unpackRequest(text: Packed): TaskRequest {
  // It was packed above, from a request.
  const { eta, expires, ...rest } = unpack(text) as unknown as TaskRequest & {
    readonly eta: number | null;
    readonly expires: number | null;
  };
  return { ...rest, eta: dateOf(eta), expires: dateOf(expires) };
}

export function packOutcome(outcome: Outcome): Packed {
  // Outcomes are made of values; what is undefined is left out.
  return pack(outcome as unknown as Kwargs);
}

export function unpackOutcome(text: Packed): Outcome {
  // It was packed above, from an outcome.
  return unpack(text) as unknown as Outcome;
}

function dateOf(time: number | null): Date | undefined {
  return time === null ? undefined : new Date(time);
}
