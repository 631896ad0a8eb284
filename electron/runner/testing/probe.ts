import { defined } from '../../../shared/defined.ts';
import type { SandboxPolicy } from '../../../shared/model/sandbox-policy.ts';
import { systemClock } from '../../node/clock.ts';
import { startProgram } from '../process/program.ts';
import { createNoSandbox } from '../sandbox/off.ts';
import { selectSandbox } from '../sandbox/select.ts';

/** A program for tests: runs a shell script under a policy, as the user that it was started as. JSON in, JSON out. */
interface ProbeRequest {
  readonly script: string;
  readonly policy: SandboxPolicy;
  readonly environment: Readonly<Record<string, string>>;
  readonly egressSocket?: string;
}

const request = JSON.parse(process.argv[2] ?? '') as ProbeRequest;
const sandbox = request.policy.enforcement === 'off' ? createNoSandbox() : selectSandbox(process.platform, systemClock);
const guard = await sandbox.guard(request.policy);
const launch = sandbox.wrap(
  {
    command: '/bin/bash',
    args: ['--norc', '-c', request.script],
    environment: request.environment,
    ...(guard === undefined ? {} : { guard: guard.mounts }),
    ...defined({ egressSocket: request.egressSocket }),
  },
  request.policy,
);
const program = startProgram(launch.spec, systemClock);
let output = '';
let errors = '';
program.stdout.setEncoding('utf8').on('data', (text: string) => {
  output += text;
});
program.stderr.setEncoding('utf8').on('data', (text: string) => {
  errors += text;
});
const exit = await program.exited;
const found = (await guard?.close()) ?? [];
const quarantined = found.map(({ path, how }) => ({ path, how }));
process.stdout.write(JSON.stringify({ output, errors, exitCode: exit.exitCode, quarantined }));
