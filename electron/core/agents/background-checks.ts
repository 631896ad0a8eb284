import { PerchError } from '../../../shared/errors/perch-error.ts';
import type { CredentialView } from '../../../shared/model/credential.ts';
import type { CredentialService } from '../credentials/credential-service.ts';
import type { LivenessService } from '../credentials/liveness/liveness-service.ts';
import type { AgentService } from './agent-service.ts';

export type BackgroundChecks = ReturnType<typeof createBackgroundChecks>;

/**
 * Asks providers about credentials before a session needs to know, so that the window is right about who is ready.
 * Nothing waits for it. An answer of the last minute is not asked for again.
 */
export function createBackgroundChecks(options: {
  agents: Pick<AgentService, 'credentialsOf'>;
  credentials: Pick<CredentialService, 'health'>;
  liveness: Pick<LivenessService, 'ensure'>;
  /** The agent that the window shows, and where it would work. */
  shown: () => { readonly agentId: string | undefined; readonly projectDir: string | undefined };
  onFailure: (error: unknown) => void;
}) {
  const { agents, credentials, liveness, shown, onFailure } = options;
  let stopped = false;

  const check = (entries: readonly CredentialView[]): void => {
    // In a keychain that is not known to be open, reading would ask the user to open it, out of the blue.
    const kept = entries.some(({ storage }) => storage === 'keychain');
    // An expired credential is not sent anywhere.
    if (entries.some(({ status }) => status === 'expired')) return;
    if (stopped || entries.length === 0 || (kept && credentials.health().state !== 'available')) return;
    liveness.ensure(entries).catch((error: unknown) => {
      if (stopped) return;
      // The list of credentials and the keychain's health tell of these.
      const told =
        error instanceof PerchError && (error.code === 'CREDENTIAL_UNREADABLE' || error.code.startsWith('KEYCHAIN_'));
      if (!told) onFailure(error);
    });
  };
  const ofAgents = (agentIds: readonly string[], projectDir?: string): void => {
    if (stopped) return;
    try {
      for (const agentId of agentIds) check(agents.credentialsOf(agentId, projectDir));
    } catch (error) {
      onFailure(error);
    }
  };
  return {
    /** Asks no further questions, and reports no answers that are still on their way. */
    stop(): void {
      stopped = true;
    },
    stored: (credential: CredentialView) => check([credential]),
    agents: ofAgents,
    selected(): void {
      if (stopped) return;
      const { agentId, projectDir } = shown();
      if (agentId !== undefined) ofAgents([agentId], projectDir);
    },
  };
}
