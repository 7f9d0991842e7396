import { describe, expect, it } from '@jest/globals';
import type { ObjectStorage } from '../../workers/storage/object-storage.ts';
import { platformError } from '../state/error-code.ts';

/** What every storage must do. */
export function describeStorage(name: string, open: () => ObjectStorage): void {
  describe(name, () => {
    const read = async (key: string) => {
      const stored = await open().open(key);
      if (stored === undefined) return undefined;
      const chunks: Buffer[] = [];
      for await (const chunk of stored.content) chunks.push(chunk as Buffer);
      const content = Buffer.concat(chunks);
      expect(stored.bytes).toBe(content.length);
      return content;
    };

    it('gives back what it keeps, byte by byte', async () => {
      const content = Buffer.from(Uint8Array.from({ length: 300_000 }, (_, i) => (i * 7) % 256));
      await open().put('reports/roma/a_2026-11-01.pdf', content, 'application/pdf');
      expect((await read('reports/roma/a_2026-11-01.pdf'))?.equals(content)).toBe(true);
    });

    it('replaces a file by the next of its name', async () => {
      await open().put('reports/roma/b.pdf', Buffer.from('the first, which is longer'), 'application/pdf');
      await open().put('reports/roma/b.pdf', Buffer.from('the second'), 'application/pdf');
      expect(String(await read('reports/roma/b.pdf'))).toBe('the second');
    });

    it('has nothing where nothing was kept', async () => {
      expect(await open().open('reports/roma/nothing.pdf')).toBeUndefined();
      expect(await open().open('nobody/nothing.pdf')).toBeUndefined();
    });

    it.each(['../secrets', '/etc/passwd', 'a/../../b', 'a//b', '', 'a/./b', '.hidden', 'a\0b'])(
      'takes %j for no name of a file',
      async (key) => {
        expect((await platformError(open().put(key, Buffer.from('x'), 'text/plain'))).code).toBe(
          'REPORT_STORAGE_FAILED',
        );
        expect((await platformError(open().open(key))).code).toBe('REPORT_STORAGE_FAILED');
      },
    );
  });
}
