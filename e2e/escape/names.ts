/** What the names of the attempts resolve to. All that is not here is the attacker's. */
export const GOOD = '93.184.216.34';
const EVIL = '93.184.216.35';

const NAMES: Readonly<Record<string, (own: string) => readonly string[]>> = {
  'api.good.test': () => [GOOD],
  'loop.good.test': () => ['127.0.0.1'],
  'loop6.good.test': () => ['::1'],
  'mapped.good.test': () => ['::ffff:127.0.0.1'],
  'meta.good.test': () => ['169.254.169.254'],
  'zero.good.test': () => ['0.0.0.0'],
  'link.good.test': () => ['fe80::1'],
  'nat64.good.test': () => ['64:ff9b::7f00:1'],
  'sixtofour.good.test': () => ['2002:7f00:1::1'],
  'teredo.good.test': () => ['2001:0:7f00:1::1'],
  'isatap.good.test': () => ['2606:4700::5efe:7f00:1'],
  'compatible.good.test': () => ['::127.0.0.1'],
  'multicast.good.test': () => ['224.0.0.1'],
  'broadcast.good.test': () => ['255.255.255.255'],
  'unique-local.good.test': () => ['fd00:ec2::254'],
  'cloud.good.test': () => ['168.63.129.16'],
  'private.good.test': () => ['10.0.0.1'],
  'cgnat.good.test': () => ['100.100.100.200'],
  'own.good.test': (own) => [own],
  'both.good.test': () => [GOOD, '127.0.0.1'],
};

/** A resolver whose answer for one name changes from the second question on. */
export function createResolver(own: string): (name: string) => Promise<readonly string[]> {
  let asked = 0;
  return async (name) => {
    if (name === 'rebind.good.test') {
      asked += 1;
      return [asked === 1 ? GOOD : '127.0.0.1'];
    }
    return NAMES[name]?.(own) ?? [EVIL];
  };
}

/** What the session may reach. */
export function allowed(ports: { port: number; port6: number }) {
  const all = [80, 443, ports.port, ports.port6];
  const names = Object.keys(NAMES).filter((name) => name !== 'api.good.test');
  return [
    { host: 'api.good.test', ports: [80, 443] },
    ...[...names, 'rebind.good.test'].map((host) => ({ host, ports: all })),
    { host: '*.wild.test', ports: [443] },
  ];
}
