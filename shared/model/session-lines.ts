import { assertNever } from '../assert-never.ts';
import type { Result } from '../contract/methods.ts';
import type { EnvironmentPlanView } from './environment-plan.ts';
import type { HostRule } from './sandbox-policy.ts';

/** What a session gets, in five lines: the texts are keys of `state.json`. */
export interface SessionLine {
  readonly what: 'credential' | 'model' | 'hosts' | 'folder' | 'sandbox';
  /** A text of its own, or one that needs no words: a path, a name. */
  readonly said: readonly (
    | { readonly key: string; readonly values: Readonly<Record<string, string>> }
    | { readonly text: string }
  )[];
  /** Weaker than usual: worth a look. */
  readonly open: boolean;
}

type Planned = Pick<Result<'environment.plan'>, 'plan' | 'fence'>;
type Variable = EnvironmentPlanView['set'][number];

export const PLAN_GROUPS = ['credential', 'own', 'agent', 'base'] as const;
type PlanGroup = (typeof PLAN_GROUPS)[number];

/** Which part of the plan a variable stands in. */
export function groupOf({ source, secret, reason }: Variable): PlanGroup {
  switch (source) {
    case 'keychain':
    case 'session-only':
      // A secret variable of the user's own lies in the keychain too: its reason tells.
      return /^reason\.variable-/.test(reason) ? 'own' : 'credential';
    case 'declared':
      return secret ? 'credential' : 'own';
    case 'variable':
      return 'own';
    case 'agent':
    case 'model':
      return 'agent';
    case 'base':
    case 'perch':
      return 'base';
    default:
      return assertNever(source);
  }
}

/** `model`: as people know it, the default by its name where that is known. */
export function sessionLines({ plan, fence }: Planned, model: string): SessionLine[] {
  const { sandbox, network, workingDirectory } = fence;
  return [
    { what: 'credential', said: credential(plan), open: false },
    { what: 'model', said: [{ text: model }], open: false },
    { what: 'hosts', said: hosts(network), open: network.kind === 'shared' },
    { what: 'folder', said: [{ text: workingDirectory }], open: false },
    { what: 'sandbox', said: [sandboxInWords(sandbox)], open: sandbox.state === 'off' },
  ];
}

function credential(plan: EnvironmentPlanView): SessionLine['said'] {
  const held = plan.set.filter((variable) => groupOf(variable) === 'credential');
  if (held.length > 0) {
    return held.map(({ name, shown, source }) => ({ key: `session.credential.${source}`, values: { name, shown } }));
  }
  return [{ key: plan.login === undefined ? 'session.credential.none' : 'session.credential.login', values: {} }];
}

function hosts(network: Planned['fence']['network']): SessionLine['said'] {
  if (network.kind !== 'proxy') return [{ key: `session.hosts.${network.kind}`, values: {} }];
  const names = [...network.hosts.map(named), ...network.loopback.map(({ address, port }) => `${address}:${port}`)];
  return names.length === 0 ? [{ key: 'session.hosts.none', values: {} }] : names.map((text) => ({ text }));
}

/** Without the port that every https address has. */
function named({ host, ports }: HostRule): string {
  const others = ports.filter((port) => port !== 443);
  return others.length === 0 ? host : `${host}:${ports.join(',')}`;
}

function sandboxInWords(sandbox: Planned['fence']['sandbox']): SessionLine['said'][number] {
  const values: Record<string, string> = {};
  if ('backend' in sandbox) values.backend = sandbox.backend;
  if ('reason' in sandbox) values.reason = sandbox.reason;
  return { key: `session.sandbox.${sandbox.state}`, values };
}
