import { smartEats } from '../../workers/platform/platform.ts';
import { type OwnBroker, type SharedBroker, sharedBrokerVariable, startOwnBroker } from './broker.ts';

let broker: OwnBroker | undefined;

/** Starts the RabbitMQ that the integration tests of one run share, each in a virtual host of its own. */
// biome-ignore lint/style/noDefaultExport: jest asks for a default export
export default async function setUp(): Promise<void> {
  broker = await startOwnBroker(smartEats);
  const { user, password, ports, managementUrl } = broker.server;
  const shared: SharedBroker = { user, password, amqpPort: ports.amqp, managementUrl };
  process.env[sharedBrokerVariable] = JSON.stringify(shared);
  Object.assign(globalThis, { stopSharedBroker: () => broker?.remove() });
}
