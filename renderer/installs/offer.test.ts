import { expect, test } from 'vitest';
import type { AgentView, Installation } from '../../shared/model/agent.ts';
import { agent } from '../dev/fixtures.ts';
import { offerOf, ownVersion } from './offer.ts';

const INSTALL = { version: '2.0.0', packages: ['tool@2.0.0'] };
const viewOf = (installation: Installation, more: Partial<AgentView> = {}) =>
  agent({ agentId: 'tool', name: 'Tool', install: INSTALL, installation, ...more });
const found = (more: object): Installation => ({
  state: 'found',
  path: '/tool',
  source: 'path',
  version: '1.0.0',
  ...more,
});
const noAdapter = { state: 'not-ready', error: { code: 'AGENT_ADAPTER_MISSING', values: {} } } as const;

test.each<[string, AgentView, ReturnType<typeof offerOf>]>([
  ['missing', viewOf({ state: 'missing', installCommand: 'npm' }), { kind: 'install', version: '2.0.0' }],
  ['nobody could look', viewOf({ state: 'could-not-check', reason: '' }), { kind: 'install', version: '2.0.0' }],
  ['still being looked for', viewOf({ state: 'checking' }), undefined],
  ["the user's own, and fine", viewOf(found({})), undefined],
  ["the user's own, and too old", viewOf(found({ olderThan: '1.5.0' })), { kind: 'update', version: '2.0.0' }],
  ['without its adapter', viewOf(found({}), { readiness: noAdapter }), { kind: 'install', version: '2.0.0' }],
  ["Perch's, of an earlier Perch", viewOf(found({ source: 'installed' })), { kind: 'update', version: '2.0.0' }],
  ["Perch's, and newer", viewOf(found({ source: 'installed', version: '2.1.0' })), undefined],
  [
    'in no package',
    agent({ agentId: 'x', name: 'X', installation: { state: 'missing', installCommand: 'x' } }),
    undefined,
  ],
])('%s', (_, view, offer) => {
  expect(offerOf(view)).toEqual(offer);
});

test("Perch's own is known among others too", () => {
  expect(ownVersion(viewOf(found({ others: [{ path: '/own', source: 'installed', version: '1.9.0' }] })))).toBe(
    '1.9.0',
  );
  expect(ownVersion(viewOf(found({ source: 'installed', version: undefined })))).toBe('');
  expect(ownVersion(viewOf(found({})))).toBeUndefined();
});
