import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { strToU8, zipSync } from 'fflate';
import type { Params, Result } from '../../../../shared/contract/methods.ts';
import { PerchError } from '../../../../shared/errors/perch-error.ts';
import { DIAGNOSTIC_PARTS, type DiagnosticPart, type DiagnosticPlan } from '../../../../shared/model/diagnostics.ts';
import { createRedactor, type Redactor } from '../../../../shared/redaction/redactor.ts';
import type { RedactionShape } from '../../../../shared/redaction/shapes.ts';
import type { Clock } from '../../../node/clock.ts';
import type { Opener } from '../../ports.ts';
import { collectDiagnostics, type DiagnosticFile, type DiagnosticSources } from './collect.ts';
import type { KnownSecrets } from './known-secrets.ts';
import { createMask } from './mask.ts';
import { writeBundle } from './write-file.ts';

/** Parts that hold the user's own work: asked for, or left out. */
const ASKED_FOR: readonly DiagnosticPart[] = ['sessions', 'transcripts'];

export interface DiagnosticService {
  /** Everything that could be in a bundle, measured. Nothing is written. */
  plan(): Promise<DiagnosticPlan>;
  /** @throws PerchError DIAGNOSTICS_FILE_EXISTS, DIAGNOSTICS_NOT_WRITTEN, INVALID_PARAMS */
  write(params: Params<'diagnostics.write'>): Promise<Result<'diagnostics.write'>>;
  /** @throws PerchError NOT_FOUND when none was written */
  reveal(): Promise<boolean>;
}

export function createDiagnostics(options: {
  sources: DiagnosticSources;
  /** Masks what sessions use now; added to what is known from the keychain. */
  redactor: Pick<Redactor, 'redact'>;
  shapes: readonly RedactionShape[];
  knownSecrets: () => Promise<KnownSecrets>;
  clock: Pick<Clock, 'now'>;
  opener: Pick<Opener, 'revealFile'>;
  home?: string;
}): DiagnosticService {
  const { sources, clock, opener, home = homedir() } = options;
  let written: string | undefined;

  async function collect(parts: readonly DiagnosticPart[]) {
    const { values, complete } = await options.knownSecrets();
    const all = createRedactor({ shapes: options.shapes });
    for (const value of values) all.add(value);
    const redact = (text: string) => all.redact(options.redactor.redact(text));
    return { files: await collectDiagnostics(sources, createMask({ redact }, home), parts), secretsKnown: complete };
  }

  return {
    async plan() {
      const { files, secretsKnown } = await collect(DIAGNOSTIC_PARTS);
      const parts = DIAGNOSTIC_PARTS.map((part) => ({
        part,
        files: files.filter((file) => file.part === part).map(sizeOf),
        usual: !ASKED_FOR.includes(part),
      }));
      return { parts, secretsKnown };
    },
    async write({ parts, overwrite, file = ownName(home, clock.now()) }) {
      if (!isAbsolute(file)) throw new PerchError('INVALID_PARAMS', { where: 'file' });
      const { files, secretsKnown } = await collect(parts);
      const bytes = zipSync(
        Object.fromEntries([manifestOf(files, { secretsKnown, now: clock.now() }), ...files].map(entryOf)),
        { mtime: clock.now() },
      );
      writeBundle(file, bytes, { overwrite });
      written = file;
      return { file, bytes: bytes.length, secretsKnown };
    },
    async reveal() {
      if (written === undefined) throw new PerchError('NOT_FOUND');
      return await opener.revealFile(written);
    },
  };
}

type NamedText = Pick<DiagnosticFile, 'name' | 'text'>;

const entryOf = ({ name, text }: NamedText) => [name, strToU8(text)] as const;
const sizeOf = ({ name, text }: NamedText) => ({ name, bytes: Buffer.byteLength(text) });

function manifestOf(
  files: readonly DiagnosticFile[],
  { secretsKnown, now }: { secretsKnown: boolean; now: number },
): NamedText {
  const listed = files.map((file) => ({ part: file.part, ...sizeOf(file) }));
  const text = JSON.stringify({ made: new Date(now).toISOString(), secretsKnown, files: listed }, null, 1);
  return { name: 'manifest.json', text };
}

/** Where browsers put what was downloaded, if it is there. */
function ownName(home: string, now: number): string {
  const downloads = join(home, 'Downloads');
  const time = new Date(now).toISOString().replace(/[:.]/g, '-').slice(0, 19);
  return join(existsSync(downloads) ? downloads : home, `perch-diagnostics-${time}.zip`);
}
