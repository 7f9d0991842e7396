import type { DishRecogniser } from './dish-recogniser.ts';
import { checkModelFiles, createOnnxClassifier } from './onnx-classifier.ts';
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
  const files = classifierOf(config);
  return files && createOnnxClassifier(files);
}

/**
 * Looks whether the configured classifier is there, so that a worker can say at its start what its first picture would.
 * @throws PlatformError IMAGE_MODEL_INVALID
 */
export async function checkRecogniser(config: RecogniserConfig): Promise<void> {
  const files = config.FOOD_VISION_URL === undefined ? classifierOf(config) : undefined;
  if (files !== undefined) await checkModelFiles(files);
}

function classifierOf({ FOOD_MODEL_PATH: modelPath, FOOD_MODEL_LABELS: labelsPath }: RecogniserConfig) {
  return modelPath === undefined ? undefined : { modelPath, labelsPath };
}
