import { dirname } from 'node:path';
import type { SandboxPolicy } from '../../../../shared/model/sandbox-policy.ts';
import { type Mount, PolicyError, policyMounts } from '../mounts.ts';
import { HOOKS, namePattern } from './names.ts';
import { DEVICES, KERNEL_FACTS, LINKS, SERVICES, SYSTEM_FILES, SYSTEM_FOLDERS } from './system.ts';

interface ProfileInput {
  readonly policy: Pick<SandboxPolicy, 'workingDirectory' | 'guard' | 'network'>;
  /** With real paths, those of the policy and of the guard. */
  readonly mounts: readonly Mount[];
  readonly terminal: boolean;
}

/** Where the profile gets the port of the egress proxy from: `sandbox-exec -D`. */
export const PROXY_PARAMETER = 'PROXY';

/**
 * A policy as Seatbelt reads it. Nothing is allowed but what is named; of several rules for one thing the last one
 * counts, so what is taken back stands after what was given.
 * @throws PolicyError for a path that cannot be written down
 */
export function seatbeltProfile(input: ProfileInput): string {
  return [
    '(version 1)',
    '(deny default)',
    ...processes(),
    ...system(input),
    ...given(input.mounts),
    ...takenBack(input),
    ...network(input.policy.network),
    '',
  ].join('\n');
}

/** The mounts of a policy, if Seatbelt can show them: it moves nothing to another place. @throws PolicyError */
export function seatbeltMounts(policy: SandboxPolicy, guard: readonly Mount[]): ReturnType<typeof policyMounts> {
  if (policy.state.sandboxPath !== policy.state.hostPath) {
    throw new PolicyError(`${policy.state.hostPath} cannot be shown as ${policy.state.sandboxPath} on macOS`);
  }
  return policyMounts(policy, guard);
}

function processes(): string[] {
  return [
    '(allow process-exec)',
    '(allow process-fork)',
    '(allow process-info* (target same-sandbox))',
    '(allow signal (target same-sandbox))',
    `(allow sysctl-read (sysctl-name-regex #"^hw\\.") ${KERNEL_FACTS.map((name) => `(sysctl-name ${text(name)})`).join(' ')})`,
    `(allow mach-lookup ${SERVICES.map((name) => `(global-name ${text(name)})`).join(' ')})`,
  ];
}

function system({ mounts, terminal }: ProfileInput): string[] {
  const onTheWay = new Set<string>(LINKS);
  for (const { path, source } of mounts) for (const one of [path, source]) addWay(onTheWay, one);
  for (const path of [...SYSTEM_FOLDERS, ...SYSTEM_FILES]) addWay(onTheWay, path);
  return [
    `(allow file-read* ${[...SYSTEM_FOLDERS.map(subpath), ...[...SYSTEM_FILES, '/'].map(literal)].join(' ')})`,
    `(allow file-read* file-write-data file-ioctl ${DEVICES.map(literal).join(' ')} (subpath "/dev/fd"))`,
    `(allow file-read-metadata ${[...onTheWay].sort().map(literal).join(' ')})`,
    ...(terminal ? ['(allow file-read* file-write-data file-ioctl (regex #"^/dev/ttys[0-9]+$"))'] : []),
  ];
}

function addWay(way: Set<string>, path: string): void {
  for (let above = dirname(path); above !== '/'; above = dirname(above)) way.add(above);
}

/** Parents stand before what lies below them. */
function given(mounts: readonly Mount[]): string[] {
  return mounts.flatMap(({ source, path, writable }, index) => {
    const places = [...new Set([source, path])].map(subpath).join(' ');
    const below = mounts.slice(0, index).some((other) => source.startsWith(`${other.source}/`));
    const whole = `(allow file-read* ${places})`;
    if (!writable) return below ? [whole, `(deny file-write* ${places})`] : [whole];
    // A folder in another one: it must not be moved away to make room for one with the same name.
    const pinned = below ? [`(deny file-write* ${literal(source)})`] : [];
    return [whole, `(allow file-write* ${places})`, ...pinned];
  });
}

/** At any depth of the working directory, in any case, present or absent. */
function takenBack({ policy: { workingDirectory, guard } }: ProfileInput): string[] {
  const below = (pattern: string): string => `(require-all ${subpath(workingDirectory)} (regex #"${pattern}"))`;
  const git = namePattern('.git');
  const parts = ['hooks', 'config', 'config.worktree', 'modules', 'worktrees', 'commondir'].map(namePattern);
  const shown = guard.empty.filter((name) => name.startsWith('!')).map((name) => name.slice(1));
  const hidden = guard.empty.filter((name) => !name.startsWith('!'));
  const named = (name: string): string => checked(namePattern(name));
  return [
    // The folder itself: neither made, nor moved, nor taken away. What is in it can be written, but for its orders.
    `(deny file-write* ${below(`/${git}$`)})`,
    `(deny file-write* ${below(`/${git}/(.*/)?(${parts.join('|')})(/|$)`)})`,
    // A repository may lie bare in a folder of any name. Git takes none for one that has no HEAD, and as a rule it is
    // called *.git; what its hooks are called is known.
    `(deny file-write* (require-all ${subpath(workingDirectory)} (regex #"/${namePattern('HEAD')}$") (require-not (regex #"/${git}/"))))`,
    `(deny file-write* ${below(`/${namePattern('*.git')}/(.*/)?(${parts.join('|')})(/|$)`)})`,
    `(deny file-write* ${below(`/${namePattern('hooks')}/(${HOOKS.map(namePattern).join('|')})$`)})`,
    ...(guard.free ?? []).map((path) => `(deny file-write* ${subpath(path)})`),
    ...guard.names.map((name) => `(deny file-write* ${below(`/${named(name)}(/|$)`)})`),
    ...hidden.map((name) => `(deny file-read-data ${below(`/${named(name)}$`)})`),
    ...shown.map((name) => `(allow file-read-data ${below(`/${named(name)}$`)})`),
  ];
}

function network(network: SandboxPolicy['network']): string[] {
  switch (network.kind) {
    case 'none':
      return [];
    case 'proxy':
      return [
        `(allow network-outbound (remote tcp (param "${PROXY_PARAMETER}")))`,
        // Seatbelt knows this machine by one name only.
        ...network.loopback.map(({ port }) => `(allow network-outbound (remote tcp "localhost:${port}"))`),
      ];
    case 'shared':
      // By address: no socket of the file system, but the one that resolves names.
      return [
        '(allow system-socket)',
        '(allow network-outbound (remote ip "*:*") (literal "/private/var/run/mDNSResponder"))',
        '(allow network-bind network-inbound (local ip "*:*"))',
      ];
  }
}

const subpath = (path: string): string => `(subpath ${text(path)})`;
const literal = (path: string): string => `(literal ${text(path)})`;
const text = (value: string): string => `"${checked(value)}"`;

/** A folder's name must not be able to write rules. */
function checked(value: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/["\u0000-\u001f\u007f]|\\$/.test(value)) throw new PolicyError(`${value} cannot be named in a sandbox profile`);
  return value;
}
