import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SandboxPolicy } from '../../../shared/model/sandbox-policy.ts';
import type { Command, Context } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { oneLine, terminalJson } from '../terminal/output.ts';
import { writeTable } from '../terminal/table.ts';
import { checkAgentId, projectDirOf } from '../values.ts';

/** The policy of an agent's sessions in a folder. */
export const sandboxShow: Command = async (context) => {
  const { values, stdout, openCore } = context;
  const { client } = await openCore();
  const agentId = values.agent ?? '';
  await checkAgentId(client, agentId);
  const { policy } = await client.call('sandbox.show', { agentId, projectDir: projectDirOf(context) });
  if (values.json === true) stdout.line(terminalJson({ agentId, policy }));
  else show(context, policy);
  return EXIT.ok;
};

function show({ stdout, t }: Context, policy: SandboxPolicy): void {
  const { network, limits, guard } = policy;
  const hosts =
    network.kind !== 'proxy'
      ? []
      : [
          ...network.hosts.map(({ host, ports }) => `${host}:${ports.join(',')}`),
          ...network.loopback.map(({ address, port }) => `${address}:${port}`),
        ];
  const rows: [key: string, value: string][] = [
    ['enforcement', policy.enforcement],
    ['directory', policy.workingDirectory],
    ['state', `${policy.state.hostPath} → ${policy.state.sandboxPath}`],
    ...policy.writable.map((path): [string, string] => ['writable', path]),
    ...policy.readOnly.map(({ path }): [string, string] => ['read-only', path]),
    ['network', [network.kind, ...hosts].join(' ')],
    ['protected', guard.names.join(' ')],
    ['empty', guard.empty.join(' ')],
    ['limits', t('cli.sandbox.limits-are', { ...limits })],
    // The kernel does not count the processes of user 0.
    ...(process.getuid?.() === 0 ? [['', t('cli.sandbox.limits-as-root')] as [string, string]] : []),
    ['nesting', t(policy.nesting ? 'cli.sandbox.yes' : 'cli.sandbox.no')],
  ];
  writeTable(
    stdout,
    ['', ''],
    rows.map(([key, value]) => [{ text: key === '' ? '' : t(`cli.sandbox.${key}`), style: 'bold' }, value]),
  );
}

/**
 * Runs any program as the agent would run, and answers its exit code, or 128 and the number of the signal that ended
 * it. Standard streams go straight to the runner, over a socket in a folder that only this user can enter.
 */
export const sandboxRun: Command = async (context) => {
  const { values, operands, stderr, t, openCore } = context;
  const { client } = await openCore();
  const agentId = values.agent ?? '';
  await checkAgentId(client, agentId);
  const streams = await joinStreams(context);
  try {
    const projectDir = projectDirOf(context);
    const ended = await client.call('sandbox.run', {
      agentId,
      projectDir,
      command: [...operands],
      stdio: streams.path,
    });
    await streams.finished();
    // Names that the program chose: a terminal would obey them.
    for (const path of ended.quarantined)
      stderr.line(stderr.style('yellow', t('cli.sandbox.quarantined', { path: oneLine(path, 1000) })));
    return ended.exitCode ?? 128 + (constants.signals[ended.signal as NodeJS.Signals] ?? 0);
  } finally {
    streams.close();
  }
};

interface JoinedStreams {
  readonly path: string;
  /** Resolves when everything that was written has arrived. */
  finished(): Promise<unknown>;
  close(): void;
}

async function joinStreams({ stdin, stdout, stderr, interrupts }: Context): Promise<JoinedStreams> {
  const folder = mkdtempSync(join(tmpdir(), 'perch-stdio-'));
  const path = join(folder, 's');
  const sockets: Socket[] = [];
  const outputs: Promise<void>[] = [];
  const take = (socket: Socket, which: number): void => {
    if (which === 0) {
      stdin.pipe(socket);
      return;
    }
    const output = which === 1 ? stdout : stderr;
    socket.on('data', (data: Buffer) => output.write(data));
    outputs.push(new Promise((resolve) => void socket.once('close', () => resolve())));
    socket.once('end', () => socket.end());
  };
  const server: Server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    socket.once('readable', () => {
      const [which = 0] = (socket.read(1) as Buffer | null) ?? [];
      take(socket, which);
    });
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(path, resolve));
  const release = interrupts.onInterrupt(() => {
    for (const socket of sockets) socket.destroy();
  });
  return {
    path,
    finished: () => Promise.all(outputs),
    close() {
      release();
      stdin.unpipe().pause();
      for (const socket of sockets) socket.destroy();
      server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
