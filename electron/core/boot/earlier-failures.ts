import { type BootFailure, bootFailureSchema } from '../../../shared/model/boot-failure.ts';
import { readLines, writeLines } from './lines-file.ts';

/** Failures that are told at once; the newest. */
const TOLD = 5;

/** The failures of earlier starts of this data directory, from the boot log. */
export interface EarlierFailures {
  /** Newest first, at most five. A log that cannot be read has none: reading it is no reason not to start. */
  list(): BootFailure[];
  /** Sets them aside, where they can still be read. @throws the file system's error */
  dismiss(): void;
}

export function createEarlierFailures({
  files,
  dataDir,
}: {
  readonly files: readonly string[];
  readonly dataDir: string;
}): EarlierFailures {
  let told = files.flatMap((file) => ofThisDirectory(file, dataDir).map(({ failure }) => failure));
  return {
    list: () => told.toSorted((a, b) => b.at - a.at).slice(0, TOLD),
    dismiss() {
      for (const file of files) {
        const ours = ofThisDirectory(file, dataDir).map(({ line }) => line);
        if (ours.length === 0) continue;
        const previous = file.replace(/\.log$/, '.previous.log');
        writeLines(previous, [...readLines(previous), ...ours]);
        writeLines(
          file,
          readLines(file).filter((line) => !ours.includes(line)),
        );
      }
      told = [];
    },
  };
}

/** The place outside of the data directory is shared by all of this user's installations. */
function ofThisDirectory(file: string, dataDir: string): { line: string; failure: BootFailure }[] {
  return linesOf(file).flatMap((line) => {
    const failure = decode(line);
    return failure?.dataDir === dataDir ? [{ line, failure }] : [];
  });
}

function linesOf(file: string): string[] {
  try {
    return readLines(file);
  } catch {
    return [];
  }
}

function decode(line: string): BootFailure | undefined {
  try {
    return bootFailureSchema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
