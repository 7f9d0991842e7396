import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { findTool } from '../../../local/servers/tools.ts';
import { locateProgram } from '../../../local/setup/programs.mjs';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'smarteats-test-programs-'));
});

afterEach(() => rmSync(directory, { recursive: true }));

describe('locating a program', () => {
  it('finds it on the path', () => {
    const file = join(directory, 'some-server');
    writeFileSync(file, '');
    chmodSync(file, 0o755);
    expect(locateProgram('some-server', ['/nowhere', directory].join(delimiter))).toBe(file);
  });

  it('looks only at files that can be run', () => {
    writeFileSync(join(directory, 'notes'), '');
    mkdirSync(join(directory, 'folder'));
    expect(locateProgram('notes', directory)).toBeUndefined();
    expect(locateProgram('folder', directory)).toBeUndefined();
  });

  it('does not take the current directory for an empty entry of the path', () => {
    expect(locateProgram('package.json', delimiter)).toBeUndefined();
  });
});

describe('a tool of the local stack that is not installed', () => {
  it('is reported with the commands that install it', () => {
    expect(() => findTool('no-such-server', directory)).toThrow(
      expect.objectContaining({
        code: 'TOOL_MISSING',
        message: expect.stringMatching(/apt-get install no-such-server.*brew install no-such/),
      }),
    );
  });
});
