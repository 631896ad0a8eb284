import { stripVTControlCharacters } from 'node:util';
import { z } from 'zod';
import { createListeners } from '../../../../shared/listeners.ts';
import type { OwnLoginState } from '../../../../shared/model/own-login.ts';
import type { Agent } from '../schema.ts';
import { readOwnFile, removeOwnFile, stampOf } from './files.ts';
import type { AgentLogin, LoginStatusSource } from './schema.ts';

/** The agent's answer to its own question for the login's status. */
export interface StatusAnswer {
  readonly output: string;
  readonly exitCode: number;
}

export interface OwnLogins {
  /** Never waits: `checking` until the agent has answered. Undefined: it has no login for this provider. */
  state(agentId: string, providerId: string): OwnLoginState | undefined;
  /** Resolves when the answer is known for the files as they are now. Never rejects. */
  confirm(agentId: string): Promise<void>;
  /** Asks again, whatever is known. Never rejects. */
  check(agentId: string): Promise<void>;
  /** A sign-in of the agent came to its end, whichever: asks again. Never rejects. */
  signedIn(agentId: string): Promise<void>;
  /** How many of its sign-ins and sign-outs there were since Perch started. */
  signIns(agentId: string): number;
  /** Asks again wherever it could not be checked. */
  retry(): void;
  /** @throws the file system's error when a file could not be removed */
  signOut(agentId: string): void;
  onChange(listener: () => void): () => void;
  /** From now on agents are asked this way; an agent that is asked earlier could not be checked. */
  askThrough(ask: AskAgent): void;
}

/** Runs the agent's program with these arguments to its end. */
type AskAgent = (agentId: string, args: readonly string[]) => Promise<StatusAnswer>;

interface Known {
  readonly stamp: string;
  readonly states: ReadonlyMap<string, OwnLoginState>;
}

/**
 * Finds out whether the agents' own logins hold. An agent without a login file is signed out; any other agent is asked,
 * once per state of its files.
 */
export function createOwnLogins(options: {
  agents: readonly Pick<Agent, 'agentId' | 'login'>[];
  stateDirectory: (agentId: string) => string;
}): OwnLogins {
  const { agents, stateDirectory } = options;
  let ask: AskAgent = () => Promise.reject(new Error('no agent can be asked yet'));
  const known = new Map<string, Known>();
  const asking = new Map<string, { stamp: string; done: Promise<void> }>();
  const listeners = createListeners();
  const signIns = new Map<string, number>();
  const count = (agentId: string) => void signIns.set(agentId, (signIns.get(agentId) ?? 0) + 1);
  const loginOf = (agentId: string) => agents.find((agent) => agent.agentId === agentId)?.login;
  const stamp = (agentId: string, login: AgentLogin) => stampOf(stateDirectory(agentId), login.files);
  const changed = () => {
    listeners.notify();
  };

  const askNow = (agentId: string, login: AgentLogin, now: string): Promise<void> => {
    const running = asking.get(agentId);
    if (running?.stamp === now) return running.done;
    const done = statesOf(login, {
      directory: stateDirectory(agentId),
      ask: (args) => ask(agentId, args),
    }).then((states) => {
      if (asking.get(agentId)?.done === done) asking.delete(agentId);
      known.set(agentId, { stamp: now, states });
      changed();
    });
    asking.set(agentId, { stamp: now, done });
    return done;
  };

  async function check(agentId: string): Promise<void> {
    const login = loginOf(agentId);
    const now = login && stamp(agentId, login);
    if (login === undefined || now === undefined) return changed();
    await askNow(agentId, login, now);
  }

  return {
    state(agentId, providerId) {
      const login = loginOf(agentId);
      if (login === undefined || !Object.hasOwn(login.providers, providerId)) return undefined;
      const now = stamp(agentId, login);
      if (now === undefined) return { state: 'signed-out' };
      const before = known.get(agentId);
      if (before?.stamp === now) return before.states.get(providerId) ?? { state: 'signed-out' };
      void askNow(agentId, login, now);
      return { state: 'checking' };
    },
    async confirm(agentId) {
      const login = loginOf(agentId);
      const now = login && stamp(agentId, login);
      if (login === undefined || now === undefined) return;
      const before = known.get(agentId);
      const open = before === undefined || before.stamp !== now || isUncertain(before);
      if (open) await askNow(agentId, login, now);
    },
    check,
    signedIn(agentId) {
      count(agentId);
      return check(agentId);
    },
    signIns: (agentId) => signIns.get(agentId) ?? 0,
    retry() {
      for (const [agentId, before] of known) {
        const login = loginOf(agentId);
        if (login !== undefined && isUncertain(before)) void askNow(agentId, login, before.stamp);
      }
    },
    signOut(agentId) {
      const login = loginOf(agentId);
      count(agentId);
      try {
        for (const file of login?.files ?? []) removeOwnFile(stateDirectory(agentId), file);
      } finally {
        known.delete(agentId);
        changed();
      }
    },
    askThrough(next) {
      ask = next;
    },
    onChange(listener) {
      return listeners.add(listener);
    },
  };
}

function isUncertain({ states }: Known): boolean {
  return [...states.values()].some(({ state }) => state === 'could-not-check');
}

async function statesOf(
  { status, providers }: AgentLogin,
  how: { directory: string; ask: (args: readonly string[]) => Promise<StatusAnswer> },
): Promise<ReadonlyMap<string, OwnLoginState>> {
  const all = (state: OwnLoginState) => new Map(Object.keys(providers).map((providerId) => [providerId, state]));
  try {
    if (status.kind === 'command') return all(judge(status, await how.ask(status.args)));
    const entries = entriesSchema.parse(JSON.parse(readOwnFile(how.directory, status.path)));
    return new Map(
      Object.entries(providers).map(([providerId, name]) => [
        providerId,
        { state: Object.hasOwn(entries, name) ? 'signed-in' : 'signed-out' },
      ]),
    );
  } catch (error) {
    return all({ state: 'could-not-check', reason: reasonOf(error) });
  }
}

const entriesSchema = z.record(z.string(), z.unknown());

function judge(status: Extract<LoginStatusSource, { kind: 'command' }>, answer: StatusAnswer): OwnLoginState {
  const text = stripVTControlCharacters(answer.output);
  if (new RegExp(status.signedOut, 'm').test(text)) return { state: 'signed-out' };
  if (new RegExp(status.signedIn, 'm').test(text)) return { state: 'signed-in' };
  // The output may hold anything; the exit code does not.
  return { state: 'could-not-check', reason: `exit ${answer.exitCode}` };
}

/** A parser's message may quote the file. */
function reasonOf(error: unknown): string {
  if (error instanceof SyntaxError || error instanceof z.ZodError) return 'unreadable file';
  return error instanceof Error ? ((error as { code?: string }).code ?? error.message) : String(error);
}
