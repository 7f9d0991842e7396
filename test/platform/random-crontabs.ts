import type { CrontabFields } from '../../workers/platform/crontab.ts';

/** Numbers below 1 that are the same in every run (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const days = ['sun', 'monday', 'Tue', 'wednesday', 'thu', 'FRIDAY', 'sat'];

/** Expressions of one field in every form that Celery knows. */
export class FieldWriter {
  readonly #random: () => number;

  constructor(random: () => number) {
    this.#random = random;
  }

  below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }

  pick<T>(choices: readonly [T, ...T[]]): T {
    return choices[this.below(choices.length)] ?? choices[0];
  }

  /** One expression, perhaps of several parts. */
  field(least: number, greatest: number, names: readonly string[] = []): string {
    const parts = Array.from({ length: 1 + this.below(3) }, () => this.#part(least, greatest, names));
    return parts.join(',');
  }

  dayOfWeek(): string {
    return this.field(0, 6, days);
  }

  #part(least: number, greatest: number, names: readonly string[]): string {
    const number = () => {
      const value = least + this.below(greatest - least + 1);
      return (this.below(2) === 0 ? names[value - least] : undefined) ?? String(value);
    };
    const step = () => String(1 + this.below(greatest));
    return this.pick([
      () => number(),
      () => number(),
      () => `${number()}-${number()}`,
      () => `${number()}-${number()}/${step()}`,
      () => `*/${step()}`,
    ])();
  }
}

/** Crontabs of which at most one day field is restricted, so that cron can say the same. */
export function randomCrontab(writer: FieldWriter): CrontabFields {
  const sometimes = (fields: CrontabFields) => (writer.below(2) === 0 ? fields : {});
  return {
    minute: writer.field(0, 59),
    ...sometimes({ hour: writer.field(0, 23) }),
    ...sometimes({ month_of_year: writer.field(1, 12) }),
    ...writer.pick<() => CrontabFields>([
      () => ({}),
      () => ({ day_of_week: writer.dayOfWeek() }),
      () => ({ day_of_month: writer.field(1, 28) }),
    ])(),
  };
}
