import { createHash } from 'node:crypto';

/**
 * An annotation of a pod that changes with its configuration, so that a changed file leads to a new pod:
 * neither Redis nor RabbitMQ reads its files again while it runs.
 */
export function configurationDigest(files: Readonly<Record<string, string>>): Record<string, string> {
  const digest = createHash('sha256').update(JSON.stringify(files)).digest('hex');
  return { 'checksum/configuration': digest.slice(0, 16) };
}
