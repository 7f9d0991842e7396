/** Hosts that a picture may come from. */
export interface HostRules {
  /**
   * Names, `*.` before one for all below it, with a port where only that is meant. Such a host must be public all the
   * same: a name says nothing about where it leads. @default every host
   */
  readonly allowedHosts?: readonly string[] | undefined;
  /** `host:port` of servers that may be asked wherever they are, as of the own network. @default none */
  readonly privateHosts?: readonly string[] | undefined;
}

/** Whether a URL leads to a host that need not be public. */
export function isPrivateHost(url: URL, { privateHosts = [] }: HostRules): boolean {
  return privateHosts.includes(`${url.hostname}:${portOf(url)}`);
}

/** Whether a URL leads to one of the hosts that pictures may come from. */
export function isAllowedHost(url: URL, rules: HostRules): boolean {
  return (
    rules.allowedHosts === undefined ||
    isPrivateHost(url, rules) ||
    rules.allowedHosts.some((entry) => matches(entry.toLowerCase(), url))
  );
}

function matches(entry: string, url: URL): boolean {
  const [, name = '', port] = /^(.*?)(?::(\d+))?$/.exec(entry) ?? [];
  if (port !== undefined && port !== portOf(url)) return false;
  // A dot at the end means the same name (RFC 1034, section 3.1).
  const hostname = url.hostname.replace(/\.$/, '');
  return name.startsWith('*.') ? hostname.endsWith(name.slice(1)) : hostname === name;
}

/** URLs leave out the port that their scheme implies. */
function portOf({ port, protocol }: URL): string {
  return port || (protocol === 'https:' ? '443' : '80');
}
