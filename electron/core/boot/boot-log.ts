import { join } from 'node:path';
import type { BootFailure } from '../../../shared/model/boot-failure.ts';
import { dataDirectory } from '../node-host/paths.ts';
import { codeOf, cutReason, describeFailure } from './describe.ts';
import { readLines, writeLines } from './lines-file.ts';
import { BOOT_LOG, bootLogFolders } from './places.ts';
import { redactAtBoot } from './redact.ts';

/** What the core lends once its log stands: failures go there too, masked by what it knows. */
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
  /** What ends nothing: goes to the log at hand, and here only while there is none. Never throws. */
  note(error: unknown): void;
  /** From now on; the returned function ends it. */
  attach(log: LogAtHand): () => void;
}

export interface ReportedFailure {
  readonly reason: string;
  /** Undefined when no place took it. */
  readonly file: string | undefined;
}

export interface BootLogOptions {
  readonly host: BootFailure['host'];
  readonly version: string;
  readonly resourcesDir: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly now: () => number;
}

export function createBootLog({ host, version, resourcesDir, environment, now }: BootLogOptions): BootLog {
  const dataDir = dataDirectory({ environment });
  const [first, second] = bootLogFolders({ dataDir, environment }).map((folder) => join(folder, BOOT_LOG));
  const files = [first ?? '', second ?? ''] as const;
  let log: LogAtHand | undefined;

  function reasonOf(error: unknown): string {
    try {
      const known = log?.redact(describeFailure(error)) ?? describeFailure(error);
      return cutReason(redactAtBoot(known, { environment, resourcesDir }));
    } catch {
      return `${codeOf(error) ?? 'an error'}, whose text could not be cleared of secrets and is left out`;
    }
  }

  function keep(error: unknown, message: string): string | undefined {
    const code = codeOf(error);
    const failure: BootFailure = {
      at: now(),
      host,
      version,
      pid: process.pid,
      dataDir,
      ...(code === undefined ? {} : { code }),
      message,
    };
    return files.find((file) => append(file, failure));
  }

  return {
    files,
    dataDir,
    report(error) {
      const reason = reasonOf(error);
      log?.write(reason);
      return { reason, file: keep(error, reason) };
    },
    note(error) {
      const reason = reasonOf(error);
      if (log === undefined) keep(error, reason);
      else log.write(reason);
    },
    attach(atHand) {
      log = atHand;
      return () => {
        if (log === atHand) log = undefined;
      };
    },
  };
}

function append(file: string, failure: BootFailure): boolean {
  try {
    writeLines(file, [...readLines(file), JSON.stringify(failure)]);
    return true;
  } catch {
    return false;
  }
}
