import type { z } from 'zod';
import { defined } from '../../../../shared/defined.ts';
import type { AgentDefinition } from '../../../../shared/model/agent-definition.ts';
import type { DeclarationProblem } from '../../../../shared/model/declaration.ts';
import { nameProblem } from '../../../../shared/variables/check.ts';
import type { IsRouting } from '../../../../shared/variables/routing.ts';
import { isSecretLikeName } from '../../../../shared/variables/secret-names.ts';
import { parseBaseUrl } from '../../providers/base-url.ts';
import { type DeclarationFile, declarationFileSchema } from './file-schema.ts';
import { parseSecretReference } from './secret-reference.ts';
import { type Path, type Position, readToml, type TomlText } from './toml.ts';

/** The declarations of a file, before any consent of the user. */
export interface Declared {
  readonly agents: readonly AgentDefinition[];
  /** Models by agent. */
  readonly models: ReadonlyMap<string, string>;
  /** Base URLs by provider. */
  readonly endpoints: ReadonlyMap<string, string>;
  readonly variables: ReadonlyMap<string, string>;
  /** References by variable. */
  readonly secrets: ReadonlyMap<string, string>;
}

export const NOTHING_DECLARED: Declared = {
  agents: [],
  models: new Map(),
  endpoints: new Map(),
  variables: new Map(),
  secrets: new Map(),
};

/** The facts that a file is judged by. */
export interface Judgement {
  /** Ids that a file cannot have: agents of Perch and the user's own. */
  readonly isAgentTaken: (agentId: string) => boolean;
  /** The providers of an agent that can have variants; undefined for any other agent. */
  readonly providersOf: (base: string) => readonly string[] | undefined;
  readonly isProvider: (providerId: string) => boolean;
  readonly isRouting: IsRouting;
  readonly isCredential: (name: string) => boolean;
  /** True when a text holds something that looks like a secret. */
  readonly looksSecret: (text: string) => boolean;
}

/** Everything that is wrong is told at once, in the order of the file; one problem, and nothing of it is declared. */
export function readDeclaration(
  text: string,
  judgement: Judgement,
): { readonly declared: Declared } | { readonly problems: readonly DeclarationProblem[] } {
  const toml = readToml(text);
  if (toml.kind === 'not-toml') {
    // The parser's sentence names no value.
    return { problems: [{ ...toml.at, reason: 'syntax', values: { reason: toml.reason } }] };
  }
  const secrets = [...secretsIn(toml.value, [], judgement.looksSecret)];
  const parsed = declarationFileSchema.safeParse(toml.value);
  const found = parsed.success ? [...contradictions(parsed.data, judgement)] : parsed.error.issues.map(fromIssue);
  const hidden = new Set(secrets.map(({ path }) => JSON.stringify(path)));
  const all = [
    ...placed([...secrets, ...found.filter(({ path }) => !hidden.has(JSON.stringify(path)))], toml),
    ...toml.comments.filter((one) => judgement.looksSecret(one.text)).map(({ at }) => ({ ...at, ...SECRET })),
  ];
  if (all.length > 0 || !parsed.success) return { problems: all.sort(byPosition) };
  return { declared: declaredBy(parsed.data) };
}

interface Problem extends Pick<DeclarationProblem, 'reason' | 'values'> {
  readonly path: Path;
}

const SECRET = { reason: 'secret', values: {} };

function placed(problems: readonly Problem[], toml: Extract<TomlText, { kind: 'read' }>): DeclarationProblem[] {
  return problems.map(({ path, reason, values }) => ({ ...toml.positionOf(path), reason, values }));
}

function byPosition(a: Position, b: Position): number {
  return a.line - b.line || a.column - b.column;
}

/** Anywhere in the file: what is pasted by mistake does not choose its place. */
function* secretsIn(value: unknown, path: Path, looksSecret: Judgement['looksSecret']): Iterable<Problem> {
  if (typeof value === 'string') {
    if (looksSecret(value)) yield { path, ...SECRET };
  } else if (value !== null && typeof value === 'object') {
    for (const [key, inner] of Object.entries(value)) {
      const at = [...path, Array.isArray(value) ? Number(key) : key];
      if (looksSecret(key)) yield { path: at, ...SECRET };
      else yield* secretsIn(inner, at, looksSecret);
    }
  }
}

/** TOML's own names of the types. */
const KINDS: Readonly<Record<string, string>> = { record: 'table', object: 'table' };

