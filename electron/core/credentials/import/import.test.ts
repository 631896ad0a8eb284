import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { contract } from '../../../../shared/contract/methods.ts';
import { PerchError } from '../../../../shared/errors/perch-error.ts';
import type { ImportCandidate, ImportSource } from '../../../../shared/model/credential-import.ts';
import { createRedactor } from '../../../../shared/redaction/redactor.ts';
import { createMemoryKeychain } from '../../keychain/memory.ts';
import { createProviderRegistry } from '../../providers/registry.ts';
import { createManualClock } from '../../runner-host/testing/manual-clock.ts';
import { type Database, openDatabase } from '../../storage/database/database.ts';
import { createCredentialService } from '../credential-service.ts';
import { createCredentialImport } from './import.ts';
import { MAX_FILE_BYTES } from './read-file.ts';

const ANTHROPIC = `sk-ant-api03-${'canary'.repeat(14)}AA1111`;
const OPENAI = `sk-proj-${'canary'.repeat(12)}2222`;
const TOKEN = 'canary-subscription-token-3333';
const GLOBAL = { kind: 'global' } as const;

let home: string;
let database: Database;
let keychainFails: PerchError | undefined;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'perch-import-'));
  keychainFails = undefined;
});
afterEach(() => {
  database?.close();
  rmSync(home, { recursive: true });
});

function write(path: string, content: string | Buffer | object): string {
  const file = join(home, path);
  mkdirSync(dirname(file), { recursive: true });
  const raw = typeof content === 'string' || Buffer.isBuffer(content);
  writeFileSync(file, raw ? content : JSON.stringify(content));
  return file;
}

function create(options: { environment?: Record<string, string>; program?: string | undefined } = {}) {
  const { environment = {}, program } = options;
  const clock = createManualClock();
  const random = { uuid: () => crypto.randomUUID(), fraction: () => 0 };
  const resourcesDir = join(import.meta.dirname, '../../../../resources');
  const baseUrls = { get: () => undefined, set: () => {}, reset: () => {} };
  const registry = createProviderRegistry({ resourcesDir, baseUrls });
  database = openDatabase({ file: join(home, 'perch.db'), clock, random });
  const kept = createMemoryKeychain();
  const keychain = {
    ...kept,
    async set(account: string, value: string) {
      if (keychainFails !== undefined) throw keychainFails;
      await kept.set(account, value);
    },
  };
  const credentials = createCredentialService({ database, keychain, registry, clock, random });
  const redactor = createRedactor();
  const imports = createCredentialImport({
    registry,
    credentials,
    masks: redactor,
    clock,
    random,
    places: { home, environment },
    shell: { program, environment: { HOME: home, PATH: '/usr/bin:/bin', TERM: 'dumb' } },
  });
  const valueAt = async (providerId: string, variable: string) => {
    const request = { providerId, agentId: 'codex', projectDir: home, accepted: [[variable]] };
    const resolution = credentials.resolve(request);
    if (resolution.state !== 'resolved') return resolution.state;
    return (await credentials.readValues(resolution)).get(variable);
  };
  const look = async (source: ImportSource) => {
    const result = await imports.candidates({ source });
    expect(contract['credentials.importCandidates'].result.parse(result)).toEqual(result);
    return result;
  };
  const take = async (candidates: readonly ImportCandidate[]) => {
    const candidateIds = candidates.map(({ candidateId }) => candidateId);
    const result = await imports.take({ candidateIds, scope: GLOBAL, storage: 'keychain' });
    expect(contract['credentials.import'].result.parse(result)).toEqual(result);
    return result.results;
  };
  return { imports, credentials, redactor, clock, look, take, valueAt };
}

