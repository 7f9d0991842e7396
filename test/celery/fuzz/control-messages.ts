import type { Random } from './random.ts';
import { anyTableValue, anyText, anyValue, asTable, rawJson } from './values.ts';

/** Methods of remote control, without the one that ends the worker. */
const methods = [
  'ping',
  'clock',
  'heartbeat',
  'hello',
  'election',
  'active',
  'reserved',
  'scheduled',
  'query_task',
  'revoked',
  'revoke',
  'terminate',
  'revoke_by_stamped_headers',
  'registered',
  'rate_limit',
  'time_limit',
  'pool_grow',
  'pool_shrink',
  'pool_restart',
  'autoscale',
  'active_queues',
  'add_consumer',
  'cancel_consumer',
  'stats',
  'conf',
  'report',
  'memsample',
  'enable_events',
  'disable_events',
  'nosuch',
  '__proto__',
];

const argumentNames = [
  'ids',
  'task_id',
  'terminate',
  'signal',
  'headers',
  'taskinfoitems',
  'task_name',
  'rate_limit',
  'soft',
  'hard',
  'n',
  'max',
  'min',
  'exchange_type',
  'from_node',
  'revoked',
  'safe',
];

/** A message to the exchange of remote control. */
export interface ControlFuzz {
  readonly content: Buffer;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** A request about which anything may be wrong. */
export function fuzzControl(random: Random): ControlFuzz {
  const args = Object.fromEntries(
    random.some(4, () => [random.pick(argumentNames), anyValue(random)] as const),
  );
  const body: Record<string, unknown> = {
    method: random.chance(0.9) ? random.pick(methods) : anyValue(random),
    arguments: random.chance(0.9) ? args : anyValue(random),
    destination: random.chance(0.7) ? null : anyValue(random),
    pattern: random.chance(0.8) ? null : anyValue(random),
    matcher: random.chance(0.8) ? null : random.pick(['glob', 'pcre', 'sql']),
    ticket: random.chance(0.7) ? `t${random.below(1_000)}` : anyValue(random),
    reply_to: random.chance(0.5)
      ? { exchange: 'reply.celery.pidbox', routing_key: anyText(random) }
      : anyValue(random),
  };
  for (const name of Object.keys(body)) if (random.chance(0.05)) delete body[name];
  const content = damaged(Buffer.from(encode(random.chance(0.95) ? body : anyValue(random))), random);
  return {
    content,
    properties: {
      contentType: random.chance(0.95) ? 'application/json' : anyText(random).slice(0, 50),
      headers: { clock: asTable(random.chance(0.9) ? random.below(1e6) : anyTableValue(random)) },
    },
  };
}

/** Cut or with wrong bytes, one time in ten. */
function damaged(content: Buffer, random: Random): Buffer {
  if (content.length === 0 || random.chance(0.9)) return content;
  if (random.chance(0.5)) return content.subarray(0, random.below(content.length));
  const copy = Buffer.from(content);
  copy[random.below(copy.length)] = random.below(256);
  return copy;
}

function encode(value: unknown): string {
  return JSON.stringify(value).replace(/"(@raw:\w+)"/g, (text, mark: string) => rawJson[mark] ?? text);
}
