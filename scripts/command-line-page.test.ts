import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { COMMAND_NAMES, wordsOf } from '../electron/cli/arguments/grammar.ts';
import { commandLinePage, PAGE } from './lib/command-line-page.ts';

test('docs/command-line.md is what its script writes: node scripts/run-on-node.mjs scripts/command-line-page.ts', () => {
  expect(readFileSync(PAGE, 'utf8')).toBe(commandLinePage());
});

test('it has each command, and every link in it leads to one', () => {
  const page = commandLinePage();
  const headings = [...page.matchAll(/^### (perch .+)$/gm)].map(([, heading = '']) => heading);
  const left = COMMAND_NAMES.filter((name) => !headings.includes(`perch ${wordsOf(name)}`));
  expect(left).toEqual(['agentsList']);
  const links = [...page.matchAll(/\(#([\w-]+)\)/g)].map(([, anchor]) => anchor);
  expect(links).toEqual(headings.map((heading) => heading.replaceAll(' ', '-')));
});
