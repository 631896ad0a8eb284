import { parseArgs } from 'node:util';
import type { UsageProblem } from '../usage-error.ts';
import {
  COMMAND_NAMES,
  COMMANDS,
  type CommandName,
  isOptionName,
  OPTIONS,
  type OptionName,
  wordsOf,
} from './grammar.ts';
import { nearest } from './nearest.ts';

export type Values = {
  readonly [Name in OptionName]?: (typeof OPTIONS)[Name] extends { many: true }
    ? readonly string[]
    : (typeof OPTIONS)[Name]['type'] extends 'string'
      ? string
      : true;
};

export type Parsed =
  /** `family`: the first words of several commands. */
  | { readonly kind: 'help'; readonly command?: CommandName; readonly family?: readonly string[] }
  | { readonly kind: 'version' }
  | { readonly kind: 'usage'; readonly command?: CommandName; readonly problem: UsageProblem }
  | {
      readonly kind: 'command';
      readonly command: CommandName;
      readonly values: Values;
      readonly operands: readonly string[];
    };

type Token = NonNullable<ReturnType<typeof parseArgs>['tokens']>[number];

/**
 * Takes the command line apart. What was typed as a value, or in place of a secret, is never repeated in a problem:
 * it may be one.
 */
export function parseArguments(argv: readonly string[]): Parsed {
  const options = Object.fromEntries(Object.entries(OPTIONS).map(([name, { type }]) => [name, { type }]));
  const { tokens } = parseArgs({
    args: [...argv],
    options: { ...options, help: { type: 'boolean', short: 'h' }, version: { type: 'boolean', short: 'V' } },
    strict: false,
    tokens: true,
  });
  const words = tokens.flatMap((token) => (token.kind === 'positional' ? [token.value] : []));
  const command = commandOf(words);
  const given = new Set(tokens.flatMap((token) => (token.kind === 'option' ? [token.name] : [])));
  if (words[0] === 'help') return helpAbout(words.slice(1));
  if (given.has('help')) return command === undefined ? helpWith(words) : { kind: 'help', command };
  if (command === undefined) return given.has('version') ? { kind: 'version' } : withoutCommand(words, tokens);
  const problem = optionProblem(command, tokens) ?? operandProblem(command, words) ?? missingOption(command, given);
  if (problem !== undefined) return { kind: 'usage', command, problem };
  return { kind: 'command', command, values: valuesOf(tokens), operands: operandsOf(command, words) };
}

function commandOf(words: readonly string[]): CommandName | undefined {
  return COMMAND_NAMES.find((name) => COMMANDS[name].words.every((word, index) => words[index] === word));
}

/** `perch help WORDS`: what is no command is told. */
function helpAbout(words: readonly string[]): Parsed {
  const command = commandOf(words);
  if (command !== undefined) return { kind: 'help', command };
  const known = helpWith(words);
  return words.length === 0 || (known.kind === 'help' && known.family !== undefined)
    ? known
    : withoutCommand(words, []);
}

/** `perch credentials --help`: the commands that begin so, or all of them. */
function helpWith(words: readonly string[]): Parsed {
  const isFamily = words.length > 0 && familyOf(words).length > 0;
  return isFamily ? { kind: 'help', family: words } : { kind: 'help' };
}

/** The commands that begin with these words, and say more. */
export function familyOf(words: readonly string[]): CommandName[] {
  return COMMAND_NAMES.filter(
    (name) =>
      COMMANDS[name].words.length > words.length && words.every((word, at) => COMMANDS[name].words[at] === word),
  );
}

function operandsOf(command: CommandName, words: readonly string[]): readonly string[] {
  return words.slice(COMMANDS[command].words.length);
}

