import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { canSign, createAuthority } from '../../../e2e/fixtures/certificates.ts';
import { PerchError } from '../../../shared/errors/perch-error.ts';
import { createMemoryKeychain } from '../keychain/memory.ts';
import { type Database, openDatabase } from '../storage/database/database.ts';
import { createNetworkService, type NetworkService } from './network-service.ts';

const CANARY = 'canary-9d1f-password-of-a-proxy';
const PROXY = {
  url: 'http://proxy.example.com:3128',
  userName: 'ada',
  password: { from: 'typed', value: CANARY },
  storage: 'keychain',
  exceptions: ['*.internal', '10.0.0.0/8'],
} as const;

let folder: string;
let database: Database;
let network: NetworkService;
let locked = false;
let told = 0;
let masked: Set<string>;
const memory = () => createMemoryKeychain();
let items: ReturnType<typeof memory>;

const open = () => {
  const guarded = <T>(work: () => T): T => {
    if (locked) throw new PerchError('KEYCHAIN_LOCKED');
    return work();
  };
  const keychain = {
    ...items,
    get: async (account: string) => guarded(() => items.get(account)),
    set: async (account: string, value: string) => guarded(() => items.set(account, value)),
    delete: async (account: string) => guarded(() => items.delete(account)),
  };
  network = createNetworkService({
    database,
    keychain,
    clock: { now: () => 7 },
    mask(value) {
      masked.add(value);
      return () => void masked.delete(value);
    },
    folder: join(folder, 'certificates'),
  });
  network.onChange(() => told++);
};
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'perch-network-'));
  database = openDatabase({
    file: join(folder, 'perch.db'),
    clock: { now: () => 1, after: () => () => {} },
    random: { uuid: () => '00000000-0000-4000-8000-000000000001', fraction: () => 0 },
  });
  items = memory();
  locked = false;
  told = 0;
  masked = new Set();
  open();
});
afterEach(() => {
  database.close();
  rmSync(folder, { recursive: true, force: true });
});
const onDisk = (text: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .some(({ parentPath, name }) => readFileSync(join(parentPath, name)).includes(text));

describe('the proxy', () => {
  test('is kept without its password, which the keychain has, and which only a session and a request get', async () => {
    expect(await network.setProxy({ ...PROXY, exceptions: [...PROXY.exceptions] })).toEqual({
      proxy: { url: PROXY.url, userName: 'ada', password: 'keychain', exceptions: ['*.internal', '10.0.0.0/8'] },
    });
    expect(onDisk(CANARY)).toBe(false);
    expect(onDisk('proxy.example.com')).toBe(true);
    open();
    expect(JSON.stringify([network.view(), network.ofSessions()])).not.toContain(CANARY);
    const basic = Buffer.from(`ada:${CANARY}`).toString('base64');
    expect(await network.upstream()).toEqual({
      protocol: 'http',
      host: 'proxy.example.com',
      port: 3128,
      exceptions: ['*.internal', '10.0.0.0/8'],
      authorization: `Basic ${basic}`,
    });
    expect([...masked]).toEqual([CANARY, basic]);
    expect(told).toBe(1);
  });

  test('is not asked for what is on this machine, nor for its exceptions', async () => {
    await network.setProxy({ ...PROXY, exceptions: ['*.internal', '10.0.0.0/8', 'odd.test:8443'] });
    const direct = async (address: string) => (await network.routeTo(new URL(address))).proxy === undefined;
    const here = [
      'http://127.0.0.1:1',
      'http://localhost:1',
      'https://[::1]/',
      'http://127.8.8.8/',
      'http://2130706433/',
    ];
    for (const address of [...here, 'https://a.internal/', 'http://10.1.2.3/', 'https://odd.test:8443/']) {
      expect([address, await direct(address)]).toEqual([address, true]);
    }
    for (const address of ['https://internal/', 'https://odd.test/', 'https://api.example.com/', 'http://11.0.0.1/']) {
      expect([address, await direct(address)]).toEqual([address, false]);
    }
  });

  test('keeps its password for the same address and user only: nobody else is told it', async () => {
    await network.setProxy({ ...PROXY, exceptions: [] });
    const kept = { ...PROXY, password: { from: 'kept' }, exceptions: ['a.test'] } as const;
    expect((await network.setProxy({ ...kept, exceptions: ['a.test'] })).proxy?.password).toBe('keychain');
    for (const other of [{ url: 'http://evil.example.com:3128' }, { userName: 'eve' }]) {
      await expect(network.setProxy({ ...kept, ...other, exceptions: [] })).rejects.toMatchObject({
        code: 'PROXY_PASSWORD_GONE',
      });
    }
    expect(network.view().proxy).toMatchObject({ url: PROXY.url, userName: 'ada' });
    await network.setProxy({ ...PROXY, url: 'http://other.example.com:1', password: { from: 'none' }, exceptions: [] });
    expect(await items.list()).toEqual([]);
  });

  test('that is kept for this session only is in no keychain, and its password is gone after a restart', async () => {
    await network.setProxy({ ...PROXY, exceptions: [] });
    await network.setProxy({ ...PROXY, storage: 'session-only', exceptions: [] });
    expect([network.view().proxy?.password, await items.list()]).toEqual(['session-only', []]);
    expect((await network.upstream())?.authorization).toContain('Basic ');
    open();
    expect(network.view().proxy?.password).toBe('none');
  });

  test('is as it was when the keychain fails, and removed with its password when it works again', async () => {
    await network.setProxy({ ...PROXY, exceptions: [] });
    locked = true;
    const other = { ...PROXY, url: 'http://other.example.com:1', exceptions: [] };
    await expect(network.setProxy(other)).rejects.toMatchObject({ code: 'KEYCHAIN_LOCKED' });
    await expect(network.removeProxy()).rejects.toMatchObject({ code: 'KEYCHAIN_LOCKED' });
    await expect(network.upstream()).rejects.toMatchObject({ code: 'KEYCHAIN_LOCKED' });
    expect(network.view().proxy?.url).toBe(PROXY.url);
    locked = false;
    expect(await network.removeProxy()).toEqual({});
    expect([await items.list(), await network.upstream(), masked.size]).toEqual([[], undefined, 0]);
  });

  test('whose password is gone from the keychain is said to be so, and never asked without', async () => {
    await network.setProxy({ ...PROXY, exceptions: [] });
    for (const account of await items.list()) await items.delete(account);
    await expect(network.upstream()).rejects.toMatchObject({ code: 'PROXY_PASSWORD_GONE' });
    await expect(network.routeTo(new URL('https://api.example.com'))).rejects.toMatchObject({
      code: 'PROXY_PASSWORD_GONE',
    });
  });

  test('takes what the login shell said as its password, once', async () => {
    network.remember({ url: PROXY.url, userName: 'ada', password: CANARY });
    const elsewhere = {
      ...PROXY,
      url: 'http://evil.example.com:1',
      password: { from: 'detected' },
      exceptions: [],
    } as const;
    await expect(network.setProxy({ ...elsewhere, exceptions: [] })).rejects.toMatchObject({
      code: 'PROXY_PASSWORD_GONE',
    });
    const detected = { ...PROXY, password: { from: 'detected' }, exceptions: [] } as const;
    await network.setProxy({ ...detected, exceptions: [] });
    expect([...(await Promise.all((await items.list()).map(items.get)))]).toEqual([CANARY]);
    const again = { ...detected, exceptions: [] };
    await expect(network.setProxy(again)).rejects.toMatchObject({ code: 'PROXY_PASSWORD_GONE' });
  });

  test.each([
    ['socks5://proxy:1080', 'socks5://proxy:1080'],
    [`http://ada:${CANARY}@proxy:3128`, 'http://proxy:3128'],
    ['http://proxy/path', 'http://proxy/path'],
    [`ftp://ada:${CANARY}@proxy`, 'proxy'],
    ['', ''],
  ])('%j is refused without repeating a password', async (url, address) => {
    await expect(network.setProxy({ ...PROXY, url, exceptions: [] })).rejects.toMatchObject({
      code: 'PROXY_ADDRESS_INVALID',
      values: { address },
    });
  });

  test('an exception that is none is refused whole', async () => {
    await expect(network.setProxy({ ...PROXY, exceptions: ['a.test', 'b c'] })).rejects.toMatchObject({
      code: 'PROXY_EXCEPTION_INVALID',
    });
    expect([network.view(), await items.list()]).toEqual([{}, []]);
  });
});

describe('the own certificates', () => {
  test.skipIf(!canSign)('are read anew each time, and sessions get files with nothing else in them', () => {
    const { file } = createAuthority(folder, 'Corporate Root');
    appendFileSync(file, readFileSync(join(folder, 'ca.key')));
    const { certificates } = network.setCertificates({ file });
    expect(certificates).toMatchObject({ file, found: [{ subject: 'Corporate Root' }] });
    expect(certificates?.found[0]?.expiresAt).toBeGreaterThan(Date.now());
    const files = network.ofSessions().certificates;
    const [own, all] = [files?.own ?? '', files?.all ?? ''].map((name) => readFileSync(name, 'utf8'));
    expect(own?.match(/BEGIN CERTIFICATE/g)).toHaveLength(1);
    expect(all?.match(/BEGIN CERTIFICATE/g)?.length).toBeGreaterThan(10);
    expect(all).toContain(own?.trim());
    expect(`${own}${all}`).not.toContain('PRIVATE KEY');
    expect(statSync(files?.own ?? '').mode & 0o077).toBe(0);
    writeFileSync(file, readFileSync(createAuthority(folder, 'Next Root').file));
    expect(network.view().certificates?.found[0]?.subject).toBe('Next Root');
    expect(network.ofSessions().certificates?.own).not.toBe(files?.own);
    rmSync(file);
    expect(network.view().certificates).toMatchObject({ found: [], problem: { code: 'CA_FILE_UNREADABLE' } });
    expect(() => network.ofSessions()).toThrow('CA_FILE_UNREADABLE');
    expect(network.removeCertificates()).toEqual({});
    expect(network.ofSessions().certificates).toBeUndefined();
  });

  test.each([
    ['nowhere', undefined, { code: 'CA_FILE_UNREADABLE', values: { file: expect.any(String), reason: 'ENOENT' } }],
    ['.', undefined, { code: 'CA_FILE_UNREADABLE' }],
    ['text', 'no certificate', { code: 'CA_FILE_INVALID' }],
    ['broken', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n', { code: 'CA_FILE_INVALID' }],
    ['key', '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n', { code: 'CA_FILE_INVALID' }],
  ])('%s are none', (name, content, error) => {
    const file = join(folder, name);
    if (content !== undefined) writeFileSync(file, content);
    expect(() => network.setCertificates({ file })).toThrow(expect.objectContaining(error));
    expect(network.view()).toEqual({});
  });
});
