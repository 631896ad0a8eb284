import { defined } from '../../../shared/defined.ts';
import { createUnreachedHosts } from '../egress/unreached-hosts.ts';
import { openFence } from '../fence.ts';
import { launchSession, type SessionDependencies, type StartParams } from '../launched-session.ts';
import type { Log } from '../log.ts';
import type { Notify } from '../notify.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { launchTerminalSession } from '../terminals/terminal-session.ts';
import type { Terminals } from '../terminals/terminals.ts';
import { type Entry, stopEntry } from './entry.ts';
import { createSecrets } from './secrets.ts';
import { checkStart } from './start-check.ts';

export interface LaunchingDependencies extends Pick<SessionDependencies, 'clock' | 'newId' | 'watchProcess'> {
  readonly sandbox: Sandbox;
  readonly noSandbox: Sandbox;
  readonly notify: Notify;
  readonly log: Log;
  readonly terminals: Pick<Terminals, 'attach'>;
}

/** Starts agents, each inside its fence. The entry is among `entries` from the moment that its process is started. */
export function createLaunching(
  deps: LaunchingDependencies & { readonly entries: Pick<Map<string, Entry>, 'get' | 'set'> },
) {
  const { entries, notify } = deps;

  /** Reports of the session, each with the turn that runs at that moment. */
  const createReports = (sessionId: string) => {
    const told = new Set<string>();
    const place = () => {
      const turnId = entries.get(sessionId)?.turnId;
      return { sessionId, ...defined({ turnId }) };
    };
    return {
      place,
      /** Each thing once a turn. */
      isNews(...what: string[]): boolean {
        const key = JSON.stringify([...what, place().turnId]);
        return !told.has(key) && told.add(key).has(key);
      },
      warn(key: string): void {
        const { turnId } = place();
        const event = { type: 'notice', level: 'warn', key, values: {} } as const;
        if (turnId !== undefined) notify('turn.event', { sessionId, turnId, event });
      },
    };
  };

  return async (params: StartParams): Promise<Entry> => {
    const { sessionId, policy } = params;
    checkStart(params);
    const { place, isNews, warn } = createReports(sessionId);
    let isGone = false;
    const unreachedHosts = createUnreachedHosts();
    const secrets = createSecrets(params, (variable, where) => {
      if (isNews(variable, where)) notify('secret.found', { ...place(), variable, where });
    });
    const log: SessionDependencies['log'] = (level, source, message) =>
      deps.log({ ...place(), level, source, message: secrets.redact(message) });
    const sandbox = policy.enforcement === 'off' ? deps.noSandbox : deps.sandbox;
    const fence = await openFence({
      sandbox,
      policy,
      upstream: params.upstreamProxy,
      clock: deps.clock,
      turnId: () => place().turnId,
      onRefused: (refused) => notify('egress.refused', { ...place(), ...refused }),
      onDialled(where, reached) {
        unreachedHosts.dialled(where, reached);
        if (!reached && isNews('unreached', where)) log('warn', 'egress', `${where} cannot be reached`);
      },
      onGone(reason) {
        log('error', 'egress', `the way out is gone: ${reason}`);
        isGone = true;
        warn('notice.network-gone');
        const entry = entries.get(sessionId);
        // The next turn begins with another agent, which has a way out.
        if (entry !== undefined && entry.turnId === undefined) void stopEntry(entry);
      },
      onProxyProblem(problem) {
        if (!isNews('proxy', problem)) return;
        log('warn', 'egress', `the proxy of the network: ${problem}`);
        warn(`notice.proxy-${problem}`);
      },
    });
    try {
      const own = { ...deps, ...secrets, log, fence: fence.request, sandbox, unreached: unreachedHosts.unreached };
      const launched =
        params.launch.adapter === 'terminal' ? await launchTerminalSession(params, own) : launchSession(params, own);
      const ended = launched.exited.then(async () => {
        entries.get(sessionId)?.rest?.leave();
        const found = await fence.close();
        for (const { path, how } of found) log('warn', 'sandbox', `new in the working directory, ${how}: ${path}`);
        return found;
      });
      // Callers that wait for the end get the error; the log gets it as well.
      ended.catch((error: unknown) =>
        log('error', 'sandbox', `the working directory was not looked through: ${error}`),
      );
      const { redact } = secrets;
      const isCutOff = (): boolean => isGone;
      const entry: Entry = { params, log, redact, launched, fence, ended, isCutOff, unreachedHosts, closing: false };
      entries.set(sessionId, entry);
      return entry;
    } catch (error) {
      await fence.close();
      throw error;
    }
  };
}