describe('a .env file', () => {
  test('is shown masked, and only what is chosen is stored; the file stays as it was', async () => {
    const text = `# keys\nexport ANTHROPIC_API_KEY="${ANTHROPIC}"\nOPENAI_API_KEY=${OPENAI} # mine\nDATABASE_URL=x\n`;
    const file = write('project/.env', text);
    const before = statSync(file);
    const { look, take, valueAt, credentials } = create();

    const { candidates, others, problems } = await look({ kind: 'file', path: '~/project/.env' });
    expect({ others, problems }).toEqual({ others: 1, problems: [] });
    expect(candidates).toMatchObject([
      { providerId: 'anthropic', variable: 'ANTHROPIC_API_KEY', masked: '••••••••1111', source: file },
      { providerId: 'openai', variable: 'OPENAI_API_KEY', masked: '••••••••2222', importable: true, alreadyStored: [] },
    ]);
    expect(credentials.list()).toEqual([]);

    const [first] = await take(candidates.slice(0, 1));
    expect(first).toMatchObject({ outcome: 'stored', replaced: false, credential: { masked: '••••••••1111' } });
    expect(await valueAt('anthropic', 'ANTHROPIC_API_KEY')).toBe(ANTHROPIC);
    expect(await valueAt('openai', 'OPENAI_API_KEY')).toBe('missing');
    expect(readFileSync(file, 'utf8')).toBe(text);
    expect(statSync(file).mtimeMs).toBe(before.mtimeMs);
  });

  test('findings say what is odd, and what is stored already is said', async () => {
    const file = write('.env', `ANTHROPIC_API_KEY=${OPENAI}\n`);
    const { look, take } = create();
    const { candidates } = await look({ kind: 'file', path: file });
    expect(candidates[0]?.findings).toMatchObject([{ key: 'paste.other-provider', level: 'warn' }]);
    await take(candidates);
    const again = await look({ kind: 'file', path: file });
    expect(again.candidates[0]?.alreadyStored).toEqual([GLOBAL]);
    expect((await take(again.candidates))[0]).toMatchObject({ outcome: 'stored', replaced: true });
  });

  test.each([
    ['ANTHROPIC_API_KEY=', 'empty'],
    ['ANTHROPIC_API_KEY="  "', 'empty'],
    ['ANTHROPIC_API_KEY=$OTHER', 'reference'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: as files have it
    ['ANTHROPIC_API_KEY=${OTHER}', 'reference'],
    ['ANTHROPIC_API_KEY=$(pass show key)', 'reference'],
    ['ANTHROPIC_API_KEY=op://vault/item/field', 'reference'],
  ])('%s cannot be taken, and says why', async (text, why) => {
    const { look, take } = create();
    const { candidates } = await look({ kind: 'file', path: write('.env', text) });
    expect(candidates).toMatchObject([{ importable: false, why }]);
    expect((await take(candidates))[0]).toMatchObject({ outcome: 'failed', error: { code: 'IMPORT_CANDIDATE_GONE' } });
  });

  test('as PowerShell writes it', async () => {
    const { look } = create();
    const utf16 = Buffer.from(`\ufeffANTHROPIC_API_KEY=${ANTHROPIC}\r\n`, 'utf16le');
    const { candidates } = await look({ kind: 'file', path: write('.env', utf16) });
    expect(candidates).toMatchObject([{ masked: '••••••••1111', importable: true }]);
  });

  test.each([
    ['IMPORT_FILE_NOT_FOUND', () => join(home, 'nowhere')],
    ['IMPORT_FILE_UNSUITABLE', () => home],
    ['IMPORT_FILE_UNSUITABLE', () => write('big', Buffer.alloc(MAX_FILE_BYTES + 1, 'a'))],
    ['IMPORT_FILE_UNSUITABLE', () => '/dev/zero'],
    ['IMPORT_FILE_NOT_UNDERSTOOD', () => write('image', Buffer.from([0x89, 0x50, 0, 0xff]))],
    ['IMPORT_FILE_NOT_UNDERSTOOD', () => write('letter', 'Dear friend')],
    ['IMPORT_FILE_UNREADABLE', () => 'a\0b'],
    [
      'IMPORT_FILE_UNSUITABLE',
      () => {
        execFileSync('mkfifo', [join(home, 'pipe')]);
        return join(home, 'pipe');
      },
    ],
  ])('%s is a sentence', async (code, path) => {
    const { look } = create();
    const { candidates, problems } = await look({ kind: 'file', path: path() });
    expect(candidates).toEqual([]);
    expect(problems).toMatchObject([{ code }]);
  });
});

describe("the agents' own files", () => {
  test('give API keys; sign-ins are listed and stay where they are', async () => {
    const codex = write('.codex/auth.json', { OPENAI_API_KEY: OPENAI, tokens: { access_token: TOKEN } });
    const openCode = write('.local/share/opencode/auth.json', {
      anthropic: { type: 'oauth', access: TOKEN, refresh: TOKEN, expires: 1 },
      moonshotai: { type: 'api', key: 'sk-canary-moonshot-4444' },
      'somebody-else': { type: 'api', key: TOKEN },
    });
    const claude = write('.claude/.credentials.json', { claudeAiOauth: { accessToken: TOKEN } });
    write('.claude/settings.json', { env: { ANTHROPIC_API_KEY: ANTHROPIC, FOO: 'x' }, model: 'opus' });
    write('.claude.json', { primaryApiKey: ANTHROPIC, projects: {} });
    const { look, take, valueAt } = create();
    const { candidates, problems } = await look({ kind: 'agents' });
    expect(problems).toEqual([]);
    const told = candidates.map(({ source, providerId, variable, importable, why }) => ({
      source,
      providerId,
      variable,
      takes: importable || why,
    }));
    expect(told).toEqual([
      { source: codex, providerId: 'openai', variable: 'OPENAI_API_KEY', takes: true },
      { source: codex, providerId: 'openai', variable: undefined, takes: 'login' },
      { source: openCode, providerId: 'anthropic', variable: undefined, takes: 'login' },
      { source: openCode, providerId: 'moonshot', variable: 'MOONSHOT_API_KEY', takes: true },
      { source: claude, providerId: 'anthropic', variable: undefined, takes: 'login' },
      // Twice the same key is one.
      {
        source: join(home, '.claude/settings.json'),
        providerId: 'anthropic',
        variable: 'ANTHROPIC_API_KEY',
        takes: true,
      },
    ]);
    expect(JSON.stringify(candidates)).not.toContain('canary');
    await take(candidates.filter(({ importable }) => importable));
    expect(await valueAt('openai', 'OPENAI_API_KEY')).toBe(OPENAI);
    expect(await valueAt('moonshot', 'MOONSHOT_API_KEY')).toBe('sk-canary-moonshot-4444');
  });

  test('are looked for where the environment says', async () => {
    write('c/auth.json', { OPENAI_API_KEY: OPENAI });
    write('x/opencode/auth.json', { xai: { type: 'api', key: 'xai-canary-0123456789abcdef' } });
    write('k/.claude.json', { primaryApiKey: ANTHROPIC });
    const environment = { CODEX_HOME: `${home}/c`, XDG_DATA_HOME: `${home}/x`, CLAUDE_CONFIG_DIR: `${home}/k` };
    const { candidates } = await create({ environment }).look({ kind: 'agents' });
    expect(candidates.map(({ providerId }) => providerId)).toEqual(['openai', 'xai', 'anthropic']);
  });

  test('that are not there are no problem; one that is broken is said, and the others count', async () => {
    const broken = write('.codex/auth.json', `{"OPENAI_API_KEY": ${OPENAI}`);
    const other = write('.claude/settings.json', ['no object']);
    write('.claude.json', { primaryApiKey: ANTHROPIC });
    const { candidates, problems } = await create().look({ kind: 'agents' });
    expect(candidates).toMatchObject([{ providerId: 'anthropic', importable: true }]);
    expect(problems).toEqual([broken, other].map((file) => ({ code: 'IMPORT_FILE_NOT_UNDERSTOOD', values: { file } })));
    expect(JSON.stringify(problems)).not.toContain('canary');
  });

  test('two keys for one place are not guessed between', async () => {
    write('.codex/auth.json', { OPENAI_API_KEY: OPENAI });
    write('.local/share/opencode/auth.json', { openai: { type: 'api', key: `${OPENAI}x` } });
    const { look, take, credentials } = create();
    const { candidates } = await look({ kind: 'agents' });
    const refused = { outcome: 'failed', error: { code: 'IMPORT_CHOSEN_TWICE' } };
    expect(await take(candidates)).toMatchObject([refused, refused]);
    expect(credentials.list()).toEqual([]);
    expect(await take(candidates.slice(1))).toMatchObject([{ outcome: 'stored' }]);
  });

  test('the same key, found in two sources, is no contradiction', async () => {
    write('.codex/auth.json', { OPENAI_API_KEY: OPENAI });
    const { look, take } = create();
    const { candidates } = await look({ kind: 'agents' });
    const file = await look({ kind: 'file', path: write('.env', `OPENAI_API_KEY=${OPENAI}`) });
    const stored = { outcome: 'stored' };
    expect(await take([...candidates, ...file.candidates])).toMatchObject([stored, stored]);
  });
});

describe('the login shell', () => {
  test('tells its environment, whatever its start-up files print', async () => {
    write('.bash_profile', `echo "OPENAI_API_KEY=nonsense"; printf 'a\\0b'; export ANTHROPIC_API_KEY='${ANTHROPIC}'\n`);
    const { look, take, valueAt } = create({ program: '/bin/bash' });
    const { candidates, others, problems } = await look({ kind: 'shell' });
    expect({ others, problems }).toEqual({ others: 0, problems: [] });
    expect(candidates).toMatchObject([{ variable: 'ANTHROPIC_API_KEY', source: '/bin/bash', importable: true }]);
    await take(candidates);
    expect(await valueAt('anthropic', 'ANTHROPIC_API_KEY')).toBe(ANTHROPIC);
  });

  test('a start-up file that hangs is given up after five seconds, and ended with all it started', async () => {
    const pipe = join(home, 'pipe');
    execFileSync('mkfifo', [pipe]);
    // The sleeping program inherits the pipe: its end is read here when the last of them is gone.
    write('.bash_profile', `exec 9>'${pipe}'; echo started >&9; sleep 100000\n`);
    const { imports, clock } = create({ program: '/bin/bash' });
    const answer = imports.candidates({ source: { kind: 'shell' } });
    const reading = await open(pipe, 'r');
    const chunk = await reading.read(Buffer.alloc(100), 0, 100, null);
    expect(chunk.buffer.subarray(0, chunk.bytesRead).toString()).toBe('started\n');
    clock.advance(4999);
    clock.advance(1);
    const problem = { code: 'IMPORT_SHELL_TIMEOUT', values: { shell: '/bin/bash', seconds: 5 } };
    expect(await answer).toEqual({ candidates: [], others: 0, problems: [problem] });
    expect((await reading.read(Buffer.alloc(100), 0, 100, null)).bytesRead).toBe(0);
    await reading.close();
  });

  test.each([
    [undefined, 'IMPORT_SHELL_MISSING'],
    ['bash', 'IMPORT_SHELL_MISSING'],
    ['/bin/false', 'IMPORT_SHELL_FAILED'],
    ['/nowhere/shell', 'IMPORT_SHELL_FAILED'],
  ])('%s could not be checked: %s', async (program, code) => {
    const { problems } = await create({ program }).look({ kind: 'shell' });
    expect(problems).toMatchObject([{ code }]);
  });

  test('a start-up file that ends the shell', async () => {
    write('.bash_profile', 'exit 3\n');
    const { problems } = await create({ program: '/bin/bash' }).look({ kind: 'shell' });
    expect(problems).toEqual([{ code: 'IMPORT_SHELL_FAILED', values: { shell: '/bin/bash' } }]);
  });
});

describe('what was found', () => {
  const found = async () => {
    const made = create();
    const { candidates } = await made.look({
      kind: 'file',
      path: write('.env', `ANTHROPIC_API_KEY=${ANTHROPIC}\nOPENAI_API_KEY=${OPENAI}\n`),
    });
    return { ...made, candidates };
  };
  const gone = { outcome: 'failed', error: { code: 'IMPORT_CANDIDATE_GONE', values: { minutes: 5 } } };

  test('is kept for five minutes, and refused afterwards', async () => {
    const { clock, take, candidates, credentials } = await found();
    clock.advance(5 * 60_000 - 1);
    expect(await take(candidates.slice(0, 1))).toMatchObject([{ outcome: 'stored' }]);
    clock.advance(1);
    expect(await take(candidates)).toMatchObject([gone, gone]);
    expect(credentials.list()).toHaveLength(1);
  });

  test('is taken once; an id that nobody gave is refused', async () => {
    const { take, candidates } = await found();
    await take(candidates);
    expect(await take(candidates)).toMatchObject([gone, gone]);
    expect(await take([{ ...candidates[0], candidateId: crypto.randomUUID() } as ImportCandidate])).toMatchObject([
      gone,
    ]);
  });

  test('can be tried again when the keychain did not take it', async () => {
    const { take, candidates } = await found();
    keychainFails = new PerchError('KEYCHAIN_LOCKED');
    const locked = { outcome: 'failed', error: { code: 'KEYCHAIN_LOCKED' } };
    expect(await take(candidates)).toMatchObject([locked, locked]);
    keychainFails = undefined;
    expect(await take(candidates)).toMatchObject([{ outcome: 'stored' }, { outcome: 'stored' }]);
  });

  test('is in no message and no file; it is masked in logs for as long as it is held', async () => {
    const { take, candidates, redactor, imports } = await found();
    expect(redactor.redact(`x ${OPENAI} y`)).not.toContain('canary');
    const results = await take(candidates.slice(0, 1));
    expect(JSON.stringify([candidates, results])).not.toContain('canary');
    database.sql.pragma('wal_checkpoint(TRUNCATE)');
    const written = readdirSync(home).filter((name) => name.startsWith('perch.db'));
    expect(written.length).toBeGreaterThan(0);
    for (const name of written) expect(readFileSync(join(home, name), 'latin1')).not.toContain('canary');
    // The scan does find what is there.
    expect(readFileSync(join(home, '.env'), 'latin1')).toContain('canary');
    imports.dispose();
    expect(redactor.redact(OPENAI)).toContain('canary');
    expect(await take(candidates)).toMatchObject([gone, gone]);
  });
});
