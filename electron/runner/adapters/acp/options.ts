import { basename } from 'node:path';
import type { SessionAuth } from '../../../../shared/model/auth.ts';
import type { LaunchSpec } from '../../../../shared/runner-protocol/protocol.ts';
import type { Clock } from '../../../node/clock.ts';
import type { Program } from '../../process/program.ts';
import type { ValueMask } from '../masked-events.ts';

export interface AcpOptions {
  readonly program: Program;
  readonly launch: LaunchSpec;
  /** The path as the agent sees it. */
  readonly workingDirectory: string;
  readonly auth: SessionAuth;
  /** The values of the variables that servers name. */
  readonly environment: Readonly<Record<string, string>>;
  /** The conversation to go on with, by the agent's own name. */
  readonly agentSessionId: string | undefined;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly redact: (text: string) => string;
  /** See SessionDependencies. */
  readonly unreached?: (() => string | undefined) | undefined;
  readonly mask: ValueMask;
  /** To the session's log. Chatter of the protocol is *debug*: a level is given for what a person should know. */
  readonly note: (text: string, level?: 'debug' | 'warn') => void;
  readonly kill: () => void;
  /** A longer line of the agent's output is a violation. In UTF-16 units. */
  readonly maxLineChars?: number;
}

/** The agent, before it has said its name. */
export const nameOf = ({ launch }: Pick<AcpOptions, 'launch'>): string => basename(launch.command);
