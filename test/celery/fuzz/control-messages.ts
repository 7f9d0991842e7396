import type { Random } from '../../harness/random.ts';
import { anyNumber, anyTableValue, anyText, anyTime, anyValue, asTable, encodeJson } from './values.ts';

/** All of them but `shutdown`, which a worker obeys. */
const methods = [
  ...'ping active reserved scheduled query_task revoked registered stats active_queues conf report clock'.split(
    ' ',
  ),
  ...'memsample heartbeat hello revoke terminate revoke_by_stamped_headers rate_limit time_limit'.split(' '),
  ...'pool_grow pool_shrink autoscale pool_restart add_consumer cancel_consumer objgraph'.split(' '),
  ...'enable_events disable_events dump_active dump_tasks election nosuch __proto__ constructor'.split(' '),
];

const names = [
  ...'task_id ids signal terminate headers task_name rate_limit soft hard n max min queue exchange'.split(
    ' ',
  ),
  ...'exchange_type routing_key from_node revoked taskinfoitems with_defaults safe __proto__'.split(' '),
];

/** A message of remote control, good or damaged, as it is published to all workers. */
export function fuzzControl(random: Random) {
  const request: Record<string, unknown> = {
    method: random.pick(methods),
    arguments: Object.fromEntries(random.some(4, () => [random.pick(names), anyArgument(random)])),
    destination: random.chance(0.3)
      ? random.pick([['fuzzed@here'], 'fuzzed@here', [], anyValue(random)])
      : null,
    pattern: random.chance(0.2) ? random.pick(['*', '[', '(', '(a+)+$', anyText(random)]) : null,
    matcher: random.chance(0.2) ? random.pick(['glob', 'pcre', 'nosuch', anyValue(random, 1)]) : null,
    ticket: random.chance(0.5) ? anyText(random) : undefined,
    reply_to: random.chance(0.3) ? replyTo(random) : undefined,
  };
  if (random.chance(0.2)) request[random.pick(Object.keys(request))] = anyValue(random);
  const content = encodeJson(random.chance(0.05) ? anyValue(random) : request);
  return {
    content: random.chance(0.05) ? content.subarray(0, random.below(content.length + 1)) : content,
    properties: {
      contentType: random.chance(0.95) ? 'application/json' : random.pick(['', 'text/plain']),
      headers: { clock: asTable(anyTableValue(random)), expires: asTable(anyNumber(random)) },
    },
  };
}

function anyArgument(random: Random): unknown {
  return random.pick([anyValue, anyText, anyNumber, anyTime])(random);
}

function replyTo(random: Random): unknown {
  const exchange = random.pick(['reply.celery.pidbox', 'no-such-exchange', '', 'x'.repeat(300)]);
  return random.chance(0.8) ? { exchange, routing_key: anyText(random) } : anyValue(random);
}
