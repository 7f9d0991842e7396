import { describe, expect, it } from '@jest/globals';
import { errorLine } from '../../cli/error-line.ts';
import { PlatformError } from '../../workers/platform/errors.ts';

describe('an error on the command line', () => {
  it('says what to do where it says nothing of its own', () => {
    expect(errorLine(new PlatformError('TASK_SERVERS_UNKNOWN'))).toBe(
      'TASK_SERVERS_UNKNOWN: It is not known to which servers a task is to be sent. ' +
        'Start the platform with npm start, or give --broker and --redis.',
    );
  });

  it('is told in its own words where it has some', () => {
    expect(errorLine(new PlatformError('CONFIG_INVALID', 'PORT must be a port (is "x")'))).toBe(
      'CONFIG_INVALID: PORT must be a port (is "x")',
    );
  });
});
