import { describe, expect, it } from '@jest/globals';
import { type Outcomes, reportOf } from './outcomes.ts';

const expected = 't/integration/test_canvas.py::test_chord::test_error_propagates_from_chord';
const outcomes: Outcomes = {
  'a.py::one': ['passed', ''],
  'a.py::two': ['passed', ''],
  'a.py::three': ['skipped', 'no such server'],
  'a.py::four': ['xfailed', ''],
  [expected]: ['failed', 'XPASS'],
};

describe("the report on a run of Celery's suite", () => {
  it('closes with the figures, in which known failures are failures', () => {
    const { lines, surprises } = reportOf(outcomes);
    expect(lines.slice(-2)).toEqual(['1 skipped, 1 failed as the suite expects', '2 passed, 1 failed']);
    expect(surprises).toBe(0);
  });

  it('names what failed for a known reason below the reason', () => {
    const { lines } = reportOf(outcomes);
    expect(lines[lines.indexOf(`  ${expected}`) - 1]).toMatch(/^Failed, since .+:$/);
  });

  it('names what failed for no known reason with what it said', () => {
    const { lines, surprises } = reportOf({ ...outcomes, 'a.py::five': ['failed', 'assert 1 == 2'] });
    expect(lines).toContain('  a.py::five\n    assert 1 == 2');
    expect(lines.at(-1)).toBe('2 passed, 2 failed');
    expect(surprises).toBe(1);
  });
});
