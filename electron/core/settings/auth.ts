import { z } from 'zod';
import { DEFAULT_AGENT_SETTINGS } from '../../../shared/model/agent.ts';
import { type AgentAuth, type AgentAuthPatch, agentAuthSchema, modelsOf } from '../../../shared/model/auth.ts';

const { auth: DEFAULT_AUTH } = DEFAULT_AGENT_SETTINGS;

/**
 * Stands for no provider and no model. Where `managed` was chosen, a value that is not understood must not become
 * `byo`, which would put the user's credential into the sandbox.
 */
const NOT_UNDERSTOOD: AgentAuth = {
  mode: 'managed',
  gateway: { providerId: 'not-understood' },
  allowedModels: ['not-understood'],
};

const [byo, managed] = agentAuthSchema.options;

/** The auth as the database holds it: the mode alone decides, whatever else was left there. */
export const storedAuthSchema = z.discriminatedUnion('mode', [
  z.object({ mode: byo.shape.mode, model: byo.shape.model.default(''), providerId: byo.shape.providerId }),
  z.object({ mode: managed.shape.mode, gateway: managed.shape.gateway, allowedModels: managed.shape.allowedModels }),
]);

/** In the place of what `storedAuthSchema` does not take. */
export function insteadOf(stored: unknown): AgentAuth {
  const isManaged = z.looseObject({ mode: managed.shape.mode }).safeParse(stored).success;
  return isManaged ? NOT_UNDERSTOOD : DEFAULT_AUTH;
}

/** Applies a change. Values of the other mode go. */
export function patchAuth(before: AgentAuth, patch: AgentAuthPatch): AgentAuth {
  if (patch.mode === 'managed') return patch;
  const own = before.mode === 'byo' ? before : DEFAULT_AUTH;
  const { model = own.model, providerId = own.providerId } = patch;
  return agentAuthSchema.parse({ mode: 'byo', model, ...(typeof providerId === 'string' ? { providerId } : {}) });
}

/** The ids of models that a change from one to the other mode takes away. */
export function clearedBy(before: AgentAuth, after: AgentAuth): string[] {
  return before.mode === after.mode ? [] : [...modelsOf(before)];
}
