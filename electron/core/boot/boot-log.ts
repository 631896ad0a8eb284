import { join } from 'node:path';
import { defined } from '../../../shared/defined.ts';
import type { BootFailure } from '../../../shared/model/boot-failure.ts';
import { dataDirectory } from '../../node/data-directory.ts';
import type { BootLog, LogAtHand } from '../ports.ts';
import { codeOf, cutReason, describeFailure } from './describe.ts';
import { readLines, writeLines } from './lines-file.ts';
import { BOOT_LOG, bootLogFolders } from './places.ts';
import { redactAtBoot } from './redact.ts';

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
      ...defined({ code }),
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
