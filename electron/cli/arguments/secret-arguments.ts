import { referencesIn, referenceTo } from '../../../shared/mcp/references.ts';
import { isSecretLikeName } from '../../../shared/variables/secret-names.ts';
import type { UsageProblem } from '../usage-error.ts';
import type { CommandName } from './grammar.ts';
import type { Parsed } from './parse.ts';

type Typed = Extract<Parsed, { kind: 'command' }>;

/** A value that was typed, with the name that it is to have. */
interface Given {
  readonly name: string;
  readonly value: string;
}

/** Commands that keep what is typed. A prompt and a command to run are the user's own business. */
const KEEPS: Partial<Record<CommandName, { readonly problem: string; given(typed: Typed): readonly Given[] }>> = {
  variablesSet: {
    problem: 'secret-argument',
    given: ({ operands: [name = '', value = ''] }) => [{ name, value }],
  },
  agentsAdd: {
    problem: 'secret-variable',
    given: ({ values: { env = [], description = '' }, operands }) => [
      ...env.map(pairOf('=')),
      ...nameless([description, ...operands.slice(1)]),
    ],
  },
  mcpAdd: {
    problem: 'secret-variable',
    given: ({ values: { env = [], header = [], url = '' }, operands }) => [
      ...env.map(pairOf('=')),
      ...header.map(pairOf(':')),
      ...nameless([url, ...operands.slice(1)]),
    ],
  },
  agentsSettingsSet: { problem: 'secret-misplaced', given: ({ operands }) => operands.slice(1).map(textOf) },
  providersSet: {
    problem: 'secret-misplaced',
    given: ({ values }) => nameless([values['base-url'] ?? '', values['login-client-id'] ?? '']),
  },
  networkProxySet: {
    problem: 'secret-proxy',
    given: ({ values: { user = '', except = [] }, operands }) => nameless([...operands, user, ...except]),
  },
};

/**
 * Why a command that keeps what is typed gets nothing of it: a secret is there, by its name or by its shape. It stands in
 * the shell's history and in the list of processes by then; undefined: there is none.
 * @param looksSecret whether a token's shape is in a text
 */
export function secretInArguments(typed: Typed, looksSecret: (text: string) => boolean): UsageProblem | undefined {
  const keeps = KEEPS[typed.command];
  const found = keeps?.given(typed).some((given) => isSecret(given, looksSecret)) ?? false;
  if (keeps === undefined || !found) return undefined;
  return { key: `cli.usage.${keeps.problem}`, values: { reference: referenceTo('NAME') } };
}

function isSecret({ name, value }: Given, looksSecret: (text: string) => boolean): boolean {
  if (value === '') return false;
  return looksSecret(value) || (isSecretLikeName(name) && referencesIn(value).length === 0);
}

function pairOf(between: string): (text: string) => Given {
  return (text) => {
    const at = text.indexOf(between);
    return at === -1 ? textOf(text) : { name: text.slice(0, at).trim(), value: text.slice(at + 1).trim() };
  };
}

function nameless(texts: readonly string[]): Given[] {
  return texts.map(textOf);
}

function textOf(value: string): Given {
  return { name: '', value };
}
