import type { Options } from 'amqplib';
import { wideIntegers } from '../../messaging/wide-integers.ts';
import { stringifyTaskJson } from '../protocol/json.ts';
import type { TaskValue } from '../protocol/value.ts';

/** A message of remote control: gone with the broker, and never returned when nobody is there to get it. */
export interface ControlMessage {
  readonly content: Buffer;
  readonly options: Options.Publish;
}

/** @param headers `clock` and others, by Celery's names */
export function controlMessage(
  body: TaskValue,
  headers: Readonly<Record<string, string | number>>,
): ControlMessage {
  return {
    content: Buffer.from(stringifyTaskJson(body)),
    options: {
      contentType: 'application/json',
      contentEncoding: 'utf-8',
      deliveryMode: 1,
      headers: wideIntegers(headers),
    },
  };
}
