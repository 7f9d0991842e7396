import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { execa } from 'execa';
import { bundleServices } from '../../local/service-bundle.ts';

describe('the compiled services', () => {
  it('run as a role, find their libraries, and are gone when they are removed', async () => {
    const bundle = await bundleServices();
    try {
      const { exitCode, stdout, stderr } = await execa(process.execPath, [bundle.file, 'no-such-role'], {
        reject: false,
      });
      expect(exitCode).not.toBe(0);
      expect(stdout + stderr).toContain('ROLE_UNKNOWN');
      expect(stdout + stderr).not.toContain('ERR_MODULE_NOT_FOUND');
    } finally {
      bundle.remove();
    }
    expect(existsSync(dirname(bundle.file))).toBe(false);
  });

  it('load the libraries of a role only where that role runs', async () => {
    const bundle = await bundleServices();
    try {
      const files = readdirSync(dirname(bundle.file)).filter((name) => name.endsWith('.mjs'));
      const using = files.filter((name) =>
        readFileSync(join(dirname(bundle.file), name), 'utf8').includes('from "stripe"'),
      );
      expect(using).toHaveLength(1);
      expect(using).not.toContain('main.mjs');
    } finally {
      bundle.remove();
    }
  });
});
