import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createManualClock } from '../../runner-host/testing/manual-clock.ts';
import { type Database, openDatabase } from '../../storage/database/database.ts';
import { isInEffect, type Standing } from './consent.ts';
import { createDeclarations, type DeclarationService } from './declaration-service.ts';
import { createTrustStore } from './trust-store.ts';

let folder: string;
let project: string;
let database: Database;
let declarations: DeclarationService;
let taken: readonly string[];

const create = (coreIsLocal = true) =>
  createDeclarations({
    trust: createTrustStore({ database, clock: createManualClock() }),
    judgedBy: () => taken,
    judgement: () => ({
      isAgentTaken: (agentId) => taken.includes(agentId),
      providersOf: (agentId) => (agentId === 'codex' ? ['openai'] : undefined),
      isProvider: (providerId) => providerId === 'openai',
      isRouting: () => false,
      isCredential: () => false,
      looksSecret: () => false,
    }),
    scratchDir: join(folder, 'scratch'),
    coreIsLocal,
  });

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'perch-declared-')));
  project = join(folder, 'project');
  for (const name of ['project', 'scratch']) mkdirSync(join(folder, name));
  database = openDatabase({
    file: join(folder, 'perch.db'),
    clock: createManualClock(),
    random: { uuid: () => 'x', fraction: () => 0 },
  });
  taken = [];
  declarations = create();
});
afterEach(() => {
  database.close();
  rmSync(folder, { recursive: true, force: true });
});

const file = () => join(project, 'perch.toml');
const AGENT = '[agents.reviewer]\ncommand = ["node", "agent.mjs"]\n';
const write = (text: string) => writeFileSync(file(), text);
const ids = () => declarations.inEffect(project).agents.map(({ agentId }) => agentId);
const stateOf = () => declarations.view(project)?.state;
const stamp = () => declarations.view(project)?.stamp ?? '';
const trust = () => declarations.trust({ projectDir: project, stamp: stamp() });

const STANDING: Standing = { coreIsLocal: true, contextEstablished: true, filePresent: true, trusted: true };

test('a file is in effect when every term holds', () => expect(isInEffect(STANDING)).toBe(true));

test.each(['coreIsLocal', 'contextEstablished', 'filePresent', 'trusted'] as const)(
  'and in none when %s does not',
  (term) => expect(isInEffect({ ...STANDING, [term]: false })).toBe(false),
);

test('nothing of a file is in effect before its folder is trusted, and all of it after', () => {
  expect([stateOf(), ids()]).toEqual([undefined, []]);
  write(AGENT);
  expect([stateOf(), ids()]).toEqual(['untrusted', []]);
  trust();
  expect([stateOf(), ids()]).toEqual(['in-effect', ['reviewer']]);
  rmSync(file());
  expect([stateOf(), ids()]).toEqual([undefined, []]);
  write(AGENT);
  expect([stateOf(), ids()]).toEqual(['in-effect', ['reviewer']]);
});

test('what is declared on this machine is in effect on no other, and in Perch’s own folder never', () => {
  write(AGENT);
  trust();
  expect(create(false).inEffect(project).agents).toEqual([]);
  writeFileSync(join(folder, 'scratch', 'perch.toml'), AGENT);
  expect(declarations.view(join(folder, 'scratch'))).toBeUndefined();
  symlinkSync(join(folder, 'scratch'), join(folder, 'other-name'));
  expect(declarations.view(join(folder, 'other-name'))).toBeUndefined();
});

test('a model is changed without a question; another program, argument or reference asks again', () => {
  write(AGENT);
  trust();
  write(`${AGENT}model = "m-2"\n`);
  expect([stateOf(), declarations.inEffect(project).agents[0]?.model]).toEqual(['in-effect', 'm-2']);
  for (const [text, news] of [
    ['[agents.reviewer]\ncommand = ["node", "other.mjs"]\n', 'reviewer: node other.mjs'],
    [`${AGENT}[agents.second]\ncommand = ["sh", "-c", "echo a  b"]\n`, 'second: sh -c "echo a  b"'],
    [`${AGENT}[secrets]\nTOKEN = "env:TOKEN"\n`, 'TOKEN ← env:TOKEN'],
  ] as const) {
    write(text);
    expect([stateOf(), ids(), declarations.view(project)?.news]).toEqual(['changed', [], [news]]);
  }
  trust();
  expect(stateOf()).toBe('in-effect');
  // What was agreed to before is not agreed to for ever.
  write(AGENT);
  trust();
  write(`${AGENT}[secrets]\nTOKEN = "env:TOKEN"\n`);
  expect(stateOf()).toBe('changed');
});

