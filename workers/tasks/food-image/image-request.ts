import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { PlatformError } from '../../platform/errors.ts';
import { type HostRules, isAllowedHost, isPrivateHost } from './listed-hosts.ts';
import { publicLookup, type ResolveHost, refusePrivateLiteral } from './public-address.ts';

/** Which addresses may be asked, and how their names are resolved. */
export interface AddressRules extends HostRules {
  /** @default the system's resolver */
  readonly resolve?: ResolveHost;
}

/**
 * Asks for a picture on a connection of its own and gives the answer as it begins, whatever its status is.
 *
 * @throws PlatformError IMAGE_URL_REFUSED for a URL that is not HTTP, that holds credentials, or whose host is not
 *   allowed or not on the public internet; the errors of Node for a connection that fails
 */
export async function requestImage(
  url: URL,
  rules: AddressRules,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw refused(url, 'its scheme is not http or https');
  if (url.username !== '' || url.password !== '') throw refused(url, 'it holds credentials');
  if (!isAllowedHost(url, rules)) throw refused(url, 'pictures may not come from this host');
  const isPrivate = isPrivateHost(url, rules);
  if (!isPrivate) refusePrivateLiteral(url.hostname);
  const request = url.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((answered, failed) => {
    request(url, {
      signal,
      // A pooled connection would have been checked for another request.
      agent: false,
      ...(!isPrivate && { lookup: publicLookup(rules.resolve) }),
      headers: {
        accept: 'image/jpeg, image/png, image/webp, image/avif, image/gif',
        // A compressed answer could be far larger than the bytes that are counted.
        'accept-encoding': 'identity',
        'user-agent': 'SmartEats-image-analysis',
      },
    })
      .on('response', answered)
      .on('error', failed)
      .end();
  });
}

function refused({ protocol, host }: URL, reason: string): PlatformError {
  return new PlatformError('IMAGE_URL_REFUSED', `${protocol}//${host}/… cannot be fetched: ${reason}`, {
    details: { host },
  });
}
