import { describe, expect, it } from '@jest/globals';
import { CleanUp } from '../../local/clean-up.ts';

describe('cleaning up', () => {
  it('undoes the latest first, each step once', async () => {
    const done: string[] = [];
    const cleanUp = new CleanUp();
    cleanUp.add(() => done.push('directory'));
    cleanUp.add(async () => {
      await Promise.resolve();
      done.push('server');
    });
    await Promise.all([cleanUp.run(), cleanUp.run()]);
    await cleanUp.run();
    expect(done).toEqual(['server', 'directory']);
  });

  it('goes on when a step fails, and reports it', async () => {
    const done: string[] = [];
    const cleanUp = new CleanUp();
    cleanUp.add(() => done.push('directory'));
    cleanUp.add(() => {
      throw new Error('the server does not stop');
    });
    await expect(cleanUp.run()).rejects.toThrow('the server does not stop');
    expect(done).toEqual(['directory']);
  });
});
