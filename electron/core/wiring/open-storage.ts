import { join } from 'node:path';
import { createListeners, type Listeners } from '../../../shared/listeners.ts';
import { GENERAL_SHAPES } from '../../../shared/redaction/general-shapes.ts';
import { createRedactor, type Redactor } from '../../../shared/redaction/redactor.ts';
import type { RedactionShape } from '../../../shared/redaction/shapes.ts';
import type { HostPorts } from '../ports.ts';
import { keyRedactionShapes } from '../providers/key-redaction.ts';
import { createModelCatalog, type ModelCatalog } from '../providers/model-catalog.ts';
import { createProviderRegistry, type ProviderRegistry } from '../providers/registry.ts';
import { createSettings, type SettingsChange, type SettingsService } from '../settings/settings.ts';
import type { Database } from '../storage/database/database.ts';
import { openOrRecover } from '../storage/database/recovery/open-or-recover.ts';
import { createRecoveries, type Recoveries } from '../storage/database/recovery/recoveries.ts';
import { createLogStore, type LogStore } from '../storage/logs/log-store.ts';
import type { Changes } from './changes.ts';
import type { Closers } from './closers.ts';
import { fetchedModels } from './places.ts';
import { baseUrlsIn } from './settings.ts';

/** Everything that is kept in files of Perch's own, and the registry that the installation brings along. */
export interface Storage {
  readonly database: Database;
  readonly recoveries: Recoveries;
  readonly settings: SettingsService;
  readonly settingsChanges: Pick<Listeners<[SettingsChange]>, 'add'>;
  readonly registry: ProviderRegistry;
  /** The shapes of secrets: those of every provider, and the general ones. */
  readonly redactionShapes: readonly RedactionShape[];
  readonly redactor: Redactor;
  readonly logs: LogStore;
  readonly models: ModelCatalog;
}

/** @throws PerchError DATA_DIRECTORY_NOT_WRITABLE, DATABASE_TOO_NEW, DATABASE_LOCKED, DISK_FULL, TOO_MANY_OPEN_FILES */
export function openStorage(options: {
  ports: Pick<HostPorts, 'paths' | 'clock' | 'random' | 'opener'>;
  closers: Closers;
  changes: Changes;
}): Storage {
  const { ports, closers, changes } = options;
  const { paths, clock, random } = ports;
  const databaseProblems: string[] = [];
  const database = openOrRecover({
    file: join(paths.dataDir, 'perch.db'),
    clock,
    random,
    onProblem: (problem) => void databaseProblems.push(problem),
  });
  closers.add('database', () => database.close());
  const recoveries = createRecoveries({ database, opener: ports.opener, onChange: () => changes.touch('recovery') });

  const notUnderstood: string[] = [];
  const settingsChanges = createListeners<[SettingsChange]>();
  const settings = createSettings({
    database,
    clock,
    onChange: settingsChanges.notify,
    onInvalid: (key) => void notUnderstood.push(key),
  });
  const registry = createProviderRegistry({
    resourcesDir: paths.resourcesDir,
    baseUrls: baseUrlsIn(settings),
    loginClients: { get: (providerId) => settings.loginClients().get(providerId), set: settings.setLoginClient },
  });
  const redactionShapes = [...GENERAL_SHAPES, ...keyRedactionShapes(registry.all())];
  const redactor = createRedactor({ shapes: redactionShapes });

  const logs = createLogStore({
    dir: join(paths.dataDir, 'logs'),
    clock,
    redact: redactor.redact,
    onWriteFailure: (_error, log) => changes.logFailed(log),
  });
  closers.add('logs', () => logs.close());
  for (const message of databaseProblems) logs.writer('core').write({ level: 'error', source: 'database', message });
  for (const key of notUnderstood) {
    const message = `the stored setting ${key} is not understood: its default is used`;
    logs.writer('core').write({ level: 'warn', source: 'settings', message });
  }
  const models = createModelCatalog({
    resourcesDir: paths.resourcesDir,
    file: fetchedModels(paths),
    onProblem: (message) => void logs.writer('core').write({ level: 'warn', source: 'models', message }),
  });
  return { database, recoveries, settings, settingsChanges, registry, redactionShapes, redactor, logs, models };
}
