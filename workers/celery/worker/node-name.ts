import { hostname } from 'node:os';

/**
 * A worker's node name, as Celery expands it (celery/utils/nodenames.py): `%h` is the host's name, `%n` its part before
 * the first dot, `%d` the rest, `%%` a per cent sign. Without `@` it names a worker on this host.
 * @default celery@ and the host's name
 */
export function nodeName(pattern = 'celery@%h', host: string = hostname()): string {
  const dot = host.indexOf('.');
  const parts: Readonly<Record<string, string>> = {
    h: host,
    n: dot < 0 ? host : host.slice(0, dot),
    d: dot < 0 ? '' : host.slice(dot + 1),
    '%': '%',
  };
  const name = pattern.replace(/%([hnd%])/g, (_, letter: string) => parts[letter] ?? '');
  return name.includes('@') ? name : `${name}@${host}`;
}
