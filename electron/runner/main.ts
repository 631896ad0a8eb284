import { randomUUID } from 'node:crypto';
import { systemClock } from '../node/clock.ts';
import { createParentPortCarrier, findParentPort } from './carriers/parent-port.ts';
import { createStdioCarrier } from './carriers/stdio.ts';
import { guardLifeline } from './process/lifeline.ts';
import { runRunner } from './runner.ts';
import { createNoSandbox } from './sandbox/off.ts';
import { selectSandbox } from './sandbox/select.ts';

/** Milliseconds: the first sandbox was tried out. */
const START_IS_OVER = 10_000;

/** The runner process. Stdout belongs to the protocol alone. */
guardLifeline(process.argv, (error) => process.stderr.write(`there is no guard: ${error.message}\n`));
// V8 collects when something is allocated: the garbage of the start would stay until the first session.
systemClock.after(START_IS_OVER, () => globalThis.gc?.({ type: 'major', execution: 'sync', flavor: 'last-resort' }));
const port = findParentPort(process);
await runRunner({
  carrier: port === undefined ? createStdioCarrier(process.stdin, process.stdout) : createParentPortCarrier(port),
  sandbox: selectSandbox(process.platform, systemClock),
  noSandbox: createNoSandbox(),
  clock: systemClock,
  newId: randomUUID,
  pid: process.pid,
});
// Open handles must not hold the process now: its sessions are gone.
process.exit(0);
