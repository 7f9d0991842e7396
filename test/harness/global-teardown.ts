/** Ends the RabbitMQ that the global setup started. */
// biome-ignore lint/style/noDefaultExport: jest asks for a default export
export default async function tearDown(): Promise<void> {
  // Put there by the global setup, which runs in the same process.
  const { stopSharedBroker } = globalThis as { stopSharedBroker?: () => Promise<void> };
  await stopSharedBroker?.();
}
