/**
 * How every Redis of the platform keeps its data, on a laptop and in the cluster.
 * An answer is only given once the write is on disk, because messages are acknowledged on the strength of it,
 * and nothing is ever evicted to make room: a full Redis refuses writes instead.
 */
export const redisServerSettings = {
  appendonly: 'yes',
  appendfsync: 'always',
  'auto-aof-rewrite-min-size': '64mb',
  'maxmemory-policy': 'noeviction',
  save: '""',
} as const;

/** The settings as lines of a `redis.conf`. */
export function redisConfiguration(settings: Readonly<Record<string, string | number>>): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name} ${value}\n`)
    .join('');
}
