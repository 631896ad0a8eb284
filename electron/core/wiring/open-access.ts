import { join, resolve } from 'node:path';
import type { IsRouting } from '../../../shared/variables/routing.ts';
import { loadAgents } from '../agents/load.ts';
import type { Agent } from '../agents/schema.ts';
import { knownCredentialVariables } from '../agents/session-plan.ts';
import { type CredentialService, createCredentialService } from '../credentials/credential-service.ts';
import { createLivenessService, type LivenessService } from '../credentials/liveness/liveness-service.ts';
import { createProbe, type Probe } from '../credentials/liveness/probe.ts';
import { createRenewer, type Renewer } from '../credentials/renewal/renewer.ts';
import { createTokenRequest } from '../credentials/renewal/token-request.ts';
import { type CredentialTrail, createCredentialTrail } from '../credentials/trail.ts';
import { loadRouting } from '../credentials/variables/routing.ts';
import { createVariableService, type VariableService } from '../credentials/variables/variable-service.ts';
import { createOrphans, type Orphans } from '../keychain/orphans/orphans.ts';
import { createInstallationRecord, INSTALLATIONS, type InstallationRecord } from '../keychain/orphans/record.ts';
import { createFetch, type Fetch } from '../network/fetch.ts';
import { createNetworkService, type NetworkService } from '../network/network-service.ts';
import type { HostPorts } from '../ports.ts';
import { createKnownSecrets, type KnownSecrets } from '../upkeep/diagnostics/known-secrets.ts';
import type { Closers } from './closers.ts';
import { createKeptSecrets } from './kept-secrets.ts';
import type { Storage } from './open-storage.ts';

/** Keychain, network, credentials and variables: everything that a secret passes through. */
export interface Access {
  readonly trail: CredentialTrail;
  readonly installationRecord: InstallationRecord;
  readonly orphans: Orphans;
  readonly network: NetworkService;
  /** Perch's own requests. */
  readonly fetch: Fetch;
  readonly credentials: CredentialService;
  readonly renewer: Renewer;
  readonly variables: VariableService;
  /** A secret that the user keeps in Perch under a name. */
  readonly kept: ReturnType<typeof createKeptSecrets>;
  readonly probe: Probe;
  readonly liveness: LivenessService;
  readonly knownSecrets: () => Promise<KnownSecrets>;
  /** The agents that the installation brings along: their descriptions name variables. */
  readonly builtIns: readonly Agent[];
  readonly isRouting: IsRouting;
  readonly isCredential: (name: string) => boolean;
}

export function openAccess(options: {
  ports: Pick<HostPorts, 'paths' | 'clock' | 'random' | 'keychain'>;
  closers: Closers;
  storage: Pick<Storage, 'database' | 'registry' | 'redactor' | 'logs'>;
}): Access {
  const { ports, closers } = options;
  const { paths, clock, random } = ports;
  const { database, registry, redactor, logs } = options.storage;
  const log = logs.writer('core');
  const trail = createCredentialTrail({ database, clock });
  const { installationId } = database;
  const installationRecord = createInstallationRecord({
    record: ports.keychain(INSTALLATIONS),
    installationId,
    dataDir: resolve(paths.dataDir),
  });
  const keychain = installationRecord.recorded(ports.keychain(installationId));
  const folder = join(paths.dataDir, 'certificates');
  const network = createNetworkService({ database, keychain, clock, mask: redactor.add, folder });
  const fetch = createFetch(network);
  const credentials = createCredentialService({ database, keychain, registry, clock, random });
  closers.add('credentials of this session', () => credentials.dispose());
  const requestTokens = createTokenRequest({ clock, fetch });
  const renewer = createRenewer({ credentials, requestTokens, clock, random, log });
  closers.add('renewals', renewer.stop);
  const builtIns = loadAgents(paths.resourcesDir);
  const credentialVariables = knownCredentialVariables({ registry, agents: builtIns });
  const isCredential = (name: string) => credentialVariables.has(name);
  const isRouting = loadRouting(paths.resourcesDir, builtIns);
  const variables = createVariableService({ database, keychain, isRouting, isCredential, clock, random });
  closers.add('variables of this session', () => variables.dispose());
  const probe = createProbe({ clock, fetch });
  const liveness = createLivenessService({
    credentials,
    registry,
    probe,
    clock,
    log,
    onRejected: (credential) => trail.note('rejected', credential),
  });
  return {
    trail,
    installationRecord,
    orphans: createOrphans({ keychain: ports.keychain, installationId }),
    network,
    fetch,
    credentials,
    renewer,
    variables,
    kept: createKeptSecrets({ variables, credentials }),
    probe,
    liveness,
    knownSecrets: createKnownSecrets({ keychain, held: [credentials.heldValues, variables.heldValues] }),
    builtIns,
    isRouting,
    isCredential,
  };
}
