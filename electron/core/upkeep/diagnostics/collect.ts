import { statSync } from 'node:fs';
import { release } from 'node:os';
import { join } from 'node:path';
import type { BootFailure } from '../../../../shared/model/boot-failure.ts';
import { DIAGNOSTIC_PARTS, type DiagnosticPart } from '../../../../shared/model/diagnostics.ts';
import type { DoctorReport } from '../../../../shared/model/doctor.ts';
import type { LogName } from '../../../../shared/model/log-position.ts';
import type { AgentService } from '../../agents/agent-service.ts';
import type { CredentialService } from '../../credentials/credential-service.ts';
import type { VariableService } from '../../credentials/variables/variable-service.ts';
import type { HostPorts } from '../../ports.ts';
import type { RunnerSupervisor } from '../../runner-host/supervisor.ts';
import type { SettingsService } from '../../settings/settings.ts';
import type { Database } from '../../storage/database/database.ts';
import type { LogStore } from '../../storage/logs/log-store.ts';
import type { TurnService } from '../../turns/turn-service.ts';
import { type Mask, maskLines } from './mask.ts';

/** Lines of a log, sessions, turns, and events of a turn: the newest of each. */
const NEWEST = { lines: 1000, sessions: 3, sessionLines: 500, turns: 10, events: 1000 } as const;

export interface DiagnosticSources {
  readonly ports: Pick<HostPorts, 'kind' | 'version' | 'paths'>;
  readonly supervisor: Pick<RunnerSupervisor, 'status' | 'timeline'>;
  readonly settings: Pick<SettingsService, 'get' | 'agent' | 'baseUrls'>;
  readonly agents: Pick<AgentService, 'views'>;
  readonly credentials: Pick<CredentialService, 'list' | 'health'>;
  readonly variables: Pick<VariableService, 'list'>;
  readonly database: Pick<Database, 'sql'>;
  readonly logs: Pick<LogStore, 'lastLines' | 'list'>;
  readonly turns: Pick<TurnService, 'recent' | 'events'>;
  readonly bootFailures: { list(): readonly BootFailure[] };
  runDoctor(): Promise<DoctorReport>;
}

export interface DiagnosticFile {
  readonly part: DiagnosticPart;
  readonly name: string;
  readonly text: string;
}

/** The files of a bundle, masked. Prompts and answers are in `sessions` and `transcripts`, and nowhere else. */
export async function collectDiagnostics(
  sources: DiagnosticSources,
  mask: Mask,
  parts: readonly DiagnosticPart[] = DIAGNOSTIC_PARTS,
): Promise<DiagnosticFile[]> {
  const { supervisor, logs, bootFailures, turns, runDoctor } = sources;
  const json = (name: string, value: unknown) => [{ name: `${name}.json`, text: mask(value) }];
  const log = (name: LogName, lines: number) => ({
    name: `logs/${name.replace(':', '-')}.jsonl`,
    text: maskLines(mask, logs.lastLines(name, lines)),
  });
  const of: Record<DiagnosticPart, () => Promise<Omit<DiagnosticFile, 'part'>[]> | Omit<DiagnosticFile, 'part'>[]> = {
    versions: () => json('versions', versionsOf(sources)),
    doctor: async () => json('doctor', await runDoctor()),
    connection: () =>
      json('connection', { timeline: supervisor.timeline(), failedStarts: bootFailures.list(), ...statusOf(sources) }),
    settings: () => json('settings', settingsOf(sources)),
    database: () => json('database', databaseOf(sources)),
    logs: () => [log('runner', NEWEST.lines), log('core', NEWEST.lines)],
    sessions: () =>
      logs
        .list()
        .filter(({ log: name }) => name.startsWith('session:'))
        .slice(0, NEWEST.sessions)
        .map(({ log: name }) => log(name, NEWEST.sessionLines)),
    transcripts: () =>
      turns
        .recent()
        .slice(0, NEWEST.turns)
        .map(({ turnId }) => ({
          name: `transcripts/${turnId}.jsonl`,
          text: maskLines(mask, turns.events({ turnId, after: 0, limit: NEWEST.events }).events),
        })),
  };
  const files: DiagnosticFile[] = [];
  for (const part of DIAGNOSTIC_PARTS.filter((each) => parts.includes(each))) {
    for (const file of await of[part]()) files.push({ part, ...file });
  }
  return files;
}

function versionsOf({ ports: { kind, version } }: DiagnosticSources) {
  const { node, electron = null, sqlite } = process.versions;
  const { platform, arch } = process;
  return { perch: version, host: kind, platform, arch, system: release(), node, electron, sqlite };
}

/** The failure without its lines of the log: those are a part of their own, and may hold what an agent said. */
function statusOf({ supervisor: { status } }: DiagnosticSources) {
  if (status.kind !== 'reconnecting' && status.kind !== 'failed') return { status };
  const { lastLines: _, ...failure } = status.failure;
  return { status: { ...status, failure } };
}

/** Which things are set; not their names where the user gave them, nor instructions, nor addresses. */
function settingsOf({ settings, agents, credentials, variables }: DiagnosticSources) {
  const { projectDir, ...shared } = settings.get();
  return {
    settings: { ...shared, hasProject: projectDir !== undefined },
    agents: agents.views().map(({ agentId, installation }) => {
      const { instructions, ...own } = settings.agent(agentId);
      return { agentId, installation: installation.state, ...own, hasInstructions: instructions !== undefined };
    }),
    ownEndpoints: [...settings.baseUrls().keys()],
    keychain: credentials.health(),
    credentials: credentials.list().map(({ providerId, variable, scope, storage, status }) => ({
      providerId,
      variable,
      scope: scope.kind,
      storage,
      status,
    })),
    variables: variables.list().map(({ scope, storage }) => ({ scope: scope.kind, storage })),
  };
}

function databaseOf({ database: { sql }, ports }: DiagnosticSources) {
  const names = sql
    .prepare<[], { name: string }>("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    .all();
  const rowsOf = (name: string) => sql.prepare(`SELECT count(*) FROM "${name}"`).pluck().get() as number;
  const file = join(ports.paths.dataDir, 'perch.db');
  const bytesOf = (path: string) => statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  return {
    schema: sql.pragma('user_version', { simple: true }),
    check: sql.pragma('quick_check(10)'),
    bytes: { database: bytesOf(file), writeAheadLog: bytesOf(`${file}-wal`) },
    rows: Object.fromEntries(names.map(({ name }) => [name, rowsOf(name)])),
  };
}
