import { isAbsolute, join } from 'node:path';
import { z } from 'zod';
import { PerchError, toWireError } from '../../../../shared/errors/perch-error.ts';
import { type Found, type Harvest, obstacle, type Providers, recognise } from './found.ts';
import { readTextFile } from './read-file.ts';

export interface AgentFilePlaces {
  readonly home: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

type Read = (content: unknown, known: { providers: Providers; source: string }) => readonly Found[];

/**
 * API keys in the files of the agents' own sign-in. Tokens of a subscription are told and stay where they are: they
 * belong to that agent, which renews them, and a copy would end the original. Absent files are no problem.
 */
export async function fromAgentFiles(places: AgentFilePlaces, providers: Providers): Promise<Harvest> {
  const parts = await Promise.all(
    filesOf(places).map(async ([source, read]): Promise<Harvest> => {
      try {
        return { found: read(parseJson(await readTextFile(source)), { providers, source }), others: 0, problems: [] };
      } catch (error) {
        const absent = error instanceof PerchError && error.code === 'IMPORT_FILE_NOT_FOUND';
        return { found: [], others: 0, problems: absent ? [] : [toWireError(understood(error, source))] };
      }
    }),
  );
  return {
    found: parts.flatMap(({ found }) => found),
    others: 0,
    problems: parts.flatMap(({ problems }) => problems),
  };
}

function filesOf({ home, environment }: AgentFilePlaces): readonly (readonly [string, Read])[] {
  const directory = (name: string, otherwise: string) => {
    const value = environment[name];
    return value !== undefined && isAbsolute(value) ? value : join(home, otherwise);
  };
  const claude = directory('CLAUDE_CONFIG_DIR', '.claude');
  // With a folder of its own Claude Code keeps this file in it, else beside the default one.
  const claudeState = environment.CLAUDE_CONFIG_DIR ? claude : home;
  return [
    [join(directory('CODEX_HOME', '.codex'), 'auth.json'), codex],
    [join(directory('XDG_DATA_HOME', '.local/share'), 'opencode', 'auth.json'), openCode],
    [join(claude, '.credentials.json'), claudeLogin],
    [join(claude, 'settings.json'), claudeSettings],
    [join(claudeState, '.claude.json'), claudeKey],
  ];
}

function parseJson(text: string): unknown {
  return JSON.parse(text);
}

/** A parser's message may quote the file. */
function understood(error: unknown, file: string): unknown {
  const unfit = error instanceof SyntaxError || error instanceof z.ZodError;
  return unfit ? new PerchError('IMPORT_FILE_NOT_UNDERSTOOD', { file }) : error;
}

const fileSchema = z.record(z.string(), z.unknown());

/** `{OPENAI_API_KEY: "…" | null, tokens: {…} | null}`: the key stands under its variable's name. */
const codex: Read = (content, known) => {
  const file = fileSchema.parse(content);
  const keys = recognise(stringsOf(file), known).found;
  return isObject(file.tokens) ? [...keys, login('openai', { source: known.source, agentId: 'codex' })] : keys;
};

const openCodeSchema = z.record(z.string(), z.object({ type: z.string(), key: z.string().optional() }));

/** `{provider: {type: "api", key} | {type: "oauth", …}}`, named as models.dev does; other types are sign-ins too. */
const openCode: Read = (content, { providers, source }) => {
  const all = providers.all();
  return Object.entries(openCodeSchema.parse(content)).flatMap(([name, { type, key }]): Found[] => {
    const provider =
      all.find((other) => other.modelsDev.includes(name)) ?? all.find((other) => other.providerId === name);
    if (provider === undefined) return [];
    const { providerId } = provider;
    if (type !== 'api' || key === undefined) return [login(providerId, { source, agentId: 'opencode' })];
    return [{ providerId, variable: provider.defaultVariable, value: key, source, why: obstacle(key) }];
  });
};

/** `{claudeAiOauth: {accessToken, …}}` */
const claudeLogin: Read = (content, { source }) =>
  isObject(fileSchema.parse(content).claudeAiOauth) ? [login('anthropic', { source, agentId: 'claude-code' })] : [];

/** `{env: {NAME: "…"}}` */
const claudeSettings: Read = (content, known) => {
  const { env } = fileSchema.parse(content);
  return isObject(env) ? recognise(stringsOf(env), known).found : [];
};

/** `{primaryApiKey: "…"}`, from a sign-in with the provider's console. */
const claudeKey: Read = (content, { providers, source }) => {
  const { primaryApiKey: value } = fileSchema.parse(content);
  const provider = providers.all().find(({ providerId }) => providerId === 'anthropic');
  if (typeof value !== 'string' || provider === undefined) return [];
  return [{ providerId: 'anthropic', variable: provider.defaultVariable, value, source, why: obstacle(value) }];
};

function login(providerId: string, whose: { source: string; agentId: string }): Found {
  return { providerId, variable: undefined, value: '', why: 'login', ...whose };
}

function stringsOf(object: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(object).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
