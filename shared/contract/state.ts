import { z } from 'zod';
import { agentViewSchema } from '../model/agent.ts';
import { backgroundSessionSchema } from '../model/background.ts';
import { bootFailureSchema } from '../model/boot-failure.ts';
import { connectionStateSchema } from '../model/connection-state.ts';
import { credentialViewSchema } from '../model/credential.ts';
import { declarationViewSchema } from '../model/declaration.ts';
import { egressStateSchema } from '../model/egress.ts';
import { hostInfoSchema } from '../model/host.ts';
import { keychainHealthSchema } from '../model/keychain.ts';
import { leakSchema } from '../model/leak.ts';
import { loginViewSchema } from '../model/login.ts';
import { mcpServerSchema } from '../model/mcp-server.ts';
import { networkViewSchema } from '../model/network.ts';
import { programsSchema } from '../model/programs.ts';
import { providerViewSchema } from '../model/provider.ts';
import { recoverySchema } from '../model/recovery.ts';
import { pendingPermissionSchema, turnSummarySchema } from '../model/run-event.ts';
import { settingsSchema } from '../model/settings.ts';
import { staleSessionSchema } from '../model/stale-session.ts';
import { variableViewSchema } from '../model/variable.ts';

/**
 * Everything that a window shows, except transcripts and logs (those are fetched). A client gets the whole once, then
 * single slices whenever one changes.
 */
export const appStateSchema = z.object({
  connection: connectionStateSchema,
  keychain: keychainHealthSchema,
  host: hostInfoSchema,
  settings: settingsSchema,
  agents: z.array(agentViewSchema),
  programs: programsSchema,
  /** The declarations of the next turn's folder; null when it has none. */
  declaration: declarationViewSchema.nullable(),
  providers: z.array(providerViewSchema),
  credentials: z.array(credentialViewSchema),
  /** Sign-ins at providers, one for each. */
  logins: z.array(loginViewSchema),
  variables: z.array(variableViewSchema),
  mcpServers: z.array(mcpServerSchema),
  /** Running agents that hold the old value of a changed credential. */
  staleSessions: z.array(staleSessionSchema),
  /** The newest 50, newest first. */
  turns: z.array(turnSummarySchema),
  egress: egressStateSchema,
  network: networkViewSchema,
  /** Newest first, at most 20. */
  leaks: z.array(leakSchema),
  /** A damaged database that was set aside, until the user has seen it. */
  recovery: recoverySchema.nullable(),
  permissions: z.array(pendingPermissionSchema),
  /** Sessions between two turns with processes that their turns left running. */
  background: z.array(backgroundSessionSchema),
  /** Working directories of earlier turns, most recent first, at most 20. */
  recentProjects: z.array(z.string()),
  /** The failures of earlier starts that were not dismissed, newest first, at most 5. */
  bootFailures: z.array(bootFailureSchema),
  /** `after-turns`: Perch ends by itself once no turn runs any more. */
  leaving: z.enum(['staying', 'after-turns']),
});
export type AppState = z.infer<typeof appStateSchema>;
export type AppStateSlice = keyof AppState;
