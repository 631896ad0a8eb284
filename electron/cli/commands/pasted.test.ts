import { expect, test } from 'vitest';
import { translatorFor } from '../messages.ts';
import { settlePasted } from './pasted.ts';

const t = translatorFor({});

/** A person at a terminal, who types these answers. */
function terminal(...typed: (string | null)[]) {
  const said: string[] = [];
  const context = {
    t,
    values: {},
    stdin: { isTTY: true },
    stderr: {
      isTerminal: true,
      line: (text: string) => void said.push(text),
      style: (_: string, text: string) => text,
    },
    askLine: async () => typed.shift() ?? null,
  };
  const settle = (value: string) => settlePasted(context as never, value, { providers: [] });
  return { said, settle };
}

test('a repair is offered before anything is stored, and taken only by choice', async () => {
  const taking = terminal('x', '1');
  expect(await taking.settle('export MY_SECRET="abcdef"')).toEqual({ value: 'abcdef', findings: [] });
  expect(taking.said).toEqual([t('paste.assignment'), `  1  ${t('paste.unwrap')}`, `  2  ${t('cli.paste.as-it-is')}`]);
  expect(await terminal('2').settle('"abcdef"')).toEqual({ value: '"abcdef"', findings: [] });
});

test('one repair after the other; who gives up stores nothing', async () => {
  expect(await terminal('1', '1').settle('"abc\ndef"')).toEqual({ value: 'abcdef', findings: [] });
  expect(await terminal('1').settle('"abc\ndef"')).toBeNull();
});
