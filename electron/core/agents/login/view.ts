import { join } from 'node:path';
import { defined } from '../../../../shared/defined.ts';
import type { OwnLoginView } from '../../../../shared/model/own-login.ts';
import type { Agent } from '../schema.ts';
import { hasLoginElsewhere, type UserPlaces } from './elsewhere.ts';
import { stampOf } from './files.ts';
import type { OwnLogins } from './own-logins.ts';

/** An agent's own login as a client sees it: its ways, whether it holds, and the files that are there. */
export function ownLoginView(
  { agentId, login }: Pick<Agent, 'agentId' | 'login'>,
  {
    ownLogins,
    stateDirectory,
    places,
  }: { ownLogins: Pick<OwnLogins, 'state'>; stateDirectory: string; places: UserPlaces | undefined },
): OwnLoginView | undefined {
  if (login === undefined) return undefined;
  return {
    name: login.name,
    ...(places !== undefined && hasLoginElsewhere(login, places) ? { inTerminal: true } : {}),
    ways: login.ways.map(({ wayId, prints }) => ({ wayId, ...defined({ prints }) })),
    providers: Object.keys(login.providers).flatMap((providerId) => {
      const state = ownLogins.state(agentId, providerId);
      return state === undefined ? [] : [{ providerId, login: state }];
    }),
    files: login.files
      .filter((file) => stampOf(stateDirectory, [file]) !== undefined)
      .map((file) => join(stateDirectory, file)),
  };
}