test('trust is given to what was shown, and to nothing that cannot be read', () => {
  write(AGENT);
  const shown = stamp();
  write('[agents.reviewer]\ncommand = ["curl", "evil"]\n');
  expect(() => declarations.trust({ projectDir: project, stamp: shown })).toThrow('DECLARATION_CHANGED');
  write('[agents.reviewer]\n');
  expect(() => trust()).toThrow('DECLARATION_INVALID');
  rmSync(file());
  expect(() => trust()).toThrow('NOT_FOUND');
  expect(ids()).toEqual([]);
});

test('a file with a mistake is in effect in no part, an earlier version neither, and says where', () => {
  write(AGENT);
  trust();
  write(`${AGENT}[agents.broken]\nbase = "nobody"\n`);
  expect([stateOf(), ids()]).toEqual(['invalid', []]);
  expect(declarations.view(project)?.problems).toEqual([
    { line: 4, column: 1, reason: 'no-such-agent', values: { agentId: 'nobody' } },
  ]);
  write(AGENT);
  expect(ids()).toEqual(['reviewer']);
  taken = ['reviewer'];
  expect(declarations.view(project)?.problems[0]?.reason).toBe('agent-taken');
});

test('trust is taken back with everything that was agreed to', () => {
  write(`${AGENT}[providers.openai]\nbase-url = "https://gateway.example.com/v1"\n`);
  trust();
  const endpoint = { providerId: 'openai', baseUrl: 'https://gateway.example.com/v1' };
  declarations.confirmEndpoint({ projectDir: project, providerId: 'openai', origin: 'https://gateway.example.com' });
  expect(declarations.isConfirmed(project, endpoint)).toBe(true);
  declarations.distrust(project);
  expect([stateOf(), ids(), declarations.isConfirmed(project, endpoint)]).toEqual(['distrusted', [], false]);
  trust();
  expect([stateOf(), declarations.isConfirmed(project, endpoint)]).toEqual(['in-effect', false]);
  declarations.forget(project);
  expect(stateOf()).toBe('untrusted');
});

test('trust in a folder confirms no endpoint; each origin is confirmed for one provider', () => {
  const declare = (url: string) => write(`[providers.openai]\nbase-url = "${url}"\n`);
  const confirmed = () => declarations.view(project)?.content?.endpoints.map((one) => one.confirmed);
  declare('https://one.example.com/v1');
  trust();
  expect(confirmed()).toEqual([false]);
  const confirm = (origin: string) => () =>
    declarations.confirmEndpoint({ projectDir: project, providerId: 'openai', origin });
  expect(confirm('https://two.example.com')).toThrow('NOT_FOUND');
  confirm('https://one.example.com')();
  expect(confirmed()).toEqual([true]);
  declare('https://one.example.com/other/path');
  expect(confirmed()).toEqual([true]);
  for (const url of ['https://one.example.com:8443/v1', 'https://two.example.com', 'http://127.0.0.1:80']) {
    declare(url);
    expect([stateOf(), confirmed()]).toEqual(['in-effect', [false]]);
  }
});

test('a file that an editor replaces is read anew; one that cannot be read is said to be so', () => {
  write(AGENT);
  trust();
  writeFileSync(`${file()}.tmp`, AGENT.replace('reviewer', 'renamed'));
  renameSync(`${file()}.tmp`, file());
  expect([stateOf(), declarations.view(project)?.news]).toEqual(['changed', ['renamed: node agent.mjs']]);
  const reason = () => declarations.view(project)?.problems.map((problem) => problem.reason);
  write('#'.repeat(300_000));
  expect(reason()).toEqual(['too-large']);
  write('['.repeat(200_000));
  expect(reason()).toEqual(['syntax']);
  rmSync(file());
  mkdirSync(file());
  expect(reason()).toEqual(['not-a-file']);
  rmSync(file(), { recursive: true });
  // Nobody writes to it, and nobody waits for that.
  if (process.platform !== 'win32') execFileSync('mkfifo', [file()]);
  if (process.platform !== 'win32') expect(reason()).toEqual(['not-a-file']);
});
