import type { Translate } from '../../shared/i18n/translate.ts';
import { COMMAND_NAMES, COMMANDS, type CommandName, OPTIONS, type OptionName, wordsOf } from './arguments/grammar.ts';
import { familyOf } from './arguments/parse.ts';
import type { Output } from './terminal/output.ts';

export function writeHelp(
  output: Output,
  t: Translate,
  { command, family = [] }: { readonly command?: CommandName; readonly family?: readonly string[] } = {},
): void {
  if (command !== undefined) writeCommand(output, t, command);
  else if (family.length > 0) writeFamily(output, t, family);
  else writeOverview(output, t);
}

function writeOverview(output: Output, t: Translate): void {
  output.line(t('cli.help.intro'));
  output.line();
  output.line(t('cli.help.usage', { line: t('cli.help.any') }));
  output.line();
  writeCommands(
    output,
    t,
    COMMAND_NAMES.filter((name) => name !== 'agentsList'),
  );
  output.line();
  output.line(t('cli.help.more'));
  output.line(t('cli.help.data-dir'));
}

function writeFamily(output: Output, t: Translate, words: readonly string[]): void {
  output.line(t('cli.help.usage', { line: `perch ${words.join(' ')} …` }));
  output.line();
  writeCommands(output, t, familyOf(words));
  output.line();
  output.line(t('cli.help.more'));
}

function writeCommands(output: Output, t: Translate, names: readonly CommandName[]): void {
  writePairs(
    output,
    names.map((name) => [`perch ${wordsOf(name)} ${COMMANDS[name].operands}`.trimEnd(), t(`cli.help.command.${name}`)]),
  );
}

function writeCommand(output: Output, t: Translate, command: CommandName): void {
  const { operands, options, needs, words } = COMMANDS[command];
  const needed: readonly OptionName[] = needs;
  const given = options.map((name) => (needed.includes(name) ? optionAs(name) : `[${optionAs(name)}]`));
  output.line(t('cli.help.usage', { line: ['perch', wordsOf(command), ...given, operands].join(' ').trimEnd() }));
  output.line();
  output.line(t(`cli.help.command.${command}`));
  const details = DETAILS[command];
  if (details !== undefined) output.line(t(details));
  output.line();
  writePairs(
    output,
    options.map((name) => [optionAs(name), t(`cli.help.option.${isFilter(name, command) ? 'scope-all' : name}`)]),
  );
  const others = familyOf(words);
  if (others.length === 0) return;
  output.line();
  writeCommands(output, t, others);
}

const DETAILS: Partial<Record<CommandName, string>> = {
  run: 'cli.help.exit-codes',
  credentialsSet: 'cli.help.secret',
  variablesSet: 'cli.help.secret-variable',
  agentsSettingsSet: 'cli.help.settings',
  agentsSettingsReset: 'cli.help.settings',
};

/** Where `--scope` leaves things out; elsewhere it says where one thing goes. */
function isFilter(option: OptionName, command: CommandName): boolean {
  return option === 'scope' && /List$|Check$|Trail$/.test(command);
}

/** An option as the user types it, with its value: `--agent ID`. */
function optionAs(name: OptionName): string {
  const option = OPTIONS[name];
  return 'shows' in option ? `--${name} ${option.shows}` : `--${name}`;
}

function writePairs(output: Output, pairs: readonly (readonly [string, string])[]): void {
  const width = Math.max(...pairs.map(([left]) => left.length));
  for (const [left, right] of pairs) output.line(`  ${output.style('bold', left.padEnd(width))}  ${right}`);
}
