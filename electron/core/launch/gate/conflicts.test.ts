import { expect, test } from 'vitest';
import texts from '../../../../resources/locales/en/reasons.json' with { type: 'json' };
import { createTranslator } from '../../../../shared/i18n/translate.ts';
import type { CredentialView } from '../../../../shared/model/credential.ts';
import { type ConflictInput, conflictsOf } from './conflicts.ts';

const t = createTranslator(texts);
const credential = (credentialId: string, change: Partial<CredentialView> = {}) =>
  ({ credentialId, variable: 'ANTHROPIC_API_KEY', masked: '••••1111', ...change }) as CredentialView;
const KEY = credential('1');
const OTHER = credential('2', { masked: '••••2222', account: 'work' });
const TOKEN = credential('3', { variable: 'CLAUDE_CODE_OAUTH_TOKEN', masked: '••••3333' });

const input: ConflictInput = {
  agentName: 'Claude Code',
  providerName: 'Anthropic',
  exported: [],
  used: { kind: 'credentials', entries: [KEY] },
  stored: [KEY],
  ownLogin: undefined,
};
const EXPORTED = ['ANTHROPIC_API_KEY'];

test.each<[string, Partial<ConflictInput>, [string, string][]]>([
  ['one credential and nothing else', {}, []],
  [
    'a key that the shell exports, and a stored one',
    { exported: EXPORTED },
    [
      [
        'info',
        'Your shell exports ANTHROPIC_API_KEY. Perch does not pass it on and uses ANTHROPIC_API_KEY ••••1111 instead.',
      ],
    ],
  ],
  [
    'several that the shell exports, and the own sign-in',
    { exported: ['ANTHROPIC_API_KEY', 'ANTHROPIC_AUTH_TOKEN'], used: { kind: 'own-login' }, ownLogin: 'not-known' },
    [
      [
        'info',
        'Your shell exports ANTHROPIC_API_KEY, ANTHROPIC_AUTH_TOKEN. Perch does not pass it on: Claude Code uses its own sign-in.',
      ],
    ],
  ],
  [
    'one that the shell exports, and none stored',
    { exported: EXPORTED, used: { kind: 'missing' }, stored: [] },
    [
      [
        'warn',
        'Your shell exports ANTHROPIC_API_KEY, but Perch does not pass on credentials of a shell. Import it in Settings → Credentials.',
      ],
    ],
  ],
  ['one that the shell exports, and none needed', { exported: EXPORTED, used: { kind: 'nothing' }, stored: [] }, []],
  [
    'others that are stored',
    { stored: [KEY, OTHER, TOKEN] },
    [
      [
        'info',
        'Perch also stores for Anthropic: ANTHROPIC_API_KEY work ••••2222, CLAUDE_CODE_OAUTH_TOKEN ••••3333. It uses ANTHROPIC_API_KEY ••••1111.',
      ],
    ],
  ],
  [
    'both of a set of two, and nothing else',
    { used: { kind: 'credentials', entries: [KEY, TOKEN] }, stored: [KEY, TOKEN] },
    [],
  ],
  ['others that are stored, none of them complete', { used: { kind: 'missing' }, stored: [OTHER] }, []],
  [
    'a stored key and the own sign-in, which gives way',
    { ownLogin: 'credential-wins' },
    [['info', 'Claude Code also has its own sign-in. Perch uses ANTHROPIC_API_KEY ••••1111 instead.']],
  ],
  [
    'a stored key and the own sign-in, of which nobody knows',
    { ownLogin: 'not-known' },
    [
      [
        'warn',
        'Claude Code also has its own sign-in, and Perch does not know whether it uses that or ANTHROPIC_API_KEY ••••1111. Sign it out, or delete the credential.',
      ],
    ],
  ],
  ['the own sign-in alone', { used: { kind: 'own-login' }, stored: [], ownLogin: 'credential-wins' }, []],
])('%s', (_, change, expected) => {
  const conflicts = conflictsOf({ ...input, ...change });
  expect(conflicts.map(({ level, key, values }) => [level, t(key, values)])).toEqual(expected);
});

test('all at once: the own sign-in first', () => {
  const all = conflictsOf({ ...input, exported: EXPORTED, stored: [KEY, OTHER], ownLogin: 'not-known' });
  expect(all.map(({ key }) => key)).toEqual(['conflict.login-not-known', 'conflict.exported', 'conflict.stored']);
});
