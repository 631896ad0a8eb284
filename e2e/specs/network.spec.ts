import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer } from 'node:tls';
import { startFakeProvider } from '../fake-providers/server.ts';
import { canSign, createAuthority } from '../fixtures/certificates.ts';
import { startCorporateProxy } from '../fixtures/corporate-proxy.ts';
import type { Installation } from '../fixtures/installation.ts';
import { argumentLists, filesWith } from '../fixtures/leaks.ts';
import { LONG, ofLongForm } from '../fixtures/long.ts';
import { expect, test } from '../fixtures/test.ts';

/** Nobody but the proxy knows it, and nobody but the company's authority vouches for it. */
const HOST = 'models.corporate.test';

/** A provider as a company has one: behind its proxy, with a certificate of its own authority. */
async function startCompany(options: { userName: string; password: string; goodKey: string }) {
  const folder = mkdtempSync(join(tmpdir(), 'perch-company-'));
  const authority = createAuthority(folder, 'Corporate Root');
  const provider = await startFakeProvider({ goodKeys: [options.goodKey], knownWord: 'WORD' });
  const front = createServer(authority.issue(HOST), (client) => {
    const inside = connect(Number(new URL(provider.url).port), '127.0.0.1');
    for (const [one, other] of [
      [client, inside],
      [inside, client],
    ] as const) {
      one.on('error', () => other.destroy()).once('close', () => other.destroy());
      one.pipe(other);
    }
  });
  front.on('tlsClientError', () => undefined).listen(0, '127.0.0.1');
  await once(front, 'listening');
  const { userName, password } = options;
  const proxy = await startCorporateProxy({
    credential: { userName, password },
    hosts: { [HOST]: (front.address() as AddressInfo).port },
  });
  return {
    authority,
    provider,
    proxy,
    async close() {
      await proxy.close();
      await provider.close();
      front.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function codeOf(installation: Installation): Promise<string> {
  const { stdout } = await installation.perch(['network', 'check', 'openai', '--json']);
  return JSON.parse(stdout).error?.code ?? JSON.parse(stdout).way;
}

ofLongForm(test)(
  'a turn goes through the proxy of a company and trusts its authority; the password stays in the keychain',
  {
    tag: LONG,
  },
  async ({ installation }) => {
    test.skip(!canSign, 'there is no openssl to make certificates with');
    test.setTimeout(240_000);
    const password = `canary-${randomUUID()}`;
    const goodKey = `sk-proj-${randomUUID()}-${randomUUID()}`;
    const company = await startCompany({ userName: 'ada', password, goodKey });
    const { perch } = installation;
    const address = `http://127.0.0.1:${company.proxy.port}`;
    const setProxy = (input: string) => perch(['network', 'proxy', 'set', address, '--user', 'ada'], { input });
    await perch(['providers', 'set', 'openai', '--base-url', `https://${HOST}/v1`]);

    // Each of the three is needed, and each one's lack has a name of its own.
    expect(await codeOf(installation)).toBe('HOST_UNREACHABLE');
    expect((await setProxy('wrong')).status).toBe(0);
    expect(await codeOf(installation)).toBe('PROXY_REFUSED_CREDENTIAL');
    const set = await setProxy(password);
    expect(await codeOf(installation)).toBe('CERTIFICATE_NOT_TRUSTED');
    const certificates = await perch(['network', 'certificates', 'set', company.authority.file]);
    expect(certificates.stdout).toContain('Corporate Root');
    expect(await codeOf(installation)).toBe('proxy');

    expect((await perch(['credentials', 'set', 'openai'], { input: goodKey })).status).toBe(0);
    const run = installation.start(['run', '--agent', 'codex', '--json', 'hello']);
    run.stdin?.end();
    let output = '';
    let seenInArguments = false;
    for (const stream of [run.stdout, run.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        output += text;
        seenInArguments ||= argumentLists().includes(password);
      });
    }
    const [status] = await once(run, 'close');
    expect(status, output).toBe(0);
    expect(output).toContain('The word is ');
    expect(company.provider.requests.some(({ credential }) => credential === 'good')).toBe(true);
    expect(new Set(company.proxy.asked)).toEqual(new Set([`${HOST}:443`]));

    const inside = ['sandbox', 'run', '--agent', 'codex', '--', 'sh', '-c'];
    const environment = await perch([...inside, 'env']);
    expect(environment.stdout, environment.stderr).toMatch(/^SSL_CERT_FILE=.*\.pem$/m);
    const seen = await perch([...inside, `curl -sS -o /dev/null -w '%{http_code}' https://${HOST}/v1/models`]);
    expect(seen.stdout, seen.stderr).toMatch(/^[1-5]\d\d$/);

    const told = [set.stdout, output, environment.stdout, (await perch(['network', 'show', '--json'])).stdout];
    const basic = Buffer.from(`ada:${password}`).toString('base64');
    for (const text of told) for (const secret of [password, basic]) expect(text).not.toContain(secret);
    expect(seenInArguments).toBe(false);
    for (const folder of [installation.dataDir, installation.projectDir, installation.home]) {
      expect(filesWith(folder, password)).toEqual([]);
      expect(filesWith(folder, basic)).toEqual([]);
    }
    await company.close();
  },
);

test('a session whose proxy refuses its password says so, and reaches nothing', async ({ installation }) => {
  test.skip(!canSign, 'there is no openssl to make certificates with');
  const company = await startCompany({ userName: 'ada', password: 'right', goodKey: 'x' });
  const address = `http://127.0.0.1:${company.proxy.port}`;
  const { perch } = installation;
  await perch(['network', 'proxy', 'set', address, '--user', 'ada'], { input: 'wrong' });
  await perch(['hosts', 'allow', HOST]);
  const asked = ['sandbox', 'run', '--agent', 'demo', '--', 'curl', '-sS', `https://${HOST}/`];
  const run = await perch(asked);
  expect(run.status).not.toBe(0);
  expect(company.proxy.asked).toEqual([`${HOST}:443`]);
  const log = await perch(['logs', 'runner']);
  expect(log.stdout).toContain('credential');
  await company.close();
});
