import { environment } from '../../workers/platform/environment.ts';
import { errorCatalogue } from '../../workers/platform/errors.ts';
import { metrics } from '../../workers/platform/metrics.ts';
import { smartEats } from '../../workers/platform/platform.ts';
import { redisKeys } from '../../workers/platform/redis-keys.ts';
import { renderConfiguration } from './configuration.ts';
import { renderErrors } from './errors.ts';
import { renderMetrics } from './metrics.ts';
import { renderPlatform } from './platform.ts';
import { renderRedisKeys } from './redis-keys.ts';

/** The pages under `docs/` that follow from the declarations: file name and how its text is made. */
export const referencePages: Readonly<Record<string, () => string>> = {
  'configuration.md': () => renderConfiguration(environment),
  'errors.md': () => renderErrors(errorCatalogue),
  'metrics.md': () => renderMetrics(metrics),
  'platform.md': () => renderPlatform(smartEats),
  'redis-keys.md': () => renderRedisKeys(redisKeys),
};
