import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { COMMAND_NAMES, COMMANDS, type CommandName, wordsOf } from '../../electron/cli/arguments/grammar.ts';
import { writeHelp } from '../../electron/cli/help.ts';
import type { Output } from '../../electron/cli/terminal/output.ts';
import { createTranslator, type Messages } from '../../shared/i18n/translate.ts';

export const PAGE = join(import.meta.dirname, '..', '..', 'docs', 'command-line.md');
const TEXTS = join(import.meta.dirname, '..', '..', 'resources', 'locales', 'en', 'cli.json');

/** The page of the documentation on the command line: what `perch --help` and `perch COMMAND --help` print. */
export function commandLinePage(): string {
  const t = createTranslator(JSON.parse(readFileSync(TEXTS, 'utf8')) as Messages);
  const shown = COMMAND_NAMES.filter((name) => name !== 'agentsList');
  const rows = shown.map((name) => {
    const typed = `perch ${wordsOf(name)} ${COMMANDS[name].operands}`.trimEnd();
    return `| [\`${typed.replaceAll('|', '\\|')}\`](#${anchorOf(name)}) | ${t(`cli.help.command.${name}`)} |`;
  });
  const help = (name: CommandName): string => {
    const lines: string[] = [];
    const output: Pick<Output, 'line' | 'style'> = {
      line: (line = '') => void lines.push(line.trimEnd()),
      style: (_style, text) => text,
    };
    writeHelp(output as Output, t, { command: name });
    return `### perch ${wordsOf(name)}\n\n\`\`\`text\n${lines.join('\n').trim()}\n\`\`\`\n`;
  };
  return [
    '<!-- Made by scripts/command-line-page.ts from electron/cli/arguments/grammar.ts and the English texts. -->',
    '# The command line\n',
    `\`npx perch …\` works in a checkout. ${t('cli.help.more')} ${t('cli.help.data-dir')}\n`,
    `${t('cli.help.exit-codes')}\n`,
    '| command | what it does |',
    '|---|---|',
    ...rows,
    '',
    ...shown.map(help),
  ].join('\n');
}

/** As GitHub makes it of the heading. */
function anchorOf(name: CommandName): string {
  return `perch-${wordsOf(name).replaceAll(' ', '-')}`;
}
