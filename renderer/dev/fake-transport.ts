import type { MethodName, Params, Result } from '../../shared/contract/methods.ts';
import type { AppState } from '../../shared/contract/state.ts';
import { defined } from '../../shared/defined.ts';
import { PerchError, type WireError } from '../../shared/errors/perch-error.ts';
import { createListeners } from '../../shared/listeners.ts';
import type { StoredRunEvent } from '../../shared/model/run-event.ts';
import type { LinkState, Transport, TransportMessage } from '../transport/transport.ts';
import { BACKGROUND_EVENTS } from './background-fixtures.ts';
import { agentImportAnswers } from './declared-fixtures.ts';
import { diagnosticAnswers } from './diagnostic-answers.ts';
import { FAILURE_EVENTS } from './failure-fixtures.ts';
import { CONFLICTS, EVENTS, historyOf, NOW, uuid } from './fixtures.ts';
import { forgetAnswers } from './forget-answers.ts';
import { GUARDED_EVENTS, guardedAnswers } from './guarded-fixtures.ts';
import { importAnswers } from './import-answers.ts';
import { logAnswers } from './log-answers.ts';
import { loginAnswers } from './login-answers.ts';
import { mcpOffered } from './mcp-fixtures.ts';
import { modelAnswers } from './model-answers.ts';
import { networkAnswers } from './network-answers.ts';
import { ASKING_EVENTS } from './permission-fixtures.ts';
import { OTHERS } from './program-answers.ts';
import { TERMINAL_EVENTS, terminalAnswers } from './terminal-fixtures.ts';
import { variableAnswers } from './variable-answers.ts';
import { worktreeAnswers } from './worktree-answers.ts';

type Answers = { [M in MethodName]?: (params: Params<M>) => Result<M> | Promise<Result<M>> };

interface FakeTransport {
  readonly transport: Transport;
  emit(message: TransportMessage): void;
}

/** What the provider says, by the number of the credential. */
const VERDICTS: Readonly<Record<number, Pick<Result<'credentials.check'>, 'verdict' | 'reason' | 'status' | 'cause'>>> =
  {
    901: { verdict: 'dead', reason: 'refused', status: 401 },
    902: { verdict: 'unknown', reason: 'unreachable', cause: 'ECONNREFUSED' },
    903: { verdict: 'could-not-check', reason: 'kind' },
  };

function eventsOf(turnId: string): StoredRunEvent[] {
  const events =
    { ...EVENTS, ...TERMINAL_EVENTS, ...ASKING_EVENTS, ...FAILURE_EVENTS, ...BACKGROUND_EVENTS, ...GUARDED_EVENTS }[
      Number(turnId.slice(-12))
    ] ?? [];
  return events.map((event, index) => ({ turnId, seq: index + 1, at: NOW, event }));
}

/** A core that knows one state and answers a few questions about it. */
export function createFakeTransport(state: AppState | null, link: LinkState): FakeTransport {
  const listeners = createListeners<[message: TransportMessage]>();
  let app = state;
  const emit = (message: TransportMessage) => {
    listeners.notify(message);
  };
  const change = (patch: Partial<AppState>) => {
    if (app === null) return;
    app = { ...app, ...patch };
    emit({ kind: 'snapshot', state: app });
  };
  const answers = answersOf(() => app, change);
  return {
    emit,
    transport: {
      async call(method, params) {
        const answer = answers[method];
        if (answer === undefined) throw new PerchError('METHOD_NOT_FOUND');
        return await answer(params);
      },
      subscribe(listener) {
        const stop = listeners.add(listener);
        if (app !== null) listener({ kind: 'snapshot', state: app });
        listener({ kind: 'link', link });
        return stop;
      },
    },
  };
}

