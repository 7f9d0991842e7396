import { PlatformError } from '../workers/platform/errors.ts';
import {
  defineProfile,
  type OutsideDependency,
  type Profile,
  type ProfileProps,
  profileNames,
} from './profile.ts';

/**
 * The profile that the environment asks for: SMARTEATS_PROFILE (`kind` unless given), SMARTEATS_IMAGE_REGISTRY,
 * SMARTEATS_IMAGE_TAG, SMARTEATS_OUTSIDE (dependencies outside the cluster, comma separated), SMARTEATS_RUNBOOKS_URL (where
 * people find this repository, for links of alerts), SMARTEATS_ALERTS_TO and SMARTEATS_ALERTS_SMARTHOST (the address that
 * hears of alerts, and the mail server), SMARTEATS_FOOD_MODEL (`<claim>/<path>`: the PersistentVolumeClaim with the classifier
 * of pictures, and its ONNX file there), SMARTEATS_AUTOSCALING (`on` unless given, or `off` where there
 * is no KEDA), and SMARTEATS_NODES (`on` unless given, or `off` where others watch the nodes).
 *
 * @throws PlatformError CONFIG_INVALID in one line
 */
export function profileFromEnvironment(env: Readonly<Record<string, string | undefined>>): Profile {
  const wanted = env['SMARTEATS_PROFILE'] || 'kind';
  const name = profileNames.find((each) => each === wanted);
  if (name === undefined) {
    const message = `SMARTEATS_PROFILE must be ${profileNames.join(' or ')} (is ${JSON.stringify(wanted)})`;
    throw new PlatformError('CONFIG_INVALID', message);
  }
  const outside = (env['SMARTEATS_OUTSIDE'] ?? '')
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '')
    // defineProfile refuses names that are none.
    .map((each) => [each as OutsideDependency, {}]);
  // A claim's name has no slash.
  const [claim = '', ...model] = (env['SMARTEATS_FOOD_MODEL'] ?? '').split('/');
  const props: ProfileProps = {
    ...(env['SMARTEATS_FOOD_MODEL'] ? { foodModel: { claim, model: model.join('/') } } : {}),
    autoscaling: { enabled: isOn(env, 'SMARTEATS_AUTOSCALING') },
    nodes: { watched: isOn(env, 'SMARTEATS_NODES') },
    ...(env['SMARTEATS_IMAGE_REGISTRY'] ? { imageRegistry: env['SMARTEATS_IMAGE_REGISTRY'] } : {}),
    ...(env['SMARTEATS_IMAGE_TAG'] ? { imageTag: env['SMARTEATS_IMAGE_TAG'] } : {}),
    ...(env['SMARTEATS_RUNBOOKS_URL'] ? { runbooks: env['SMARTEATS_RUNBOOKS_URL'] } : {}),
    alerting: {
      ...(env['SMARTEATS_ALERTS_TO'] ? { to: env['SMARTEATS_ALERTS_TO'] } : {}),
      ...(env['SMARTEATS_ALERTS_SMARTHOST'] ? { smarthost: env['SMARTEATS_ALERTS_SMARTHOST'] } : {}),
    },
    outside: Object.fromEntries(outside),
  };
  return defineProfile(name, props);
}

/** A switch, on unless the environment says otherwise. */
function isOn(env: Readonly<Record<string, string | undefined>>, name: string): boolean {
  const value = env[name] || 'on';
  if (value !== 'on' && value !== 'off') {
    throw new PlatformError('CONFIG_INVALID', `${name} must be on or off (is ${JSON.stringify(value)})`);
  }
  return value === 'on';
}
