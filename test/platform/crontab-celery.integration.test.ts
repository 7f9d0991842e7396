import { describe, expect, it } from '@jest/globals';
import { type Crontab, parseCrontab } from '../../workers/platform/crontab.ts';
import { PlatformError } from '../../workers/platform/errors.ts';
import { pythonCeleryVersion, runPython } from '../celery/python-celery.ts';
import { FieldWriter, seededRandom } from './random-crontabs.ts';

const version = pythonCeleryVersion();
const limits: Readonly<Record<keyof Crontab, readonly [limit: number, least: number]>> = {
  minute: [60, 0],
  hour: [24, 0],
  day_of_week: [7, 0],
  day_of_month: [31, 1],
  month_of_year: [12, 1],
};
// Their keys are the fields of a crontab.
const fields = Object.keys(limits) as (keyof Crontab)[];

type Expression = readonly [field: keyof Crontab, expression: string];

function ours([field, expression]: Expression): readonly number[] | null {
  try {
    return parseCrontab({ [field]: expression })[field];
  } catch (error) {
    if (error instanceof PlatformError) return null;
    throw error;
  }
}

function celerys(expressions: readonly Expression[]): readonly (readonly number[] | null)[] {
  const input = expressions.map(([field, expression]) => [...limits[field], expression]);
  // The script writes one list or null for each.
  return runPython('expand_crontabs.py', input) as readonly (readonly number[] | null)[];
}

const title = `Python's Celery ${version ?? '(not installed, so this did not run)'}`;

(version === undefined ? describe.skip : describe)(title, () => {
  it('reads 2000 well-formed expressions as we do', () => {
    const writer = new FieldWriter(seededRandom(7));
    const expressions = Array.from({ length: 2000 }, (_, index): Expression => {
      const field = fields[index % fields.length] ?? 'minute';
      const [limit, least] = limits[field];
      return [field, field === 'day_of_week' ? writer.dayOfWeek() : writer.field(least, limit + least - 1)];
    });
    expect(expressions.map(ours)).toEqual(celerys(expressions));
    expect(expressions.map(ours)).not.toContain(null);
  });

  it('understands whatever we understand of 5000 mangled expressions, and in the same way', () => {
    const writer = new FieldWriter(seededRandom(8));
    const letters = ['0', '1', '7', '9', '-', '/', '*', ',', ' ', 'm', 'o', 'n', '?', 'L', '@', '.'] as const;
    const expressions = Array.from({ length: 5000 }, (_, index): Expression => {
      const field = fields[index % fields.length] ?? 'minute';
      const [limit, least] = limits[field];
      const expression = [...writer.field(least, limit + least - 1)];
      expression.splice(writer.below(expression.length + 1), writer.below(2), writer.pick([...letters]));
      return [field, expression.join('')];
    });
    const theirs = celerys(expressions);
    const understood = expressions
      .map((expression, index) => ({ expression, ours: ours(expression), theirs: theirs[index] }))
      .filter((each) => each.ours !== null);
    expect(understood.filter((each) => JSON.stringify(each.ours) !== JSON.stringify(each.theirs))).toEqual(
      [],
    );
    expect(understood.length).toBeGreaterThan(500);
  });
});
