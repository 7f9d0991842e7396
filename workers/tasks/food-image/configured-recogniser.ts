import type { DishRecogniser } from './dish-recogniser.ts';
import { createOnnxClassifier } from './onnx-classifier.ts';
import { createVisionEndpoint } from './vision-endpoint.ts';

/** Which model recognises dishes, in the words of the environment. */
export interface RecogniserConfig {
  readonly FOOD_VISION_URL?: string | undefined;
  readonly FOOD_VISION_MODEL: string;
  readonly FOOD_VISION_API_KEY?: string | undefined;
  readonly FOOD_MODEL_PATH?: string | undefined;
  readonly FOOD_MODEL_LABELS?: string | undefined;
}

/** The vision endpoint where one is configured, else the local classifier, else none. */
export function configuredRecogniser(config: RecogniserConfig): DishRecogniser | undefined {
  if (config.FOOD_VISION_URL !== undefined) {
    return createVisionEndpoint({
      url: config.FOOD_VISION_URL,
      model: config.FOOD_VISION_MODEL,
      apiKey: config.FOOD_VISION_API_KEY,
    });
  }
  if (config.FOOD_MODEL_PATH === undefined) return undefined;
  return createOnnxClassifier({ modelPath: config.FOOD_MODEL_PATH, labelsPath: config.FOOD_MODEL_LABELS });
}
