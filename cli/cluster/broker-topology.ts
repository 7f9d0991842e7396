import { z } from 'zod';

const properties = z.record(z.string(), z.unknown());

const Exchanges = z.array(z.object({ name: z.string(), type: z.string(), durable: z.boolean() }));

const Queues = z.array(
  z
    .object({
      name: z.string(),
      durable: z.boolean(),
      type: z.string().default('classic'),
      arguments: properties.default({}),
      // A list where there is none.
      effective_policy_definition: z.union([properties, z.tuple([])]).nullish(),
    })
    .transform(({ effective_policy_definition: policy, ...queue }) => ({
      ...queue,
      policy: policy === null || policy === undefined || Array.isArray(policy) ? {} : policy,
    })),
);

const Bindings = z.array(
  z.object({
    source: z.string(),
    destination: z.string(),
    destination_type: z.string(),
    routing_key: z.string(),
  }),
);

/** What the management API answers for each list. */
export const topologyLists = { exchanges: Exchanges, queues: Queues, bindings: Bindings } as const;

/** What a broker holds. */
export interface BrokerTopology {
  readonly exchanges: z.output<typeof Exchanges>;
  readonly queues: readonly (z.output<typeof Queues>[number] & {
    readonly policy: Readonly<Record<string, unknown>>;
  })[];
  /** Of queues to exchanges that have a name. */
  readonly bindings: readonly {
    readonly exchange: string;
    readonly queue: string;
    readonly routingKey: string;
  }[];
}

/** The bindings that somebody declared: every queue is bound to the default exchange by itself. */
export function declaredBindings(bindings: z.output<typeof Bindings>): BrokerTopology['bindings'] {
  return bindings
    .filter(({ source, destination_type }) => source !== '' && destination_type === 'queue')
    .map(({ source, destination, routing_key }) => ({
      exchange: source,
      queue: destination,
      routingKey: routing_key,
    }));
}
