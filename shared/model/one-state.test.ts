import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { AgentView } from './agent.ts';
import type { ConnectionState } from './connection-state.ts';
import { type Link, oneState } from './one-state.ts';

const failure = { error: { code: 'RUNNER_CRASHED', values: {} }, lastLines: [] } as const;
const LINKS: readonly Link[] = ['open', 'connecting', 'lost'];
const RUNNERS: readonly (readonly [ConnectionState, string | undefined])[] = [
  [{ kind: 'starting' }, 'starting'],
  [{ kind: 'reconnecting', attempt: 1, nextTryAt: 1, failure: { ...failure, lastLines: [] } }, 'reconnecting'],
  [{ kind: 'failed', failure: { ...failure, lastLines: [] }, crashLoop: false }, 'runner-failed'],
  [{ kind: 'failed', failure: { ...failure, lastLines: [] }, crashLoop: true }, 'runner-crash-loop'],
  [{ kind: 'stopped' }, 'runner-stopped'],
  [{ kind: 'connected', since: 1 }, undefined],
  [{ kind: 'needs-sign-in', providerId: 'anthropic' }, undefined],
];
const found = { state: 'found', path: '/bin/a', source: 'path' } as const;
const ready = { state: 'ready' } as const;
const refused = (code: string): AgentView['readiness'] =>
  ({ state: 'not-ready', error: { code, values: {} } }) as AgentView['readiness'];
const AGENTS: readonly (readonly [Pick<AgentView, 'installation' | 'readiness'> | undefined, string])[] = [
  [undefined, 'no-agent'],
  [{ installation: found, readiness: ready }, 'ready'],
  [{ installation: found, readiness: { state: 'checking' } }, 'checking'],
  [{ installation: { state: 'checking' }, readiness: ready }, 'checking'],
  [{ installation: { state: 'missing' }, readiness: refused('AGENT_NOT_INSTALLED') }, 'missing'],
  [{ installation: { state: 'could-not-check', reason: 'x' }, readiness: ready }, 'could-not-check'],
  [{ installation: found, readiness: refused('MISSING_BYOK_CREDENTIAL') }, 'not-signed-in'],
  [{ installation: found, readiness: refused('BYOK_CREDENTIAL_INVALID') }, 'credential-refused'],
  [{ installation: found, readiness: refused('CREDENTIAL_EXPIRED') }, 'credential-expired'],
  [{ installation: found, readiness: refused('PROVIDER_UNDERIVABLE') }, 'choose-provider'],
];

const MESSAGES = Object.fromEntries(
  ['en', 'de', 'fr'].map((locale) => {
    const file = new URL(`../../resources/locales/${locale}/state.json`, import.meta.url);
    return [locale, JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>];
  }),
);

describe.each(LINKS)('with the link %s', (link) => {
  for (const [connection, ofRunner] of RUNNERS) {
    for (const [about, ofAgent] of AGENTS) {
      const expected = link === 'open' ? (ofRunner ?? ofAgent) : 'no-link';
      const crash = 'crashLoop' in connection ? ` ${connection.crashLoop}` : '';
      test(`${connection.kind}${crash}, ${ofAgent}: ${expected}`, () => {
        const agent = about === undefined ? undefined : { name: 'Claude Code', ...about };
        const state = oneState({ link, connection, agent });
        expect(state.kind).toBe(expected);
        // Green stands for a turn that can start now, and for nothing else.
        expect(state.tone === 'good').toBe(expected === 'ready');
        for (const messages of Object.values(MESSAGES)) expect(messages).toHaveProperty([state.key]);
      });
    }
  }
});
