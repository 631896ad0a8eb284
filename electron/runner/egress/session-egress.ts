import { tmpdir } from 'node:os';
import { defined } from '../../../shared/defined.ts';
import { type NetworkRules, RuleError } from '../../../shared/egress/rules.ts';
import { PerchError } from '../../../shared/errors/perch-error.ts';
import type { ProxyProblem, RefusedHost, UpstreamProxy } from '../../../shared/model/egress.ts';
import type { SandboxPolicy } from '../../../shared/model/sandbox-policy.ts';
import type { Clock } from '../../node/clock.ts';
import { messageOf } from '../../node/error-code.ts';
import { type EgressProxy, startEgress } from './proxy.ts';
import { createRefusalReportLimit } from './refusal-report-limit.ts';

interface SessionEgressOptions {
  readonly policy: SandboxPolicy;
  readonly upstream: UpstreamProxy | undefined;
  readonly clock: Clock;
  /** The turn that runs; absent where there are none. */
  readonly turnId?: () => string | undefined;
  readonly onRefused: (refused: RefusedHost) => void;
  readonly onProxyProblem?: (problem: ProxyProblem) => void;
  readonly onDialled?: (where: string, reached: boolean) => void;
  readonly onGone: (reason: string) => void;
}

/**
 * The way out that a session's policy asks for; undefined when it asks for none.
 * @throws PerchError SANDBOX_FAILED, INVALID_PARAMS
 */
export function startSessionEgress(options: SessionEgressOptions): EgressProxy | undefined {
  const { policy, upstream, clock, onRefused, onProxyProblem, onDialled, onGone } = options;
  const { network, enforcement } = policy;
  if (network.kind !== 'proxy' || enforcement === 'off') return undefined;
  const isNews = createRefusalReportLimit(clock);
  try {
    return startEgress({
      folder: tmpdir(),
      rules: network,
      upstream,
      clock,
      onGone,
      ...defined({ onProxyProblem, onDialled }),
      onRefused(refused) {
        if (isNews(refused, options.turnId?.())) onRefused(refused);
      },
    });
  } catch (error) {
    throw asPerchError(error);
  }
}

/** @throws PerchError NOT_FOUND when this session has no proxy, INVALID_PARAMS when a rule is none */
export function setRules(egress: EgressProxy | undefined, rules: NetworkRules): void {
  if (egress === undefined) throw new PerchError('NOT_FOUND', { what: 'egress proxy' });
  try {
    egress.update(rules);
  } catch (error) {
    throw asPerchError(error);
  }
}

function asPerchError(error: unknown): unknown {
  if (error instanceof RuleError) return new PerchError('INVALID_PARAMS', { where: error.message });
  const reason = messageOf(error);
  return new PerchError('SANDBOX_FAILED', { reason: `the egress proxy did not start: ${reason}` });
}
