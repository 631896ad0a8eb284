import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HostRule } from '../model/sandbox-policy.ts';
import { canonicalHost } from './host-name.ts';
import { canonicalRule, compileRules, RuleError } from './rules.ts';

/** `URL` is there in every runtime; this room's types do not know it. */
const { URL } = globalThis as unknown as { URL: { parse(text: string): { hostname: string } | null } };
const parseHost = (text: string): string => URL.parse(`http://${text}`)?.hostname ?? '';

const rule = (host: string, ...ports: number[]): HostRule => ({ host, ports: ports.length === 0 ? [443] : ports });
const decide = (hosts: HostRule[], host: string, port = 443) =>
  compileRules({ hosts, loopback: [] }, parseHost).decide(host, port);
const reason = (hosts: HostRule[], host: string, port = 443) => {
  const decision = decide(hosts, host, port);
  return decision.kind === 'refused' ? decision.reason : decision.kind;
};

describe('a host', () => {
  it.each([
    ['Example.COM', { kind: 'name', name: 'example.com' }],
    ['example.com.', { kind: 'name', name: 'example.com' }],
    ['bücher.example', { kind: 'name', name: 'xn--bcher-kva.example' }],
    ['_dns.example.com', { kind: 'name', name: '_dns.example.com' }],
    // Full-width letters are the same name to IDNA.
    ['ｅxample.com', { kind: 'name', name: 'example.com' }],
    ['127.0.0.1', { kind: 'address', address: '127.0.0.1' }],
    ['2130706433', { kind: 'address', address: '127.0.0.1' }],
    ['0x7f000001', { kind: 'address', address: '127.0.0.1' }],
    ['0x7f.1', { kind: 'address', address: '127.0.0.1' }],
    ['0177.0.0.1', { kind: 'address', address: '127.0.0.1' }],
    ['127.1', { kind: 'address', address: '127.0.0.1' }],
    ['127.0.0.1.', { kind: 'address', address: '127.0.0.1' }],
    ['１２７.0.0.1', { kind: 'address', address: '127.0.0.1' }],
    ['[::1]', { kind: 'address', address: '::1' }],
    ['::1', { kind: 'address', address: '::1' }],
    ['0:0:0:0:0:0:0:1', { kind: 'address', address: '::1' }],
    ['[::ffff:127.0.0.1]', { kind: 'address', address: '127.0.0.1' }],
    ['[::FFFF:7F00:1]', { kind: 'address', address: '127.0.0.1' }],
  ])('%j is %o', (text, host) => {
    expect(canonicalHost(text, parseHost)).toEqual(host);
  });

  it.each([
    '',
    '.',
    '..',
    '.example.com',
    'example..com',
    'example.com..',
    'example.com\0',
    'example.com\0.evil.test',
    'evil.test\0.example.com',
    'example.com\n',
    'example.com ',
    ' example.com',
    'example.com\t.evil.test',
    'example.com/evil.test',
    'example.com\\evil.test',
    'example.com#evil.test',
    'example.com?evil.test',
    'user@example.com',
    'example.com@evil.test',
    'example.com:443',
    'example%2ecom',
    '%00',
    'example.com%00',
    '[fe80::1%25eth0]',
    'fe80::1%eth0',
    '[example.com]',
    '[127.0.0.1]',
    '[::1',
    '::1]',
    '256.256.256.256',
    '1.2.3.4.5',
    '0x100000000',
    'example.com。evil',
    '-example.com',
    'example-.com',
    '*.example.com',
    `${'a'.repeat(64)}.com`,
    `${'a.'.repeat(130)}com`,
  ])('%j is none', (text) => {
    expect(canonicalHost(text, parseHost)).toBeUndefined();
  });

  it('says the same of what it said: no second reading finds another host', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.domain(), fc.ipV4Extended(), fc.ipV6()), (text) => {
        const host = canonicalHost(text, parseHost);
        if (host === undefined) return;
        const canonical = host.kind === 'name' ? host.name : host.address;
        expect(canonicalHost(canonical, parseHost)).toEqual(host);
        expect(canonical).toMatch(/^[a-z0-9._:-]+$/);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('the rules', () => {
  it('allow nothing when there are none', () => {
    expect(reason([], 'example.com')).toBe('not-allowed');
    expect(reason([], '93.184.216.34')).toBe('not-allowed');
  });

  it.each([
    ['example.com', 'name'],
    ['EXAMPLE.com.', 'name'],
    ['api.example.com', 'not-allowed'],
    ['example.com.evil.test', 'not-allowed'],
    ['evilexample.com', 'not-allowed'],
    ['example.co', 'not-allowed'],
    ['example.com\0.evil.test', 'not-a-host'],
    ['93.184.216.34', 'not-allowed'],
  ])('for a name: %j', (host, expected) => {
    expect(reason([rule('example.com')], host)).toBe(expected);
  });

  it.each([
    ['api.example.com', 'name'],
    ['a.b.example.com', 'name'],
    ['example.com', 'not-allowed'],
    ['evilexample.com', 'not-allowed'],
    ['malicious-example.com', 'not-allowed'],
    ['api.example.com.evil.test', 'not-allowed'],
    ['.example.com', 'not-a-host'],
    ['evil.test\0.example.com', 'not-a-host'],
    ['evil.test#.example.com', 'not-a-host'],
    ['evil.test/.example.com', 'not-a-host'],
  ])('for a wildcard: %j', (host, expected) => {
    expect(reason([rule('*.example.com')], host)).toBe(expected);
  });

  it('hold a name to its ports', () => {
    expect(reason([rule('example.com', 443)], 'example.com', 8443)).toBe('port');
    expect(reason([rule('example.com', 443), rule('example.com', 8443)], 'example.com', 8443)).toBe('name');
    expect(reason([rule('example.com', 443)], 'example.com', 0)).toBe('not-a-host');
  });

  it('refuse an address that leads into this machine or network, even when a rule names it', () => {
    for (const address of ['127.0.0.1', '10.0.0.1', '169.254.169.254', '::1', 'fe80::1', '168.63.129.16']) {
      expect(reason([rule(address)], address)).toBe('address');
    }
    expect(reason([rule('93.184.216.34')], '93.184.216.34')).toBe('addresses');
    expect(reason([rule('93.184.216.34')], '0x5db8d822')).toBe('addresses');
  });

  it('let a private address be the user’s own endpoint, this machine never', () => {
    const own = (host: string): HostRule => ({ host, ports: [443], privateAddresses: true });
    expect(reason([own('10.0.0.1')], '10.0.0.1')).toBe('addresses');
    expect(reason([own('127.0.0.1')], '127.0.0.1')).toBe('address');
    expect(reason([own('169.254.169.254')], '169.254.169.254')).toBe('address');
  });

  it('open exactly one address and port of this machine, in any notation', () => {
    const rules = compileRules({ hosts: [], loopback: [{ address: '127.0.0.1', port: 11434 }] }, parseHost);
    const open = { kind: 'addresses', addresses: ['127.0.0.1'] };
    for (const host of ['127.0.0.1', 'localhost', 'LOCALHOST.', '0x7f.1', '[::ffff:7f00:1]']) {
      expect(rules.decide(host, 11434)).toEqual(open);
    }
    for (const [host, port] of [
      ['127.0.0.1', 11435],
      ['127.0.0.2', 11434],
      ['::1', 11434],
      ['0.0.0.0', 11434],
      ['app.localhost', 11434],
    ] as const) {
      expect(rules.decide(host, port).kind).toBe('refused');
    }
  });

  it.each([
    [{ hosts: [rule('exa mple.com')], loopback: [] }],
    [{ hosts: [rule('*.com')], loopback: [] }],
    [{ hosts: [rule('*')], loopback: [] }],
    [{ hosts: [rule('*.*.example.com')], loopback: [] }],
    [{ hosts: [rule('ex*mple.com')], loopback: [] }],
    [{ hosts: [rule('*.127.0.0.1')], loopback: [] }],
    [{ hosts: [{ host: 'example.com', ports: [] }], loopback: [] }],
    [{ hosts: [rule('example.com', 70_000)], loopback: [] }],
    [{ hosts: [], loopback: [{ address: '10.0.0.1', port: 80 }] }],
    [{ hosts: [], loopback: [{ address: 'localhost', port: 80 }] }],
  ])('are taken whole or not at all: %j', (rules) => {
    expect(() => compileRules(rules, parseHost)).toThrow(RuleError);
  });

  it('are kept as they are matched', () => {
    expect(canonicalRule('*.Bücher.example.', parseHost)).toBe('*.xn--bcher-kva.example');
    expect(canonicalRule('https://example.com', parseHost)).toBeUndefined();
  });
});
