import { describe, expect, it } from '@jest/globals';
import { dominantColours } from '../../../workers/tasks/food-image/dominant-colours.ts';
import { decodePicture } from '../../../workers/tasks/food-image/picture.ts';
import { detailed, plain } from './painted-pictures.ts';

const pixelsOf = async (bytes: Buffer) => (await decodePicture(bytes)).pixels;

describe('the dominant colours', () => {
  it('of a picture of one colour are that one', async () => {
    const pixels = await pixelsOf(await plain('#c0392b').png().toBuffer());
    expect(await dominantColours(pixels)).toEqual([{ hex: '#c0392b', share: 1 }]);
  });

  it('come with their shares, the most frequent first', async () => {
    const green = await plain('#2ecc40', 400, 600).png().toBuffer();
    const striped = plain('#c0392b', 1_600, 600).composite([{ input: green, left: 0, top: 0 }]);
    const [first, second, ...others] = await dominantColours(await pixelsOf(await striped.png().toBuffer()));
    expect(first?.hex).toBe('#c0392b');
    expect(first?.share).toBeCloseTo(0.75, 1);
    expect(second?.hex).toBe('#2ecc40');
    expect(others).toEqual([]);
  });

  it('count shades of one colour together', async () => {
    const pixels = await pixelsOf(await detailed().linear(0.1, 120).png().toBuffer());
    const [only, ...others] = await dominantColours(pixels);
    expect(only?.share).toBeGreaterThan(0.95);
    expect(others).toEqual([]);
  });

  it('are at most as many as were asked for', async () => {
    const colours = await dominantColours(await pixelsOf(await detailed().png().toBuffer()), 2);
    expect(colours).toHaveLength(2);
  });
});
