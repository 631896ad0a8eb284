import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RunnerNotificationParams } from '../../../shared/runner-protocol/protocol.ts';
import { createAllowedHosts } from '../network/egress/allowed-hosts.ts';
import { type Database, openDatabase } from '../storage/database/database.ts';
import { createEgressService, type EgressSession } from './egress.ts';

type Refused = RunnerNotificationParams<'egress.refused'>;

const project = (projectDir: string) => ({ kind: 'project', projectDir }) as const;
const clock = { now: () => 1000, after: () => () => {} };
let database: Database;
beforeEach(() => {
  database = openDatabase({ file: ':memory:', clock, random: { uuid: () => 'u', float: () => 0.5 } as never });
});
afterEach(() => database.close());

const SESSION: EgressSession = {
  sessionId: 's1',
  agentId: 'codex',
  projectDir: '/p',
  defaultRules: { hosts: [{ host: 'api.openai.com', ports: [443] }], loopback: [] },
};

function serviceWith(sessions: EgressSession[], answer: () => Promise<object> = async () => ({})) {
  const told: unknown[] = [];
  const failed: string[] = [];
  let refuse: (refused: Refused) => void = () => {};
  const service = createEgressService({
    allowed: createAllowedHosts({ database, clock }),
    runner: {
      request: (async (method: string, params: unknown) => {
        told.push([method, params]);
        return answer();
      }) as never,
      onNotification: ((_name: string, listener: (refused: Refused) => void) => {
        refuse = listener;
        return () => {};
      }) as never,
    },
    sessions: () => sessions,
    isOwnTraffic: (_, host) => host === 'own.example.org',
    clock,
    onChange() {},
    onFailure: (sessionId) => failed.push(sessionId),
  });
  return { service, told, failed, refuse: (refused: Refused) => refuse(refused) };
}

test('an allowed host reaches the running sessions it is for, with their whole set', async () => {
  const other = { ...SESSION, sessionId: 's2', projectDir: '/other' };
  const open = { ...SESSION, sessionId: 's3', defaultRules: undefined };
  const { service, told } = serviceWith([SESSION, other, open]);
  await service.allow({ scope: project('/p'), host: '*.Example.com', ports: [443, 8443] });
  const base = SESSION.defaultRules?.hosts ?? [];
  const added = [443, 8443].map((port) => ({ host: '*.example.com', ports: [port] }));
  expect(told).toEqual([
    ['session.setHosts', { sessionId: 's1', rules: { hosts: [...base, ...added], loopback: [] } }],
    ['session.setHosts', { sessionId: 's2', rules: { hosts: base, loopback: [] } }],
  ]);
  told.length = 0;
  await service.remove({ scope: project('/p'), host: '*.example.com', port: 8443 });
  expect(told[0]).toEqual([
    'session.setHosts',
    { sessionId: 's1', rules: { hosts: [...base, added[0]], loopback: [] } },
  ]);
});

test('a host allowed to an agent is there for its sessions everywhere', async () => {
  const { service, told } = serviceWith([SESSION, { ...SESSION, sessionId: 's2', agentId: 'opencode' }]);
  await service.allow({ scope: { kind: 'agent', agentId: 'codex' }, host: 'example.com', ports: [443] });
  const hosts = told.map((one) => (one as [string, { rules: { hosts: unknown[] } }])[1].rules.hosts.length);
  expect(hosts).toEqual([2, 1]);
});

test.each([
  'https://example.com',
  'exa mple.com',
  '*',
  '*.com',
  '127.0.0.1',
  '10.0.0.1',
  '169.254.169.254',
  'a\0b',
  '',
])('%j cannot be allowed', async (host) => {
  const { service } = serviceWith([]);
  await expect(service.allow({ scope: project('/p'), host, ports: [443] })).rejects.toMatchObject({
    code: 'HOST_INVALID',
  });
  expect(service.state().allowed).toEqual([]);
});

test('what was never allowed cannot be removed', async () => {
  const { service } = serviceWith([]);
  await service.allow({ scope: project('/p'), host: 'example.com', ports: [443] });
  const elsewhere = service.remove({ scope: project('/q'), host: 'example.com' });
  await expect(elsewhere).rejects.toMatchObject({ code: 'NOT_FOUND' });
  expect(service.state().allowed).toHaveLength(1);
});

test('a refused host is listed once, until it is allowed or dismissed', async () => {
  const { service, refuse } = serviceWith([SESSION]);
  const refused = { sessionId: 's1', turnId: 't1', host: 'example.com', port: 443, reason: 'not-allowed' } as const;
  refuse(refused);
  refuse(refused);
  refuse({ ...refused, host: 'other.example' });
  refuse({ ...refused, sessionId: 'unknown', host: 'third.example' });
  refuse({ sessionId: 's1', host: 'background.example', port: 443, reason: 'not-allowed' });
  expect(service.state().refused.map(({ host }) => host)).toEqual(['other.example', 'example.com']);
  await service.allow({ scope: project('/p'), host: 'example.com', ports: [443] });
  expect(service.state().refused.map(({ host }) => host)).toEqual(['other.example']);
  service.dismiss();
  expect(service.state().refused).toEqual([]);
});

test('a session that does not take its hosts is told of, and the host stays allowed', async () => {
  const { service, failed } = serviceWith([SESSION], () => Promise.reject(new Error('gone')));
  await service.allow({ scope: project('/p'), host: 'example.com', ports: [443] });
  expect(failed).toEqual(['s1']);
  expect(service.state().allowed).toHaveLength(1);
});

test('what an agent asks for by itself is nothing to allow', () => {
  const { service, refuse } = serviceWith([SESSION]);
  const refused = { sessionId: 's1', turnId: 't1', port: 443, reason: 'not-allowed' } as const;
  refuse({ ...refused, host: 'own.example.org' });
  expect(service.state().refused).toEqual([]);
  refuse({ ...refused, host: 'packages.example.org' });
  expect(service.state().refused).toHaveLength(1);
});
