import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PlatformError } from '../../../workers/platform/errors.ts';
import { mayPass } from '../../../workers/tasks/declared-task.ts';
import { analyzeFoodImage } from '../../../workers/tasks/food-image/analyze-food-image.ts';
import { configuredRecogniser } from '../../../workers/tasks/food-image/configured-recogniser.ts';
import type { DishRecogniser } from '../../../workers/tasks/food-image/dish-recogniser.ts';
import { foodImageTasks } from '../../../workers/tasks/food-image/food-image-tasks.ts';
import { taskContext } from '../task-context.ts';
import { detailed } from './painted-pictures.ts';
import { type PictureServer, startPictureServer } from './picture-server.ts';

let server: PictureServer;
let picture: Buffer;
beforeAll(async () => {
  picture = await detailed().jpeg({ quality: 90 }).toBuffer();
  server = await startPictureServer((_, response) =>
    response.writeHead(200, { 'content-type': 'text/plain' }).end(picture),
  );
});
afterAll(() => server.stop());

const never = new AbortController().signal;
const analyze = (recogniser?: DishRecogniser, signal = never) =>
  analyzeFoodImage(
    { download: { privateHosts: [server.host] }, recogniser },
    `http://${server.host}/soup.jpg`,
    signal,
  );

describe('the analysis of a picture of food', () => {
  it('without a model holds what can be measured, says so, and names no dish', async () => {
    const analysis = await analyze();
    expect(analysis).toMatchObject({
      model: 'none',
      dishes: [],
      image: { format: 'jpeg', width: 800, height: 600, bytes: picture.length },
      acceptable: true,
    });
    expect(analysis.colours.length).toBeGreaterThan(0);
    expect(analysis).not.toHaveProperty('ingredients');
    expect(analysis).not.toHaveProperty('nutrition');
  });

  it('holds what the model says, under its name', async () => {
    const dishes = [{ name: 'Ramen', confidence: 0.8 }];
    const recogniser: DishRecogniser = { model: 'sees-food', recognise: async () => ({ dishes }) };
    expect(await analyze(recogniser)).toMatchObject({ model: 'sees-food', dishes });
  });

  it('fails where its model does, rather than leaving the dishes out', async () => {
    const recogniser: DishRecogniser = { model: 'm', recognise: () => Promise.reject(new Error('away')) };
    await expect(analyze(recogniser)).rejects.toThrow('away');
  });

  it('stops when its task is stopped', async () => {
    await expect(analyze(undefined, AbortSignal.abort(new Error('revoked')))).rejects.toThrow('revoked');
  });
});

describe('the configured model', () => {
  const FOOD_VISION_MODEL = 'sees-food';
  it('is the vision endpoint before the local classifier, and none where nothing is configured', () => {
    const endpoint = {
      FOOD_VISION_MODEL,
      FOOD_VISION_URL: 'http://vision/v1',
      FOOD_MODEL_PATH: '/models/food.onnx',
    };
    expect(configuredRecogniser(endpoint)?.model).toBe('sees-food');
    expect(configuredRecogniser({ FOOD_VISION_MODEL, FOOD_MODEL_PATH: '/models/food.onnx' })?.model).toBe(
      'food.onnx',
    );
    expect(configuredRecogniser({ FOOD_VISION_MODEL })).toBeUndefined();
  });
});

describe('the task tasks.analyze_food_image', () => {
  it('gives what JSON can hold, without what no model said', async () => {
    const { analyzeFoodImage: task } = foodImageTasks({ download: { privateHosts: [server.host] } });
    expect(task).toMatchObject({ name: 'tasks.analyze_food_image', queue: 'ai' });
    const result = await task.run({ image_url: `http://${server.host}/soup.jpg` }, taskContext().context);
    expect(JSON.parse(JSON.stringify(result))).toEqual(result);
    expect(result).toMatchObject({ model: 'none', dishes: [], acceptable: true });
  });

  it('is tried again when the picture could not be fetched, and not when it is none', async () => {
    expect(mayPass(new PlatformError('IMAGE_DOWNLOAD_FAILED'))).toBe(true);
    expect(mayPass(new PlatformError('IMAGE_MODEL_FAILED'))).toBe(true);
    for (const code of [
      'IMAGE_URL_REFUSED',
      'IMAGE_UNAVAILABLE',
      'IMAGE_TOO_LARGE',
      'IMAGE_UNREADABLE',
    ] as const) {
      expect(mayPass(new PlatformError(code))).toBe(false);
    }
  });
});
