import { spawn } from 'node:child_process';
import { say, serve } from './acp.ts';

/**
 * Ignores SIGTERM, SIGINT, SIGHUP, a cancel and the end of its input, and leaves a grandchild behind that has a session
 * of its own and is nobody's child any more. Its argument marks both processes.
 */
const mark = process.argv[2] ?? 'unkillable';
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined);

// The middle one ends at once, so the last one is adopted: by the sandbox's first process, or by the host's.
const last = `process.on('SIGTERM', () => {}); setInterval(() => {}, 60000)`;
const middle =
  `require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(last)}, ${JSON.stringify(mark)}], ` +
  `{ detached: true, stdio: 'ignore' }).unref()`;
const child = spawn(process.execPath, ['-e', middle], { stdio: 'ignore' });

serve(
  {
    'session/prompt': () => {
      if (child.exitCode !== null) say('ready');
      else child.once('exit', () => say('ready'));
    },
  },
  { stay: true },
);
setInterval(() => undefined, 60_000);
