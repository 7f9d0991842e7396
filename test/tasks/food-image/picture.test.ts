import { crc32 } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { decodePicture } from '../../../workers/tasks/food-image/picture.ts';
import { plain } from './painted-pictures.ts';

describe('decoding', () => {
  it.each(['jpeg', 'png', 'webp', 'gif', 'avif'] as const)('reads %s by its content', async (format) => {
    const bytes = await plain('#ff0000', 64, 48).toFormat(format).toBuffer();
    const picture = await decodePicture(bytes);
    expect(picture).toMatchObject({ width: 64, height: 48, pixels: { width: 64, height: 48 } });
    expect(picture.format).toBe(format === 'avif' ? 'heif' : format);
    expect(picture.pixels.data).toHaveLength(64 * 48 * 3);
    expect(picture.pixels.data[0]).toBeGreaterThan(245);
  });

  it('scales a large picture down to what is looked at, and remembers its size', async () => {
    const bytes = await plain('#808080', 5_000, 2_500).jpeg().toBuffer();
    expect(await decodePicture(bytes)).toMatchObject({
      width: 5_000,
      height: 2_500,
      pixels: { width: 1_024, height: 512 },
    });
  });

  it('turns a picture the right way up', async () => {
    const bytes = await plain('#808080', 80, 40).withMetadata({ orientation: 6 }).jpeg().toBuffer();
    expect(await decodePicture(bytes)).toMatchObject({
      width: 40,
      height: 80,
      pixels: { width: 40, height: 80 },
    });
  });

  it('shows what is transparent on white', async () => {
    const clear = { create: { width: 8, height: 8, channels: 4, background: '#00000000' } } as const;
    const { pixels } = await decodePicture(await sharp(clear).png().toBuffer());
    expect([...pixels.data.subarray(0, 3)]).toEqual([255, 255, 255]);
  });

  it('refuses what is no photograph, whatever it is called', async () => {
    const texts = [
      '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>',
      '%PDF-1.7\n',
      '<html></html>',
      '',
    ];
    for (const text of texts) {
      await expect(decodePicture(Buffer.from(text))).rejects.toMatchObject({ code: 'IMAGE_UNREADABLE' });
    }
  });

  it('refuses a picture that is cut off', async () => {
    const bytes = await plain('#00ff00').jpeg().toBuffer();
    await expect(decodePicture(bytes.subarray(0, bytes.length / 2))).rejects.toMatchObject({
      code: 'IMAGE_UNREADABLE',
    });
  });

  it('refuses a picture of a few bytes that claims billions of pixels, before it takes memory for them', async () => {
    const before = process.memoryUsage().rss;
    await expect(decodePicture(await claiming(60_000, 60_000))).rejects.toMatchObject({
      code: 'IMAGE_TOO_LARGE',
      details: { width: 60_000, height: 60_000 },
    });
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024);
  });
});

/** A PNG whose header says another size than it has. */
async function claiming(width: number, height: number): Promise<Buffer> {
  const bytes = await plain('#0000ff', 8, 8).png().toBuffer();
  bytes.writeUInt32BE(width, 16);
  bytes.writeUInt32BE(height, 20);
  bytes.writeUInt32BE(crc32(bytes.subarray(12, 29)), 29);
  return bytes;
}
