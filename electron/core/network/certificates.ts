import { createHash, X509Certificate } from 'node:crypto';
import { existsSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { getCACertificates } from 'node:tls';
import { PerchError } from '../../../shared/errors/perch-error.ts';
import { ensureDirectory } from '../../node/ensure-directory.ts';

/** Larger than every bundle of a system's. */
const MAX_BYTES = 4 * 1024 * 1024;
const BLOCK = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g;

interface Certificates {
  /** The certificates of the file and nothing else of it: a private key beside them is left behind. */
  readonly pem: string;
  readonly found: readonly { readonly subject: string; readonly expiresAt: number }[];
}

/** @throws PerchError CA_FILE_UNREADABLE, CA_FILE_INVALID */
export function readCertificates(file: string): Certificates {
  const blocks = readText(file).match(BLOCK) ?? [];
  const found = blocks.map((block) => {
    const certificate = parsed(block, file);
    return { subject: nameOf(certificate), expiresAt: certificate.validToDate.getTime() };
  });
  if (found.length === 0) throw new PerchError('CA_FILE_INVALID', { file });
  return { pem: `${blocks.join('\n')}\n`, found };
}

function readText(file: string): string {
  try {
    // A pipe or a device would never end.
    if (!statSync(file).isFile()) throw new PerchError('CA_FILE_UNREADABLE', { file, reason: 'ENOTFILE' });
    if (statSync(file).size > MAX_BYTES) throw new PerchError('CA_FILE_INVALID', { file });
    return readFileSync(file, 'latin1');
  } catch (error) {
    if (error instanceof PerchError) throw error;
    const reason = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    throw new PerchError('CA_FILE_UNREADABLE', { file, reason }, { cause: error });
  }
}

function parsed(block: string, file: string): X509Certificate {
  try {
    return new X509Certificate(block);
  } catch (error) {
    throw new PerchError('CA_FILE_INVALID', { file }, { cause: error });
  }
}

/** The common name, or all of the name where there is none. */
function nameOf({ subject }: X509Certificate): string {
  const common = /^CN=(.+)$/m.exec(subject)?.[1];
  return (common ?? subject).replace(/\s+/g, ' ').trim().slice(0, 200);
}

/** Files of Perch's own that sessions are shown. */
export interface CertificateFiles {
  /** The user's alone, for variables that add to what a program trusts. */
  readonly own: string;
  /** Beside the system's, for variables that replace it. */
  readonly all: string;
}

/** Named after their content: a session that has other ones is another session. */
export function writeCertificateFiles(folder: string, pem: string): CertificateFiles {
  ensureDirectory(folder);
  const system = getCACertificates('system');
  const trusted = system.length > 0 ? system : getCACertificates('bundled');
  return {
    own: writeOnce(folder, 'own', pem),
    all: writeOnce(folder, 'all', `${trusted.join('\n')}\n${pem}`),
  };
}

function writeOnce(folder: string, name: string, content: string): string {
  const file = join(folder, `${name}-${createHash('sha256').update(content).digest('hex').slice(0, 16)}.pem`);
  if (!existsSync(file)) {
    writeFileSync(`${file}.new`, content, { mode: 0o600 });
    renameSync(`${file}.new`, file);
  }
  return file;
}
