/**
 * Whether a broker may have a prefetch that counts over all consumers of a channel and changes while they hold messages.
 * RabbitMQ 4.3 answers that it has set one, and gives each consumer a limit of its own that stands (`global_qos` is
 * denied by default); earlier ones have it, or refuse it with an error.
 *
 * @param version as the broker gives it, e.g. `4.3.6`; of one that cannot be read nothing is expected
 */
export function mayLimitGlobally(version: string | undefined): boolean {
  const [major = 0, minor = 0] = (version ?? '?').split('.').map(Number);
  return major < 4 || (major === 4 && minor < 3);
}
