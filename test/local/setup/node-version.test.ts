import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { nodeTooOld } from '../../../local/setup/node-version.mjs';

describe('the check of the Node.js version', () => {
  it.each(['20.19.0', '20.20.2', '22.0.0', '26.1.0'])('accepts %s', (version) => {
    expect(nodeTooOld(version)).toBeUndefined();
  });

  it.each(['18.20.8', '20.18.3', '19.9.0', '8.1.0'])('refuses %s in one line', (version) => {
    const line = nodeTooOld(version);
    expect(line).toContain(`this is ${version}`);
    expect(line).not.toContain('\n');
  });

  it('names the version that package.json asks for', () => {
    const manifest = readFileSync(new URL('../../../package.json', import.meta.url), 'utf8');
    const [, wanted = ''] = /^>=(.*)$/.exec(JSON.parse(manifest).engines.node) ?? [];
    expect(nodeTooOld('1.0.0')).toContain(`Node.js ${wanted} or newer`);
    expect(nodeTooOld(`${wanted}.0`)).toBeUndefined();
  });
});
