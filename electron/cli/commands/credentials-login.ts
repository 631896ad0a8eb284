import type { Result } from '../../../shared/contract/methods.ts';
import { defined } from '../../../shared/defined.ts';
import { PerchError } from '../../../shared/errors/perch-error.ts';
import { describeErrorWithCode } from '../../../shared/i18n/describe-error.ts';
import type { LoginView } from '../../../shared/model/login.ts';
import type { Client } from '../../core/api/client.ts';
import type { Command, Context } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { oneLine, terminalJson } from '../terminal/output.ts';
import { UsageError } from '../usage-error.ts';
import { findProvider } from '../values.ts';
import { accountOf, scopeOf, told } from './credentials.ts';

/** Signs in at a provider instead of pasting. What the user has to do is said on stderr: stdout is for what came of it. */
export const credentialsLogin: Command = async (context) => {
  const { values, operands, interrupts, openCore } = context;
  const [scope, account] = [scopeOf(context), accountOf(context)];
  const { client, hosted } = await openCore();
  const { provider } = await findProvider(client, operands[0] ?? '');
  const sessionOnly = values['session-only'] === true;
  if (sessionOnly && hosted) throw new UsageError('session-only-without-app');
  const over = await follow(client);
  const { login } = await client.call('logins.start', {
    providerId: provider.providerId,
    scope,
    ...defined({ account }),
    storage: sessionOnly ? 'session-only' : 'keychain',
  });
  const stopListening = interrupts.onInterrupt(() => {
    void client.call('logins.cancel', { loginId: login.loginId }).catch(() => {}); // over meanwhile
  });
  try {
    sayWhatToDo(context, login);
    const ended = await over(login.loginId);
    return await tell(context, { client, ended });
  } finally {
    stopListening();
  }
};

function sayWhatToDo({ stderr, t }: Pick<Context, 'stderr' | 't'>, { phase }: LoginView): void {
  if (phase.state === 'user-code') {
    stderr.line(t('cli.sign-in.code', { url: oneLine(phase.url, 2048) }));
    stderr.line(`  ${stderr.style('bold', oneLine(phase.code, 64))}`);
  } else if (phase.state === 'waiting-for-browser') {
    stderr.line(t('cli.sign-in.open'));
    stderr.line(`  ${oneLine(phase.url, 2048)}`);
  }
  stderr.line(t('cli.sign-in.cancel'));
}

/** Hears of sign-ins from now on; the answer waits for the one to be over. */
async function follow(client: Client): Promise<(loginId: string) => Promise<LoginView>> {
  let latest: readonly LoginView[] = [];
  let look = () => {};
  client.onEvent((event) => {
    if (event.type !== 'state' || event.slice !== 'logins') return;
    latest = event.value;
    look();
  });
  await client.call('events.subscribe', {});
  return (loginId) =>
    new Promise((resolve, reject) => {
      let seen = false;
      look = () => {
        const found = latest.find((login) => login.loginId === loginId);
        seen ||= found !== undefined;
        if (found !== undefined && isOver(found)) resolve(found);
        // Another sign-in at the same provider took its place.
        else if (found === undefined && seen) reject(new PerchError('SIGN_IN_CANCELLED'));
      };
      look();
      void client.closed.then((reason) => reject(new PerchError('CORE_UNREACHABLE', {}, { cause: reason })));
    });
}

function isOver({ phase: { state } }: LoginView): boolean {
  return state === 'done' || state === 'failed' || state === 'cancelled';
}

async function tell(
  { stdout, stderr, values, t }: Context,
  { client, ended }: { client: Client; ended: LoginView },
): Promise<number> {
  const { phase } = ended;
  const credential = phase.state === 'done' ? await find(client, phase.credentialId) : undefined;
  const { loginId: _, ...shown } = ended;
  if (values.json === true) stdout.line(terminalJson({ login: shown, ...(credential && { credential }) }));
  else if (credential !== undefined) stdout.line(t('cli.credentials.stored', told(credential, t)));
  else if (phase.state === 'failed') stderr.line(stderr.style('red', describeErrorWithCode(phase.error, t)));
  else stderr.line(describeErrorWithCode({ code: 'SIGN_IN_CANCELLED', values: {} }, t));
  return credential === undefined ? EXIT.failed : EXIT.ok;
}

async function find(client: Client, credentialId: string) {
  const { credentials }: Result<'credentials.list'> = await client.call('credentials.list', {});
  return credentials.find((credential) => credential.credentialId === credentialId);
}
