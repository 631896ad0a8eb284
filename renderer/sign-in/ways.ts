import type { WireError } from '../../shared/errors/perch-error.ts';
import type { AgentView } from '../../shared/model/agent.ts';

/** The problem of an agent's credential, as far as another one would help. */
type CredentialTrouble = 'not-signed-in' | 'no-key' | 'rejected' | 'expired' | 'unreadable';

/** Undefined: the error is about something else. */
export function credentialTrouble({ code, details }: WireError): CredentialTrouble | undefined {
  switch (code) {
    case 'MISSING_BYOK_CREDENTIAL':
      return details?.canSignIn === true ? 'not-signed-in' : 'no-key';
    case 'BYOK_CREDENTIAL_INVALID':
    case 'AGENT_AUTHENTICATION_FAILED':
      return 'rejected';
    case 'CREDENTIAL_EXPIRED':
      return 'expired';
    case 'CREDENTIAL_UNREADABLE':
      return 'unreadable';
    default:
      return undefined;
  }
}

/** The agent's own sign-in, where it would mend this error and can be run. */
export function signInFor(agent: AgentView | undefined, error: WireError): AgentView['ownLogin'] {
  if (error.details?.canSignIn !== true || agent?.installation.state !== 'found') return undefined;
  const { ownLogin } = agent;
  return ownLogin?.ways.some(({ prints }) => prints === undefined) ? ownLogin : undefined;
}
