import type { LookupAddress } from 'node:dns';
import { describe, expect, it } from '@jest/globals';
import {
  isPublicAddress,
  publicLookup,
  type ResolveHost,
  refusePrivateLiteral,
} from '../../../workers/tasks/food-image/public-address.ts';

describe('an address', () => {
  it.each(['8.8.8.8', '93.184.215.14', '2606:4700:4700::1111'])(
    'of the internet is public: %s',
    (address) => {
      expect(isPublicAddress(address)).toBe(true);
    },
  );

  it.each([
    ['the machine itself', '127.0.0.1'],
    ['the machine itself', '127.255.3.4'],
    ['the machine itself', '::1'],
    ['no machine in particular', '0.0.0.0'],
    ['no machine in particular', '::'],
    ['a private network', '10.1.2.3'],
    ['a private network', '172.31.255.255'],
    ['a private network', '192.168.0.1'],
    ['a private network', 'fd12::1'],
    ['a private network', 'fec0::1'],
    ['the link, where clouds keep credentials', '169.254.169.254'],
    ['the link', 'fe80::1'],
    ['the link, with its interface', 'fe80::1%eth0'],
    ["a provider's shared network", '100.64.0.1'],
    ["a provider's shared network", '100.127.255.254'],
    ['a group', '224.0.0.1'],
    ['a group', 'ff02::1'],
    ['everybody', '255.255.255.255'],
    ['nobody yet', '240.0.0.1'],
    ['measurements', '198.18.0.1'],
    ['an IPv4 address inside', '::ffff:127.0.0.1'],
    ['an IPv4 address inside', '::ffff:8.8.8.8'],
    ['an IPv4 address inside', '::127.0.0.1'],
    ['an IPv4 address inside', '64:ff9b::7f00:1'],
    ['an IPv4 address inside', '2002:7f00:1::'],
    ['no address at all', 'localhost'],
  ])('of %s is not: %s', (_, address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  it('is refused in every way that a URL can write it', () => {
    for (const url of [
      'http://127.1/',
      'http://2130706433/',
      'http://0x7f.0.0.1/',
      'http://[::ffff:7f00:1]/',
      'http://0/',
    ]) {
      expect(() => refusePrivateLiteral(new URL(url).hostname)).toThrow(
        'not an address of the public internet',
      );
    }
    expect(() => refusePrivateLiteral('8.8.8.8')).not.toThrow();
    expect(() => refusePrivateLiteral('pictures.example')).not.toThrow();
  });
});

describe('the look-up of a connection', () => {
  const at = (...addresses: string[]): ResolveHost => {
    return async () => addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  };
  const lookUp = (resolve: ResolveHost, all: boolean) =>
    new Promise<string | LookupAddress[]>((found, failed) => {
      publicLookup(resolve)('pictures.example', { all }, (error, address) =>
        error ? failed(error) : found(address),
      );
    });

  it('gives what was resolved, as one address or as all of them', async () => {
    expect(await lookUp(at('8.8.8.8', '2606:4700::1'), false)).toBe('8.8.8.8');
    expect(await lookUp(at('8.8.8.8', '2606:4700::1'), true)).toEqual([
      { address: '8.8.8.8', family: 4 },
      { address: '2606:4700::1', family: 6 },
    ]);
  });

  it('fails if one of several addresses is private, since either could be connected to', async () => {
    await expect(lookUp(at('8.8.8.8', '10.0.0.1'), true)).rejects.toMatchObject({
      code: 'IMAGE_URL_REFUSED',
      details: { host: 'pictures.example', address: '10.0.0.1' },
    });
  });

  it('fails as the resolver does, and for a name without addresses', async () => {
    await expect(lookUp(() => Promise.reject(new Error('ENOTFOUND')), false)).rejects.toThrow('ENOTFOUND');
    await expect(lookUp(at(), false)).rejects.toThrow('has no address');
  });
});
