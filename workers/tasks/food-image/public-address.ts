import { lookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';
import { PlatformError } from '../../platform/errors.ts';

/**
 * Whether an address is one of the public internet: none of the machine itself, of a private or shared network, of a
 * link, of a group, nor one that carries an IPv4 address inside (mapped, 6to4, NAT64), which could be any of those.
 */
export function isPublicAddress(address: string): boolean {
  return ipaddr.isValid(address) && ipaddr.parse(address).range() === 'unicast';
}

/** Finds the addresses of a host name, all of them. */
export type ResolveHost = (
  host: string,
) => Promise<readonly { readonly address: string; readonly family: number }[]>;

/**
 * A look-up for one connection that lets through public addresses alone. The socket connects to the very addresses
 * that were checked, so a name that means another address a moment later (DNS rebinding) gains nothing.
 */
export function publicLookup(resolve: ResolveHost = systemResolve): LookupFunction {
  return (host, options, done) => {
    resolve(host).then(
      (found) => {
        const refused = found.find(({ address }) => !isPublicAddress(address));
        const [first] = found;
        if (refused !== undefined) done(addressRefused(host, refused.address), '', 0);
        else if (first === undefined) done(new Error(`${host} has no address`), '', 0);
        else if (options.all === true) done(null, [...found], 0);
        else done(null, first.address, first.family);
      },
      (error: Error) => done(error, '', 0),
    );
  };
}

/**
 * Checks a host that is written as an address, for which no connection looks anything up.
 * @throws PlatformError IMAGE_URL_REFUSED
 */
export function refusePrivateLiteral(hostname: string): void {
  const address = hostname.replace(/^\[(.*)\]$/, '$1');
  if (isIP(address) !== 0 && !isPublicAddress(address)) throw addressRefused(hostname, address);
}

function addressRefused(host: string, address: string): PlatformError {
  const message = `${host} is at ${address}, which is not an address of the public internet`;
  return new PlatformError('IMAGE_URL_REFUSED', message, { details: { host, address } });
}

function systemResolve(host: string): ReturnType<ResolveHost> {
  return new Promise((resolve, reject) => {
    lookup(host, { all: true, verbatim: true }, (error, found) => (error ? reject(error) : resolve(found)));
  });
}
