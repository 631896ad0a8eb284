import { compileRules } from '../../../../shared/egress/rules.ts';
import type { RefusedAttempt } from '../../../../shared/model/egress.ts';
import type { HostRule } from '../../../../shared/model/sandbox-policy.ts';
import { parseHost } from '../../../node/parse-host.ts';

const MOST = 20;

interface RefusedHosts {
  list(): RefusedAttempt[];
  add(attempt: RefusedAttempt): void;
  /** Drops the refusals of hosts that the rules allow by now. */
  settle(rulesFor: (session: { agentId: string; projectDir: string }) => HostRule[]): void;
  clear(): void;
}

/** The hosts refused since the core started; an older refusal is in its turn. This list never reaches the disk. */
export function createRefusedHosts({ onChange }: { onChange: () => void }): RefusedHosts {
  let refused: readonly RefusedAttempt[] = [];
  const change = (next: readonly RefusedAttempt[]) => {
    refused = next;
    onChange();
  };
  return {
    list: () => [...refused],
    add(attempt) {
      change([attempt, ...refused.filter((one) => keyOf(one) !== keyOf(attempt))].slice(0, MOST));
    },
    settle(rulesFor) {
      const open = refused.filter((one) => {
        const rules = compileRules({ hosts: rulesFor(one), loopback: [] }, parseHost);
        return rules.decide(one.host, one.port).kind === 'refused';
      });
      if (open.length < refused.length) change(open);
    },
    clear() {
      if (refused.length > 0) change([]);
    },
  };
}

function keyOf({ agentId, projectDir, host, port, reason }: RefusedAttempt): string {
  return JSON.stringify([agentId, projectDir, host, port, reason]);
}
