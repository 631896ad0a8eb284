import { createHash } from 'node:crypto';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROXY_INSIDE, proxyVariables } from '../../../../shared/egress/inside.ts';
import { PerchError } from '../../../../shared/errors/perch-error.ts';
import type { SandboxPolicy } from '../../../../shared/model/sandbox-policy.ts';
import type { Clock } from '../../../node/clock.ts';
import { runOnce } from '../../process/run-once.ts';
import { watchTree } from '../guard/watch-tree.ts';
import { PolicyError } from '../mounts.ts';
import type { Sandbox, SandboxedLaunch, SandboxRequest } from '../sandbox.ts';
import { PROXY_PARAMETER, seatbeltMounts, seatbeltProfile } from './profile.ts';

const SANDBOX_EXEC = '/usr/bin/sandbox-exec';
/** Bytes that the shell's `ulimit -f` counts by. */
const FILE_BLOCK = 512;
/** When the lifeline ends, whatever is in the group is killed. $1: blocks of a file. */
const LAUNCH = `(read -r line <&3; kill -KILL 0) </dev/null >/dev/null 2>&1 & ulimit -c 0 && ulimit -f "$1" && shift && exec "$@" 3<&-`;

/** Limits for which macOS has no means. */
const LACKS = ['process-limit', 'memory-limit', 'own-processes'] as const;

/** macOS: a profile made from the policy, which the kernel enforces on the program and on all that it starts. */
export function createSeatbelt({ clock, program = SANDBOX_EXEC }: { clock: Clock; program?: string }): Sandbox {
  return {
    wayOut: 'loopback',
    async check() {
      const args = ['-p', '(version 1)(deny default)(allow process-exec)(allow file-read*)', '/usr/bin/true'];
      const trial = await runOnce({ command: program, args, environment: {}, workingDirectory: '/' }, clock);
      if (trial.failure === undefined) return { state: 'available', backend: 'seatbelt', version: '' };
      return { state: 'unavailable', reason: `${program} does not work here: ${trial.failure}` };
    },
    guard: watchTree,
    wrap: (request, policy) => wrapWith(program, request, policy),
  };
}

function wrapWith(program: string, request: SandboxRequest, policy: SandboxPolicy): SandboxedLaunch {
  if (policy.enforcement !== 'required') throw new Error('this policy asks for no sandbox');
  const { text, workingDirectory } = enforceable(request, policy);
  // The folder comes from the session's plan: no folder for temporary files belongs to this user alone.
  mkdirSync(join(policy.state.hostPath, 'tmp'), { recursive: true, mode: 0o700 });
  const port = portOf(request, policy);
  const parameters = port === undefined ? [] : ['-D', `${PROXY_PARAMETER}=localhost:${port}`];
  const blocks = String(Math.ceil(policy.limits.fileBytes / FILE_BLOCK));
  const sandboxed = [program, ...parameters, '-f', profileFile(policy.records, text), request.command, ...request.args];
  return {
    spec: {
      command: '/bin/sh',
      args: ['-c', LAUNCH, 'sandbox', blocks, ...sandboxed],
      environment: withPort(request.environment, port),
      workingDirectory,
      inputs: ['lifeline'],
    },
    status: { state: 'enforced', backend: 'seatbelt', network: policy.network.kind, lacks: [...LACKS] },
    workingDirectory,
    namespaceRoot: () => undefined,
    setUpFailure(exit, lastErrorLine) {
      if (exit.startError !== undefined) return exit.startError;
      return lastErrorLine?.startsWith('sandbox-exec: ') ? lastErrorLine.slice('sandbox-exec: '.length) : undefined;
    },
  };
}

function enforceable(
  request: SandboxRequest,
  policy: SandboxPolicy,
): { readonly text: string; readonly workingDirectory: string } {
  try {
    const { mounts, workingDirectory } = seatbeltMounts(policy, request.guard ?? []);
    const text = seatbeltProfile({ policy, mounts, terminal: request.ownsTerminal === true });
    return { text, workingDirectory };
  } catch (error) {
    if (error instanceof PolicyError) throw new PerchError('SANDBOX_FAILED', { reason: error.message });
    throw error;
  }
}

function portOf({ egressPort }: SandboxRequest, { network }: SandboxPolicy): number | undefined {
  if (network.kind !== 'proxy') return undefined;
  if (egressPort === undefined) throw new PerchError('SANDBOX_FAILED', { reason: 'the egress proxy does not run' });
  return egressPort;
}

/** Sessions share one loopback here: each has a port of its own. */
function withPort(environment: SandboxRequest['environment'], port: number | undefined): Record<string, string> {
  if (port === undefined) return { ...environment };
  const planned = new Map(proxyVariables());
  const own = proxyVariables({ url: `http://${PROXY_INSIDE.address}:${port}` });
  const changed = own.filter(([name]) => environment[name] !== undefined && environment[name] === planned.get(name));
  return { ...environment, ...Object.fromEntries(changed) };
}

/** Named by what is in it, so that a policy has one file. It holds paths and rules, and no secret. */
function profileFile(records: string, text: string): string {
  const folder = join(records, 'seatbelt');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, `${createHash('sha256').update(text).digest('hex')}.sb`);
  writeFileSync(`${file}.${process.pid}`, text, { mode: 0o600 });
  renameSync(`${file}.${process.pid}`, file);
  return file;
}
