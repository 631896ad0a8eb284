import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { PerchError } from '../../../shared/errors/perch-error.ts';
import type { AgentDefinition } from '../../../shared/model/agent-definition.ts';
import type { Launch } from '../launch/launch.ts';
import { createManualClock } from '../runner-host/testing/manual-clock.ts';
import { createAgentTrial } from './agent-trial.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'perch-trial-'));
  file = join(folder, 'agent');
  writeFileSync(file, '#!/bin/sh\n');
  chmodSync(file, 0o755);
});
afterEach(() => rmSync(folder, { recursive: true }));

const asked: { method: string; params: unknown }[] = [];

function problem(options: { error?: PerchError; secretNames?: string[]; args?: string[]; prepare?: PerchError }) {
  const { error, secretNames = [], args = [], prepare } = options;
  asked.length = 0;
  const definition: AgentDefinition = {
    agentId: 'mine',
    name: 'Mine',
    description: '',
    runs: { kind: 'program', command: [file, ...args] },
    model: '',
    variables: {},
  };
  const trial = createAgentTrial({
    agents: {
      prepareLaunch: async () => {
        if (prepare !== undefined) throw prepare;
        const launch = { command: file, limits: { start: 60_000 } };
        const environment = { KEY: 'sk-canary', PLAIN: '1' };
        return { launch, environment, secretNames, variables: [], policy: {}, auth: {} } as unknown as Launch;
      },
    },
    runner: {
      status: { kind: 'connected' } as never,
      onStatus: () => () => {},
      request: async (method, params) => {
        asked.push({ method, params });
        if (method === 'session.start' && error !== undefined) throw error;
        return {} as never;
      },
    },
    clock: createManualClock(),
    random: { uuid: () => 'id' },
    places: { homeDir: '/home/nobody', dataDir: folder, scratchDir: join(folder, 'scratch') },
  });
  return trial.problem(definition);
}

const ended = new PerchError('SESSION_START_FAILED', { agent: 'agent', reason: 'fatal: no config' });
const scriptMissing = (path: string) =>
  new PerchError('AGENT_SCRIPT_MISSING', { agent: 'node', missing: `Error: Cannot find module '${path}'` });

test('an agent that answers is ended again, had at most 15 s, and was given no secret', async () => {
  expect(await problem({ secretNames: ['KEY'] })).toBeUndefined();
  expect(asked.map(({ method }) => method)).toEqual(['session.start', 'session.close']);
  expect(asked[0]?.params).toMatchObject({ launch: { limits: { start: 15_000 } }, environment: { PLAIN: '1' } });
  expect(JSON.stringify(asked)).not.toContain('canary');
});

test('one that ends is refused with what it says; where it lacks a secret that it would have, it is not', async () => {
  expect(await problem({ error: ended })).toMatchObject({
    code: 'SESSION_START_FAILED',
    values: { agent: 'Mine', reason: 'fatal: no config' },
  });
  expect(await problem({ error: ended, secretNames: ['KEY'] })).toBeUndefined();
});

test('a script: there but hidden, gone, or of the folder that a turn works in', async () => {
  const script = join(folder, 'x.mjs');
  writeFileSync(script, '');
  expect(await problem({ args: [script], error: scriptMissing(script) })).toMatchObject({
    code: 'AGENT_SCRIPT_HIDDEN',
    values: { agent: 'Mine', file: script },
  });
  const gone = join(folder, 'gone.mjs');
  expect(await problem({ args: [gone], error: scriptMissing(gone) })).toMatchObject({ code: 'AGENT_SCRIPT_MISSING' });
  const relative = join(folder, 'scratch', 'rel.mjs');
  expect(await problem({ args: ['rel.mjs'], error: scriptMissing(relative) })).toBeUndefined();
});

test('without the right to run it, or without the program, nothing is started', async () => {
  chmodSync(file, 0o644);
  expect(await problem({})).toMatchObject({ code: 'AGENT_COMMAND_NOT_EXECUTABLE' });
  expect(await problem({ prepare: new PerchError('AGENT_PROGRAM_MISSING') })).toMatchObject({
    code: 'AGENT_PROGRAM_MISSING',
  });
  expect(await problem({ prepare: new PerchError('KEYCHAIN_LOCKED') })).toBeUndefined();
  expect(asked).toEqual([]);
});

test('what is no fault of the agent refuses nothing', async () => {
  expect(await problem({ error: new PerchError('SANDBOX_FAILED') })).toBeUndefined();
  expect(await problem({ error: new PerchError('RUNNER_CRASHED') })).toBeUndefined();
});