function answersOf(get: () => AppState | null, change: (patch: Partial<AppState>) => void): Answers {
  const turnOf = (turnId: string) => {
    const turn = get()?.turns.find((candidate) => candidate.turnId === turnId);
    if (turn === undefined) throw new PerchError('NOT_FOUND');
    return turn;
  };
  return {
    'agentRegistry.list': () => OTHERS,
    'agents.select': ({ agentId }) => {
      const app = get();
      if (app) change({ settings: { ...app.settings, selectedAgentId: agentId } });
      return {};
    },
    'projects.look': ({ typed }) => {
      const directory = typed.trim().replace(/^~/, '/home/ada');
      const problem: WireError | undefined = typed.includes('nosuch')
        ? { code: 'PROJECT_NOT_FOUND', values: { directory } }
        : undefined;
      const completions = ['perch', 'perch-notes-of-the-last-years', 'website'].map((name) => `/home/ada/src/${name}`);
      return {
        directory: directory === '' ? null : directory,
        ...defined({ problem }),
        completions: directory.startsWith('/home/ada/src') ? completions : [],
      };
    },
    'settings.update': ({ patch }) => {
      const app = get();
      if (app === null) throw new PerchError('INTERNAL');
      const settings = { ...app.settings, ...patch } as AppState['settings'];
      change({ settings });
      return { settings };
    },
    ...modelAnswers(),
    'agents.stateFolder': ({ agentId, reveal }) => ({
      path: `/home/ada/.local/share/perch/agents/${agentId}/home`,
      bytes: 48_300_000,
      revealed: reveal,
    }),
    'providers.modelsSource': () => ({
      source: { source: 'https://models.dev', date: '2026-09-28', origin: 'a package' },
    }),
    'turns.get': ({ turnId }) => ({ turn: turnOf(turnId) }),
    'turns.list': ({ sessionId }) => ({ turns: (get()?.turns ?? []).filter((turn) => turn.sessionId === sessionId) }),
    'turns.events': ({ turnId, after }) => ({ events: eventsOf(turnId).slice(after), turn: turnOf(turnId) }),
    'turns.answerPermission': () => ({}),
    'turns.changes': () => ({
      files: [
        { path: 'electron/core/runner-host/supervisor.ts', change: 'modified', changedSince: false },
        {
          path: 'electron/core/runner-host/a-file-with-a-name-that-is-as-long-as-they-come.test.ts',
          change: 'added',
          changedSince: true,
        },
        { path: 'docs/old.md', change: 'deleted', changedSince: false },
      ],
      undone: false,
    }),
    'turns.undo': () => ({
      files: 2,
      left: ['electron/core/runner-host/a-file-with-a-name-that-is-as-long-as-they-come.test.ts'],
    }),
    'keychain.check': () => ({ health: get()?.keychain ?? { state: 'unknown' } }),
    'credentials.trail': ({ limit, before = Number.POSITIVE_INFINITY }) => ({
      events:
        get()?.credentials.length === 0
          ? []
          : historyOf()
              .filter(({ eventId }) => eventId < before)
              .slice(0, limit),
    }),
    'credentials.set': ({ providerId, variable, scope, storage, value }) => {
      if (get()?.keychain.state === 'absent' && storage === 'keychain') throw new PerchError('KEYCHAIN_ABSENT');
      return {
        credential: {
          credentialId: uuid(999),
          providerId,
          variable: variable ?? 'ANTHROPIC_API_KEY',
          scope,
          storage,
          masked: '••••••••',
          createdAt: NOW,
          updatedAt: NOW,
          status: 'ok',
        },
        replaced: false,
        trimmed: value.trim() !== value,
      };
    },
    'credentials.check': ({ credentialId }) => {
      const credential = get()?.credentials.find((one) => one.credentialId === credentialId);
      if (credential?.status === 'unreadable') {
        const { variable, providerId } = credential;
        throw new PerchError('CREDENTIAL_UNREADABLE', { variable, providerId });
      }
      const told = VERDICTS[Number(credentialId.slice(-12))] ?? { verdict: 'alive', reason: 'accepted', status: 200 };
      return { credentialId, checkedAt: NOW, ...told };
    },
    ...agentImportAnswers(),
    ...forgetAnswers(get),
    ...guardedAnswers(),
    ...networkAnswers(get),
    ...importAnswers(get),
    ...loginAnswers(),
    ...terminalAnswers(),
    ...variableAnswers(),
    ...worktreeAnswers(),
    'runner.timeline': () => ({
      events: [
        { at: NOW - 90_000, kind: 'started', pid: 4100 },
        { at: NOW - 89_800, kind: 'ready', pid: 4100 },
        { at: NOW - 30_000, kind: 'exited', pid: 4100, signal: 'SIGKILL', how: 'killed' },
        { at: NOW - 30_000, kind: 'backoff', delayMs: 250 },
        { at: NOW - 29_700, kind: 'started', pid: 4180 },
        { at: NOW - 29_500, kind: 'ready', pid: 4180 },
        { at: NOW - 29_000, kind: 'left-over-ended', pid: 4121, what: 'session', how: 'terminated' },
        { at: NOW - 29_000, kind: 'left-over-not-checked', pid: 4127, what: 'terminal', reason: 'EACCES' },
      ],
      budget: { crashes: 1, limit: 5, windowMs: 60_000 },
    }),
    'runner.restart': () => ({}),
    ...diagnosticAnswers(),
    'host.stay': () => ({}),
    'mcp.offered': () => mcpOffered(get()?.settings.projectDir),
    ...logAnswers(),
    'environment.plan': () => ({
      conflicts: [...CONFLICTS],
      mode: 'byo',
      model: 'anthropic/claude-sonnet-5',
      providerId: 'anthropic',
      fence: {
        workingDirectory: get()?.settings.projectDir ?? '/home/ada/.local/share/perch/scratch',
        sandbox: { state: 'on', backend: 'bubblewrap' },
        network: {
          kind: 'proxy',
          hosts: [
            { host: 'api.anthropic.com', ports: [443] },
            { host: 'platform.claude.com', ports: [443] },
          ],
          loopback: [],
        },
      },
      plan: {
        set: [
          { name: 'PATH', source: 'base', reason: 'reason.path', secret: false, shown: '/usr/local/bin:/usr/bin:/bin' },
          { name: 'HOME', source: 'perch', reason: 'reason.home', secret: false, shown: '/home/agent' },
          {
            name: 'CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC',
            source: 'agent',
            reason: 'reason.agent-quiet',
            secret: false,
            shown: '1',
          },
          {
            name: 'GITLAB_ENDPOINT_OF_THE_WHOLE_DEPARTMENT',
            source: 'variable',
            reason: 'reason.variable-project',
            secret: false,
            shown: 'https://gitlab.example.internal.company.example:8443/api/v4/projects?membership=true',
          },
          {
            name: 'ANTHROPIC_API_KEY',
            source: 'keychain',
            reason: 'reason.credential-global',
            secret: true,
            shown: '••••••••3fQA',
          },
        ],
        unset: [],
        login: { files: ['/home/ada/.local/share/perch/agents/claude-code/home/.claude/.credentials.json'] },
        denied: [{ name: 'OPENAI_API_KEY', source: 'keychain', reason: 'reason.denied-credential' }],
      },
    }),
  };
}
