import { registry } from './names.ts';
import type { Programs } from './programs.ts';

/** An image as a profile names it: where it is pulled from, and its tag. */
export interface PushedImage {
  readonly registry: string;
  readonly tag: string;
}

/**
 * Builds the image and pushes it under a tag of its contents: what was not changed has the tag it had, and what was
 * has a new one, so that the pods are replaced although none of them ever pulls a tag twice.
 *
 * @param version of the package, with which the tag begins
 * @throws PlatformError KIND_COMMAND_FAILED
 */
export async function pushImage(
  programs: Programs,
  version: string,
  report: (title: string) => void,
): Promise<PushedImage> {
  const built = `${registry.address}/smarteats:built`;
  const docker = (title: string, ...args: readonly string[]) => {
    report(title);
    return programs.run({ title, program: 'docker', args });
  };
  await docker('Building the image', 'build', '--tag', built, '.');
  const id = await docker('Naming the image', 'image', 'inspect', '--format', '{{.Id}}', built);
  const tag = `${version}-${id
    .trim()
    .replace(/^sha256:/, '')
    .slice(0, 12)}`;
  const image = `${registry.address}/smarteats:${tag}`;
  await docker(`Tagging it ${tag}`, 'tag', built, image);
  await docker('Pushing the image', 'push', image);
  return { registry: registry.address, tag };
}
