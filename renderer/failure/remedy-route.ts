import { assertNever } from '../../shared/assert-never.ts';
import type { WireError } from '../../shared/errors/perch-error.ts';
import { REMEDIES, type Remedy } from '../../shared/errors/remedies.ts';
import type { Route, SettingsPage } from '../context/route.ts';

/** Whom the error is about, where it does not say so itself. */
export interface About {
  readonly providerId?: string | undefined;
  readonly agentId?: string | undefined;
}

/** Where in the window the way out of an error is; undefined where its sentence, or a button beside it, is all. */
export function remedyRoute({ code, values }: WireError, about: About = {}): Route | undefined {
  const page = settingsPage(REMEDIES[code]);
  if (page === undefined) return REMEDIES[code] === 'core-log' ? { view: 'log', log: 'core' } : undefined;
  const providerId = text(values.providerId) ?? about.providerId;
  const agentId = text(values.agentId) ?? about.agentId;
  return {
    view: 'settings',
    page,
    ...(page === 'credentials' && providerId !== undefined ? { providerId } : {}),
    ...(page === 'agents' && agentId !== undefined ? { agentId } : {}),
  };
}

function settingsPage(remedy: Remedy): SettingsPage | undefined {
  switch (remedy) {
    case 'credential':
    case 'billing':
    case 'keychain':
      return 'credentials';
    case 'variables':
      return 'environment';
    case 'agents':
    case 'sandbox':
    case 'model':
    case 'sign-in':
      return 'agents';
    case 'providers':
      return 'providers';
    case 'hosts':
      return 'network';
    case 'doctor':
      return 'general';
    // Such remedies have a button of their own on the card, or only the sentence.
    case 'correct':
    case 'again':
    case 'look-again':
    case 'restart-perch':
    case 'trust':
    case 'runner':
    case 'new-conversation':
    case 'session-log':
    case 'core-log':
      return undefined;
    default:
      return assertNever(remedy);
  }
}

function text(value: string | number | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
