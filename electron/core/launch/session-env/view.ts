import type { EnvironmentPlanView } from '../../../../shared/model/environment-plan.ts';
import type { EnvironmentPlan } from './plan.ts';

/** The plan as a client may see it: a secret shows only the mask that was made when it was stored. */
export function planView(plan: EnvironmentPlan): EnvironmentPlanView {
  return {
    set: plan.set.map((variable) => ({
      name: variable.name,
      source: variable.source,
      reason: variable.reason,
      secret: variable.secret,
      shown: variable.secret ? variable.masked : variable.value,
    })),
    unset: plan.unset.map(({ name, reason }) => ({ name, reason })),
    denied: plan.denied.map(({ name, source, reason }) => ({ name, source, reason })),
  };
}
