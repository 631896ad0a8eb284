import type { PermissionDetails, PermissionRequest, RunEvent } from '../../shared/model/run-event.ts';
import { accepted, running, started } from './fixtures.ts';

type Asked = Extract<RunEvent, { type: 'permission.requested' }>;

const NONE: PermissionDetails = { content: [], locations: [] };
const YES_NO: PermissionRequest['options'] = [
  { optionId: 'allow-once', name: 'Yes', kind: 'allow_once' },
  { optionId: 'allow-with-updates', name: 'Yes, allow all edits during this session', kind: 'allow_always' },
  { optionId: 'reject', name: 'No', kind: 'reject_once' },
];
const GEMINI: PermissionRequest['options'] = [
  { optionId: 'proceed_always', name: 'Allow for this session', kind: 'allow_always' },
  { optionId: 'proceed_once', name: 'Allow', kind: 'allow_once' },
  { optionId: 'cancel', name: 'Reject', kind: 'reject_once' },
];
const FILE = '/home/ada/code/perch/electron/core/runner-host/supervisor.ts';

function asked(title: string, options: PermissionRequest['options'], details: Partial<PermissionDetails>): Asked {
  const requestId = `r-${title}-${options.length}`;
  return { type: 'permission.requested', requestId, toolCallId: 'c', title, options, details: { ...NONE, ...details } };
}

const longText = Array.from({ length: 120 }, (_, at) => `  "key-${at}": "a value that is somewhat long, ${at}",`);

/** What agents ask, as they were seen to ask it, and as one would that means ill. */
const ASKED: Readonly<Record<string, readonly Asked[]>> = {
  codex: [
    asked(
      'List files',
      [
        { optionId: 'allow_once', name: 'Yes, proceed', kind: 'allow_once' },
        {
          optionId: 'accept_execpolicy_amendment',
          name: "Yes, and don't ask again for commands that start with `ls -la /home/ada/code/perch/electron/core`",
          kind: 'allow_always',
        },
        { optionId: 'cancel', name: 'No, and tell Codex what to do differently', kind: 'reject_once' },
      ],
      { toolKind: 'execute', input: { command: "ls -la && printf 'x'", cwd: '/home/ada/code/perch' } },
    ),
  ],
  'claude-bash': [
    asked("ls -la && printf 'x'\nrm -rf ./build", YES_NO.slice(0, 1).concat(YES_NO.slice(2)), {
      toolKind: 'execute',
      toolName: 'Bash',
      content: [{ kind: 'text', text: 'List files' }],
      input: { command: "ls -la && printf 'x'\nrm -rf ./build", description: 'List files' },
      locations: [{ path: '/home/ada/code/perch/build' }],
    }),
  ],
  'claude-edit': [
    asked('Edit supervisor.ts', YES_NO, {
      toolKind: 'edit',
      toolName: 'Edit',
      content: [
        {
          kind: 'diff',
          path: FILE,
          oldText: `${'const before = 1;\n'.repeat(9)}const limit = 3;\nconst after = 2;\n`,
          newText: `${'const before = 1;\n'.repeat(9)}/** Unanswered pings. */\nconst limit = 2;\nconst after = 2;\n`,
        },
      ],
      input: { file_path: FILE, replace_all: false },
      locations: [{ path: FILE }],
    }),
  ],
  gemini: [
    asked('Writing to g.md', GEMINI, {
      toolKind: 'edit',
      content: [{ kind: 'diff', path: '/home/ada/code/perch/g.md', oldText: '', newText: '# Title\n\none\ntwo\n' }],
      locations: [{ path: '/home/ada/code/perch/g.md' }],
      other: { 'content[0]._meta': { kind: 'add' } },
    }),
  ],
  nothing: [asked('Processing URLs and instructions from prompt: "fetch https://example.org/x"', GEMINI, {})],
  cruel: [
    asked(
      'Read\u202eeldnub\u200b README',
      [
        { optionId: 'a', name: 'Sure', kind: 'other' },
        {
          optionId: 'b',
          name: `Yes, and for everything that begins with ${'git push --force '.repeat(18)}`,
          kind: 'allow_always',
        },
        ...Array.from({ length: 10 }, (_, at) => ({
          optionId: `o${at}`,
          name: `Answer ${at + 3}`,
          kind: 'allow_once' as const,
        })),
      ],
      {
        input: {
          command: `ls${' '.repeat(60)}\u00a0\u200b&& echo \u202efr- mr\u2069 "a"\n\n\nrm -rf ~\u001b[2K\r`,
          args: ['--all', 'two words', '', 'with a\nline break'],
          env: { PATH: '/tmp/evil:/usr/bin', NESTED: { deep: [1, null, true] } },
        },
        other: { _meta: { rule: 'git *' } },
      },
    ),
  ],
  large: [
    asked('Write package-lock.json', YES_NO, {
      toolKind: 'edit',
      content: [
        { kind: 'diff', path: '/p/package-lock.json', oldText: null, newText: `{\n${longText.join('\n')}\n}\n` },
      ],
    }),
  ],
  omitted: [asked('Write huge.bin', YES_NO, { toolKind: 'edit', input: { content: '' }, omittedChars: 5_200_000 })],
};

/** The number of the first turn that asks one of these. */
const FIRST = 40;
const NAMES = Object.keys(ASKED);

export const ASKING_EVENTS: Readonly<Record<number, readonly RunEvent[]>> = Object.fromEntries(
  Object.values(ASKED).map((questions, at) => [
    FIRST + at,
    [accepted('Go on'), started, { type: 'agent.message', text: 'I need to do one thing for that.' }, ...questions],
  ]),
);

export const ASKING_TURNS = NAMES.map((name, at) => ({
  name,
  turn: running(FIRST + at, 'waiting-for-permission', 'Go on'),
}));
