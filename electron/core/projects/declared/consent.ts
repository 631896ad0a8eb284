import { commandOf } from '../../../../shared/model/agent-definition.ts';
import type { Declared } from './read.ts';

/** The four facts that decide whether a folder's declarations are in effect. */
export interface Standing {
  /** This core's runner works on this very machine: nothing declared here is applied to another. */
  readonly coreIsLocal: boolean;
  /** The user works in this folder; Perch's own scratch folder is none. */
  readonly contextEstablished: boolean;
  /** The file exists, and it was understood. */
  readonly filePresent: boolean;
  /** The user trusts the folder, and has seen everything that the file starts and fetches. */
  readonly trusted: boolean;
}

/** The one rule for declarations. */
export function isInEffect({ coreIsLocal, contextEstablished, filePresent, trusted }: Standing): boolean {
  return coreIsLocal && contextEstablished && filePresent && trusted;
}

/**
 * The acts of a file that trust in its folder does not cover by itself: each program with its arguments, and each
 * secret with the place that it is fetched from. The texts are readable, and they change when their meaning does.
 */
export function actsOf({ agents, secrets }: Pick<Declared, 'agents' | 'secrets'>): string[] {
  const programs = agents.flatMap(({ agentId, runs }) => {
    const command = commandOf(runs);
    return command === undefined ? [] : [`${agentId}: ${commandLine(command)}`];
  });
  return [...programs, ...[...secrets].map(([name, reference]) => `${name} ← ${reference}`)];
}

/** The user confirms an origin for one provider: another one's key is another thing to send there. */
export function originConsent(providerId: string, baseUrl: string): string {
  return `${providerId} ${new URL(baseUrl).origin}`;
}

/** Words in quotes where they would be read otherwise; no control character gets through. */
function commandLine(command: readonly string[]): string {
  return command.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : JSON.stringify(word))).join(' ');
}
