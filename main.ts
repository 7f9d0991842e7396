import { profileFromEnvironment } from './charts/profile-environment.ts';
import { synthesize } from './charts/synthesize.ts';
import { PlatformError } from './workers/platform/errors.ts';
import { smartEats } from './workers/platform/platform.ts';

try {
  synthesize(smartEats, profileFromEnvironment(process.env), process.env['CDK8S_OUTDIR'] ?? 'dist');
} catch (error) {
  if (!(error instanceof PlatformError)) throw error;
  console.error(`${error.code}: ${error.message}`);
  process.exitCode = 1;
}
