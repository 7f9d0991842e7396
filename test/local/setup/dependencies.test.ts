import { describe, expect, it } from '@jest/globals';
import { inStep, npmCommand } from '../../../local/setup/dependencies.mjs';

const wanted = {
  packages: {
    '': { version: '0.1.0' },
    'node_modules/pino': { version: '10.4.0' },
    'node_modules/@esbuild/linux-x64': { version: '0.28.2', optional: true },
    'node_modules/@esbuild/darwin-arm64': { version: '0.28.2', optional: true },
  },
};

const installed = (packages: Record<string, { version: string }> = {}) => ({
  packages: {
    'node_modules/pino': { version: '10.4.0' },
    'node_modules/@esbuild/linux-x64': { version: '0.28.2' },
    ...packages,
  },
});

describe('installed node modules', () => {
  it('are in step with the lock file when only packages for other systems are absent', () => {
    expect(inStep(wanted, installed())).toBe(true);
  });

  it('are not in step when nothing, or nothing whole, is installed', () => {
    expect(inStep(wanted, undefined)).toBe(false);
  });

  it('are not in step when a package is absent', () => {
    const more = { packages: { ...wanted.packages, 'node_modules/zod': { version: '4.6.7' } } };
    expect(inStep(more, installed())).toBe(false);
  });

  it('are not in step when a package, even an optional one, has another version', () => {
    expect(inStep(wanted, installed({ 'node_modules/pino': { version: '10.3.0' } }))).toBe(false);
    expect(inStep(wanted, installed({ 'node_modules/@esbuild/linux-x64': { version: '0.27.0' } }))).toBe(
      false,
    );
  });

  it('are not in step when a package is there that the lock file does not name', () => {
    expect(inStep(wanted, installed({ 'node_modules/left-pad': { version: '1.3.0' } }))).toBe(false);
  });
});

describe('the npm that installs', () => {
  it('is the one that runs the script', () => {
    expect(npmCommand({ npm_execpath: '/opt/npm/bin/npm-cli.js' })).toEqual({
      command: process.execPath,
      args: ['/opt/npm/bin/npm-cli.js'],
    });
  });

  it.each([undefined, '/opt/yarn/bin/yarn.js'])('is npm on the path when the script is run by %s', (path) => {
    const env = path === undefined ? {} : { npm_execpath: path };
    expect(npmCommand(env)).toEqual({ command: 'npm', args: [] });
  });
});
