/** SOCKS5 (RFC 1928) as far as a session needs it: CONNECT, without a password. Pure. */
export type SocksRead =
  | { readonly kind: 'more' }
  | { readonly kind: 'broken' }
  | { readonly kind: 'greeting'; readonly length: number; readonly withoutPassword: boolean }
  | { readonly kind: 'connect'; readonly length: number; readonly host: string; readonly port: number }
  | { readonly kind: 'unsupported'; readonly length: number; readonly reply: SocksReply };

export const SOCKS_VERSION = 5;
export const SOCKS_METHOD = { none: 0x00, noneAcceptable: 0xff } as const;
/** Reply codes of RFC 1928, section 6. */
export const SOCKS_REPLY = {
  done: 0,
  failed: 1,
  notAllowed: 2,
  hostUnreachable: 4,
  commandUnknown: 7,
  addressUnknown: 8,
} as const;
type SocksReply = (typeof SOCKS_REPLY)[keyof typeof SOCKS_REPLY];

const MORE = { kind: 'more' } as const;
const BROKEN = { kind: 'broken' } as const;
const CONNECT = 1;
const ADDRESS = { ipv4: 1, name: 3, ipv6: 4 } as const;
const TAKES_NO_ADDRESS = Buffer.from([0, ADDRESS.ipv4, 0, 0, 0, 0, 0, 0]);

export function readGreeting(bytes: Buffer): SocksRead {
  if (bytes.length > 0 && bytes[0] !== SOCKS_VERSION) return BROKEN;
  const count = bytes[1];
  if (count === undefined || bytes.length < 2 + count) return MORE;
  const methods = bytes.subarray(2, 2 + count);
  return { kind: 'greeting', length: 2 + count, withoutPassword: methods.includes(SOCKS_METHOD.none) };
}

export function readRequest(bytes: Buffer): SocksRead {
  if (bytes.length > 0 && bytes[0] !== SOCKS_VERSION) return BROKEN;
  if (bytes.length < 5) return MORE;
  const [, command, reserved, type, first] = bytes;
  if (reserved !== 0) return BROKEN;
  const size = addressSize(type, first ?? 0);
  if (size === undefined) return { kind: 'unsupported', length: bytes.length, reply: SOCKS_REPLY.addressUnknown };
  const length = 4 + size + 2;
  if (bytes.length < length) return MORE;
  if (command !== CONNECT) return { kind: 'unsupported', length, reply: SOCKS_REPLY.commandUnknown };
  return {
    kind: 'connect',
    length,
    host: hostOf(bytes.subarray(4, 4 + size), type),
    port: bytes.readUInt16BE(4 + size),
  };
}

export function socksReply(reply: SocksReply): Buffer {
  return Buffer.concat([Buffer.from([SOCKS_VERSION, reply]), TAKES_NO_ADDRESS]);
}

function addressSize(type: number | undefined, first: number): number | undefined {
  if (type === ADDRESS.ipv4) return 4;
  if (type === ADDRESS.ipv6) return 16;
  return type === ADDRESS.name ? 1 + first : undefined;
}

function hostOf(address: Buffer, type: number | undefined): string {
  // Byte for byte: the rules refuse a name that is not ASCII, and it is not repaired here.
  if (type === ADDRESS.name) return address.subarray(1).toString('latin1');
  if (type === ADDRESS.ipv4) return [...address].join('.');
  return (address.toString('hex').match(/.{4}/g) ?? []).join(':');
}
