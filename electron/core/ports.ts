import type { Carrier } from '../../shared/json-rpc/carrier.ts';
import type { HostInfo } from '../../shared/model/host.ts';
import type { KeychainHealth } from '../../shared/model/keychain.ts';
import type { Clock } from '../node/clock.ts';

/** The capabilities that a host lends to the core. The core takes nothing from its surroundings by itself. */
export interface HostPorts {
  readonly kind: HostInfo['kind'];
  readonly version: string;
  readonly paths: HostPaths;
  readonly clock: Clock;
  readonly random: Random;
  readonly keychain: KeychainFactory;
  readonly runnerStarter: RunnerStarter;
  readonly notifications: Notifications;
  readonly opener: Opener;
  /** The host's environment as it was at start. Read for PATH and locale; never passed on whole. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly terminals: HostInfo['terminals'];
  /** Absent: this host cannot keep the machine awake. */
  readonly sleep?: SleepBlocker;
  /** Where reasons are kept that no log could take. Absent: nowhere. */
  readonly bootLog?: BootLog;
  /** Ends the host soon, as when the user ends it. Absent: it ends by itself when the command is done. */
  readonly end?: () => void;
}

export interface HostPaths {
  /** Folder of all of Perch's own files: database, logs, agents' state directories. */
  readonly dataDir: string;
  /** `resources/` of this installation: providers, agents. */
  readonly resourcesDir: string;
  /** `dist/` of this installation: built programs such as the demo agent. */
  readonly programsDir: string;
  /** A Node executable of the pinned major version, for agents that are JavaScript. */
  readonly nodeExecutable: string;
  /** node_modules folders of this installation in which agents and adapters are looked for. */
  readonly moduleDirs: readonly string[];
}

export interface Random {
  uuid(): string;
  /** 0 ≤ x < 1, for jitter. */
  fraction(): number;
}

/**
 * The operating system's secret store. Account names are Perch's own and hold no secret. Every method raises PerchError
 * with a KEYCHAIN_* code when the store did not do it; `null` from `get` means that the store answered and has no such
 * item.
 */
export interface Keychain {
  /** Name of the store, as shown to the user: `Secret Service`, `Keychain`, `Credential Manager`, `memory`. */
  readonly store: string;
  get(account: string): Promise<string | null>;
  set(account: string, value: string): Promise<void>;
  /** False when there was no such item. */
  delete(account: string): Promise<boolean>;
  /** The account names of all its items. */
  list(): Promise<string[]>;
  /** Asks the store without changing what the user keeps there. */
  check(): Promise<KeychainHealth>;
}

/** `installationId` goes into the service name, so that two data directories never touch each other's items. */
export type KeychainFactory = (installationId: string) => Keychain;

export interface RunnerStarter {
  start(): RunnerProcess;
}

/** A started runner. The carrier ends when the process does. */
export interface RunnerProcess {
  readonly carrier: Carrier;
  readonly pid: number | undefined;
  /** Resolves once, when the process is gone. Never rejects; a program that could not be started has `startError`. */
  readonly exited: Promise<RunnerExit>;
  /** Calls back with each line that the runner writes to stderr. A healthy runner writes none. */
  onStderrLine(listener: (line: string) => void): void;
  /** Ends the process and everything that it started, at once. */
  kill(): void;
}

export interface RunnerExit {
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly startError?: string;
}

/** Keeps the machine awake. */
export interface SleepBlocker {
  /** From now until the returned function is called. */
  hold(): () => void;
}

export interface Notifications {
  show(notification: { readonly title: string; readonly body: string; readonly turnId?: string }): void;
}

export interface Opener {
  /** Shows the file in the file manager; false when the host cannot. */
  revealFile(path: string): Promise<boolean>;
  chooseFolder(): Promise<string | null>;
  readonly canRevealFiles: boolean;
  readonly canChooseFolder: boolean;
  /** A fresh one-time address of the browser window, where the host serves one. */
  windowUrl?(): string;
}

/** The core's log, lent once it stands: failures go there too, masked by what the core knows. */
export interface LogAtHand {
  redact(text: string): string;
  write(message: string): void;
}

/** Keeps the reason of a failure where no log can be relied on yet, or any more. */
export interface BootLog {
  /** `boot.log`, by preference. */
  readonly files: readonly [string, string];
  readonly dataDir: string;
  /** Writes it down and answers it, redacted, with the file that has it. Never throws. */
  report(error: unknown): ReportedFailure;
  /** Notes a failure that ends nothing: it goes to the log at hand, and here only while there is none. Never throws. */
  note(error: unknown): void;
  /** From now on; the returned function ends it. */
  attach(log: LogAtHand): () => void;
}

interface ReportedFailure {
  readonly reason: string;
  /** Undefined when no place took it. */
  readonly file: string | undefined;
}