function fromIssue(issue: z.core.$ZodIssue): Problem {
  const { path } = issue;
  const key = String(path.at(-1) ?? '');
  if (issue.code === 'unrecognized_keys') {
    const [first = ''] = issue.keys;
    return { path: [...path, first], reason: 'unknown-key', values: { key: issue.keys.join(', ') } };
  }
  if (issue.code === 'invalid_type')
    return { path, reason: 'wrong-type', values: { key, expected: KINDS[issue.expected] ?? issue.expected } };
  if (issue.code === 'invalid_key') return { path, reason: 'wrong-name', values: { key } };
  if (path[0] === 'secrets') return { path, reason: 'no-reference', values: { key } };
  return { path, reason: 'wrong-value', values: { key } };
}

function* contradictions(file: DeclarationFile, judgement: Judgement): Iterable<Problem> {
  for (const [agentId, agent] of Object.entries(file.agents ?? {})) {
    const path = ['agents', agentId];
    const { command, base, provider } = agent;
    if (judgement.isAgentTaken(agentId)) yield { path, reason: 'agent-taken', values: { agentId } };
    if ((command === undefined) === (base === undefined))
      yield { path, reason: 'command-or-base', values: { agentId } };
    if (agent.terminal === true && command === undefined) {
      yield { path: [...path, 'terminal'], reason: 'terminal-without-command', values: { agentId } };
    }
    if (agent.terminal === true && agent.model !== undefined) {
      yield { path: [...path, 'model'], reason: 'terminal-with-model', values: { agentId } };
    }
    const supported = base === undefined ? undefined : judgement.providersOf(base);
    if (base !== undefined && supported === undefined) {
      yield { path: [...path, 'base'], reason: 'no-such-agent', values: { agentId: base } };
    }
    if (provider !== undefined && !judgement.isProvider(provider)) {
      yield { path: [...path, 'provider'], reason: 'no-such-provider', values: { providerId: provider } };
    } else if (provider !== undefined && supported?.includes(provider) === false) {
      const values = { agentId: base ?? '', providerId: provider, supported: supported.join(', ') };
      yield { path: [...path, 'provider'], reason: 'provider-unsupported', values };
    }
    yield* variableProblems(agent.variables, [...path, 'variables'], judgement);
  }
  for (const [providerId, { 'base-url': baseUrl }] of Object.entries(file.providers ?? {})) {
    const path = ['providers', providerId];
    if (!judgement.isProvider(providerId)) yield { path, reason: 'no-such-provider', values: { providerId } };
    if (normalUrl(baseUrl) === undefined) yield { path: [...path, 'base-url'], reason: 'no-endpoint', values: {} };
  }
  yield* variableProblems(file.variables, ['variables'], judgement);
  for (const [name, reference] of Object.entries(file.secrets ?? {})) {
    const path = ['secrets', name];
    const problem = nameProblem(name, { isRouting: judgement.isRouting, isCredential: () => false });
    if (problem !== undefined) yield { path, reason: `variable-${problem.code}`, values: { name } };
    if (parseSecretReference(reference) === undefined) yield { path, reason: 'no-reference', values: { key: name } };
  }
}

/** The rules of the Environment page, and one more: what is called a password is none of a file's business. */
function* variableProblems(
  variables: Readonly<Record<string, string>> = {},
  path: Path,
  judgement: Judgement,
): Iterable<Problem> {
  for (const [name, value] of Object.entries(variables)) {
    const problem = nameProblem(name, judgement);
    if (problem !== undefined) yield { path: [...path, name], reason: `variable-${problem.code}`, values: { name } };
    else if (isSecretLikeName(name) && value !== '') yield { path: [...path, name], ...SECRET };
  }
}

function declaredBy(file: DeclarationFile): Declared {
  return {
    agents: Object.entries(file.agents ?? {}).map(([agentId, agent]) => definitionOf(agentId, agent)),
    models: new Map(Object.entries(file.models ?? {})),
    endpoints: new Map(
      Object.entries(file.providers ?? {}).map(([id, { 'base-url': url }]) => [id, normalUrl(url) ?? url]),
    ),
    variables: new Map(Object.entries(file.variables ?? {})),
    secrets: new Map(Object.entries(file.secrets ?? {})),
  };
}

function definitionOf(agentId: string, agent: NonNullable<DeclarationFile['agents']>[string]): AgentDefinition {
  const {
    name = agentId,
    description = '',
    command,
    base = '',
    provider,
    model = '',
    variables = {},
    terminal = false,
  } = agent;
  return {
    agentId,
    name,
    description,
    runs: command === undefined ? { kind: 'variant', of: base } : { kind: terminal ? 'terminal' : 'program', command },
    ...defined({ providerId: provider }),
    model,
    variables,
  };
}

function normalUrl(text: string): string | undefined {
  try {
    return parseBaseUrl(text);
  } catch {
    return undefined;
  }
}
