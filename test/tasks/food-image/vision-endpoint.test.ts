import type { IncomingHttpHeaders } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { decodePicture, type Pixels } from '../../../workers/tasks/food-image/picture.ts';
import { createVisionEndpoint } from '../../../workers/tasks/food-image/vision-endpoint.ts';
import { plain } from './painted-pictures.ts';
import { type PictureServer, startPictureServer } from './picture-server.ts';

let server: PictureServer;
let answer: { status: number; body: string };
let received: { headers: IncomingHttpHeaders; body: string };
let pixels: Pixels;
beforeAll(async () => {
  ({ pixels } = await decodePicture(
    await plain('#c0392b', 64, 48)
      .withExif({ IFD0: { Artist: 'Ann' } })
      .jpeg()
      .toBuffer(),
  ));
  server = await startPictureServer(async (request, response) => {
    received = { headers: request.headers, body: await text(request) };
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body);
  });
});
afterAll(() => server.stop());
beforeEach(() => says({ dishes: [] }));

const completion = (content: string) => ({
  status: 200,
  body: JSON.stringify({ choices: [{ message: { content } }] }),
});
const says = (recognition: unknown) => {
  answer = completion(JSON.stringify(recognition));
};
const recognise = (apiKey?: string, timeoutMs = 20_000) =>
  createVisionEndpoint({ url: `http://${server.host}/v1/`, model: 'sees-food', apiKey, timeoutMs }).recognise(
    pixels,
    new AbortController().signal,
  );

describe('a vision endpoint', () => {
  it('is asked as chat completions are, with the picture in the question and the key in the header', async () => {
    await recognise('key-1');
    expect(server.asked.at(-1)).toBe('/v1/chat/completions');
    expect(received.headers.authorization).toBe('Bearer key-1');
    const question = JSON.parse(received.body);
    expect(question).toMatchObject({ model: 'sees-food', response_format: { type: 'json_schema' } });
    const { url } = question.messages[1].content[0].image_url;
    expect(url).toMatch(/^data:image\/jpeg;base64,/);
    const metadata = await sharp(Buffer.from(url.split(',')[1], 'base64')).metadata();
    expect(metadata).toMatchObject({ width: 64, height: 48 });
    // What a camera writes into a picture (place, owner) stays here.
    expect(metadata.exif).toBeUndefined();
  });

  it('gets no key where none is configured', async () => {
    await recognise();
    expect(received.headers.authorization).toBeUndefined();
  });

  it('names dishes, likeliest first, with what else it said', async () => {
    says({
      dishes: [
        { name: 'Pho', confidence: 0.2 },
        { name: 'Ramen', confidence: 0.7 },
      ],
      ingredients: ['noodles'],
      nutrition: { energyKcal: 600 },
    });
    expect(await recognise()).toEqual({
      dishes: [
        { name: 'Ramen', confidence: 0.7 },
        { name: 'Pho', confidence: 0.2 },
      ],
      ingredients: ['noodles'],
      nutrition: { energyKcal: 600 },
    });
  });

  it('adds nothing to what it did not say', async () => {
    expect(await recognise()).toEqual({ dishes: [] });
  });

  it('is understood though it wraps its answer in a code block', async () => {
    answer = completion('```json\n{"dishes":[{"name":"Pizza","confidence":1}]}\n```');
    expect(await recognise()).toEqual({ dishes: [{ name: 'Pizza', confidence: 1 }] });
  });

  it.each<[string, { status: number; body: string }]>([
    ['is overloaded', { status: 529, body: '{}' }],
    ['does not know the key', { status: 401, body: '{}' }],
    ['redirects', { status: 302, body: '' }],
    ['answers no JSON', { status: 200, body: '<html>' }],
    ['answers without a choice', { status: 200, body: '{"choices":[]}' }],
    ['chats instead of answering', completion('That looks delicious!')],
    ['is surer than sure', completion('{"dishes":[{"name":"Pizza","confidence":97}]}')],
    ['does not come to an end', { status: 200, body: 'x'.repeat(300_000) }],
  ])('that %s is an error that another attempt may get over', async (_, given) => {
    answer = given;
    await expect(recognise('secret-key')).rejects.toMatchObject({
      code: 'IMAGE_MODEL_FAILED',
      message: expect.not.stringContaining('secret-key'),
    });
  });

  it('that does not answer in time, or is not there, is the same', async () => {
    const silent = await startPictureServer(() => undefined);
    const ask = () =>
      createVisionEndpoint({ url: `http://${silent.host}`, model: 'm', timeoutMs: 100 }).recognise(
        pixels,
        new AbortController().signal,
      );
    await expect(ask()).rejects.toMatchObject({ code: 'IMAGE_MODEL_FAILED' });
    await silent.stop();
    await expect(ask()).rejects.toMatchObject({ code: 'IMAGE_MODEL_FAILED' });
  });
});
