import { redisKey } from '../../../platform/redis-keys.ts';
import type { RedisConnection } from '../../redis-connection.ts';
import { saveFigures } from '../../scripts/save-figures.ts';
import { parseStored } from '../../stored.ts';
import { type AnalyticsStore, DailyFigures, DailySummary } from '../analytics.ts';

/** Figures in Redis: a hash for each restaurant, and one for all together, from a date to its figures. */
export function redisAnalyticsStore(connection: RedisConnection): AnalyticsStore {
  const keyOf = (restaurantId: string) => redisKey('dailyFigures', { restaurantId });
  const summaries = redisKey('dailySummaries', {});

  return {
    async save(figures) {
      const { restaurantId, date, revision } = figures;
      const args = [date, revision, JSON.stringify(figures)];
      return (await connection.script(saveFigures, [keyOf(restaurantId)], args)) === 1;
    },

    async find(restaurantId, dates) {
      if (dates.length === 0) return [];
      const key = keyOf(restaurantId);
      const texts = await connection.run((redis) => redis.hmget(key, ...dates));
      return texts.flatMap((text, position) =>
        text === null ? [] : [parseStored(DailyFigures, `${key} ${dates[position]}`, text)],
      );
    },

    async saveSummary(summary) {
      await connection.run((redis) => redis.hset(summaries, summary.date, JSON.stringify(summary)));
    },

    async findSummary(date) {
      const text = await connection.run((redis) => redis.hget(summaries, date));
      return text === null ? undefined : parseStored(DailySummary, `${summaries} ${date}`, text);
    },
  };
}