function withoutCommand(words: readonly string[], tokens: readonly Token[]): Parsed {
  const [first, second] = words;
  if (first === undefined) {
    const option = tokens.find((token) => token.kind === 'option');
    return option === undefined ? { kind: 'help' } : usage('no-command');
  }
  const family = COMMAND_NAMES.map((name) => COMMANDS[name].words).filter((path) => path[0] === first);
  if (family.length === 0) {
    return unknown('unknown-command', first, [...new Set(COMMAND_NAMES.map((name) => COMMANDS[name].words[0] ?? ''))]);
  }
  const choices = [...new Set(family.map((path) => path[1] ?? ''))];
  if (second === undefined) return usage('incomplete-command', { command: first, choices: choices.join(', ') });
  if (choices.includes(second)) {
    const thirds = family.flatMap((path) => (path[1] === second ? (path[2] ?? []) : []));
    return usage('incomplete-command', { command: `${first} ${second}`, choices: thirds.join(', ') });
  }
  // The second word may be a secret that was typed in the wrong place.
  const near = nearest(second, choices);
  if (near === undefined) return usage('incomplete-command', { command: first, choices: choices.join(', ') });
  return unknown('unknown-command', `${first} ${second}`, [`${first} ${near}`]);
}

function unknown(key: string, word: string, candidates: readonly string[]): Parsed {
  return { kind: 'usage', problem: suggest(key, word, candidates) };
}

function usage(key: string, values: UsageProblem['values'] = {}): Parsed {
  return { kind: 'usage', problem: { key: `cli.usage.${key}`, values } };
}

function suggest(key: string, word: string, candidates: readonly string[]): UsageProblem {
  const near = nearest(word, candidates);
  return near === undefined
    ? { key: `cli.usage.${key}`, values: { word } }
    : { key: `cli.usage.${key}-near`, values: { word, near } };
}

function optionProblem(command: CommandName, tokens: readonly Token[]): UsageProblem | undefined {
  const allowed: readonly string[] = COMMANDS[command].options;
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    if (!isOptionName(token.name) || !allowed.includes(token.name)) return unknownOption(command, token);
    const option = `--${token.name}`;
    if (OPTIONS[token.name].type === 'boolean' && token.value !== undefined) {
      return { key: 'cli.usage.takes-no-value', values: { option } };
    }
    // `--agent --json`: the next option is no value. A value that begins with a dash is written `--agent=-x`.
    const isNextOption = token.inlineValue === false && token.value?.startsWith('-') === true;
    if (OPTIONS[token.name].type === 'string' && (token.value === undefined || token.value === '' || isNextOption)) {
      return { key: 'cli.usage.needs-value', values: { option } };
    }
  }
  return undefined;
}

function unknownOption(command: CommandName, token: Extract<Token, { kind: 'option' }>): UsageProblem {
  if (command === 'credentialsSet' && (token.value !== undefined || SECRET_OPTIONS.test(token.name))) {
    return { key: 'cli.usage.secret-in-arguments', values: {} };
  }
  const names = COMMANDS[command].options.map((name) => `--${name}`);
  const word = token.rawName.length > 40 ? `${token.rawName.slice(0, 12)}…` : token.rawName;
  return suggest('unknown-option', word, names);
}

/** How people try to hand over a secret. */
const SECRET_OPTIONS = /^(value|token|key|api-key|secret|password|credential)$/;

function operandProblem(command: CommandName, words: readonly string[]): UsageProblem | undefined {
  const { takes, operands } = COMMANDS[command];
  const [least, most] = takes;
  const count = operandsOf(command, words).length;
  if (count < least) return { key: 'cli.usage.missing-operand', values: { operand: operands } };
  if (count <= most) return undefined;
  if (command === 'credentialsSet') return { key: 'cli.usage.secret-in-arguments', values: {} };
  if (command === 'run') return { key: 'cli.usage.unquoted-prompt', values: {} };
  return { key: 'cli.usage.too-many-operands', values: { command: wordsOf(command) } };
}

function missingOption(command: CommandName, given: ReadonlySet<string>): UsageProblem | undefined {
  const missing = COMMANDS[command].needs.find((name) => !given.has(name));
  return missing === undefined ? undefined : { key: 'cli.usage.missing-option', values: { option: `--${missing}` } };
}

function valuesOf(tokens: readonly Token[]): Values {
  const values: Record<string, string | true | string[]> = {};
  for (const token of tokens) {
    if (token.kind !== 'option' || !isOptionName(token.name)) continue;
    const { name, value } = token;
    const before = values[name];
    if ('many' in OPTIONS[name]) values[name] = [...(Array.isArray(before) ? before : []), value ?? ''];
    else values[name] = value ?? true;
  }
  return values as Values;
}
