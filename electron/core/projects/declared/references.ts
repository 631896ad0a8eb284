import { assertNever } from '../../../../shared/assert-never.ts';
import { PerchError } from '../../../../shared/errors/perch-error.ts';
import { askLoginShell, type LoginShell } from '../../machine/login-shell/ask.ts';
import { runReader } from './run-reader.ts';
import { parseSecretReference } from './secret-reference.ts';

/** Milliseconds that the start-up files of a login shell may take. */
const SHELL_LIMIT_MS = 10_000;

interface References {
  /**
   * The secret that a reference stands for. It is fetched anew each time, and kept nowhere.
   * @throws PerchError REFERENCE_PROGRAM_MISSING, REFERENCE_TIMEOUT, REFERENCE_FAILED, REFERENCE_EMPTY,
   *   REFERENCE_COULD_NOT_CHECK, CREDENTIAL_UNREADABLE, VARIABLE_UNREADABLE, KEYCHAIN_*
   */
  read(reference: string, projectDir: string): Promise<string>;
}

/** Variables of the host that the programs which keep secrets are set up with. */
const OF_READERS =
  /^(?:OP_[A-Z0-9_]+|PASSWORD_STORE_[A-Z0-9_]+|GNUPGHOME|GPG_TTY|DBUS_SESSION_BUS_ADDRESS|XDG_RUNTIME_DIR|XDG_CONFIG_HOME|DISPLAY|WAYLAND_DISPLAY)$/;

export function createReferences(options: {
  loginShell: LoginShell;
  /** Where a terminal finds programs. */
  path: () => Promise<string>;
  /** The host's, as it was at start. */
  environment: Readonly<Record<string, string | undefined>>;
  /** A secret that the user keeps in Perch under this name, in reach of the folder; undefined: there is none. */
  kept: (name: string, projectDir: string) => Promise<string | undefined>;
}): References {
  const { loginShell, environment, kept } = options;

  async function run(program: string, args: readonly string[], place: { reference: string; projectDir: string }) {
    const own = Object.entries(environment).flatMap(([name, value]): [string, string][] =>
      value !== undefined && OF_READERS.test(name) ? [[name, value]] : [],
    );
    const path = await options.path();
    const context = { ...place, path, environment: { ...loginShell.environment, ...Object.fromEntries(own) } };
    return runReader({ program, args }, context);
  }

  async function fromShell(name: string, reference: string): Promise<string> {
    const answer = await askLoginShell(loginShell, SHELL_LIMIT_MS);
    if (answer.kind !== 'environment') throw new PerchError('REFERENCE_COULD_NOT_CHECK', { reference });
    return answer.values[name] ?? '';
  }

  async function fetch(reference: string, projectDir: string): Promise<string> {
    const parsed = parseSecretReference(reference);
    // A file with anything else is not in effect.
    if (parsed === undefined) throw new PerchError('INTERNAL');
    const place = { reference, projectDir };
    switch (parsed.kind) {
      case 'keychain':
        return (await kept(parsed.name, projectDir)) ?? '';
      case 'env':
        return fromShell(parsed.name, reference);
      case 'op':
        return withoutFinalBreak(await run('op', ['read', '--no-newline', parsed.reference], place));
      case 'pass':
        return (await run('pass', ['show', parsed.entry], place)).split('\n')[0] ?? '';
      default:
        return assertNever(parsed);
    }
  }

  return {
    async read(reference, projectDir) {
      const value = await fetch(reference, projectDir);
      if (value === '') throw new PerchError('REFERENCE_EMPTY', { reference });
      return value;
    },
  };
}

function withoutFinalBreak(text: string): string {
  return text.replace(/\r?\n$/, '');
}
