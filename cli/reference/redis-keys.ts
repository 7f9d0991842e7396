import type { RedisKeyDeclaration } from '../../workers/platform/redis-keys.ts';
import { generatedNote, markdownTable } from './markdown.ts';

/** The reference page of every family of Redis keys, as Markdown. */
export function renderRedisKeys(keys: Readonly<Record<string, RedisKeyDeclaration>>): string {
  return [
    '# Redis keys',
    '',
    generatedNote,
    '',
    ...markdownTable(
      ['Key', 'Holds', 'Lives'],
      Object.values(keys).map(({ pattern, description, ttlSeconds }) => [
        `\`${pattern}\``,
        description,
        ttlSeconds === null ? 'until removed' : lifeTime(ttlSeconds),
      ]),
    ),
    '',
  ].join('\n');
}

function lifeTime(seconds: number): string {
  if (seconds % 86_400 === 0) return `${seconds / 86_400} d`;
  if (seconds % 3_600 === 0) return `${seconds / 3_600} h`;
  return seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`;
}
