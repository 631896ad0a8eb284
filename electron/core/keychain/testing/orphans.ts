import { mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findCredentialsAsync } from '@napi-rs/keyring';
import { openDatabase } from '../../storage/database/database.ts';
import { createKeyringKeychain } from '../keyring.ts';
import { createOrphans } from '../orphans/orphans.ts';
import { createInstallationRecord, INSTALLATIONS } from '../orphans/record.ts';

// A program of the tests, run where a real keyring is: two installations, one of which loses its data directory.
const ids = ['11111111-0000-4000-8000-000000000001', '22222222-0000-4000-8000-000000000002'] as const;
const folder = mkdtempSync(join(tmpdir(), 'perch-orphans-'));

async function install(installationId: string, name: string) {
  const dataDir = join(folder, name, 'perch');
  mkdirSync(dataDir, { recursive: true });
  const random = { uuid: () => installationId, fraction: () => 0 };
  openDatabase({ file: join(dataDir, 'perch.db'), clock: { now: () => 1, after: () => () => {} }, random }).close();
  const record = createInstallationRecord({ record: createKeyringKeychain(INSTALLATIONS), installationId, dataDir });
  const keychain = record.recorded(createKeyringKeychain(installationId));
  await keychain.set('a.1', `secret of ${name}`);
  await keychain.set('a.2', 'second half');
  return { dataDir, keychain, orphans: createOrphans({ keychain: createKeyringKeychain, installationId }) };
}
const items = async (installationId: string) =>
  (await findCredentialsAsync(`perch:${installationId}`)).map(({ account }) => account).sort();
const codeOf = (work: Promise<unknown>) => work.then(JSON.stringify, (error: { code?: string }) => error.code);

const first = await install(ids[0], 'first');
const second = await install(ids[1], 'second');
const bothLive = await first.orphans.list();
const living = await codeOf(first.orphans.remove([ids[1]]));
// As when a disk is not there: the folder above is missing too.
renameSync(join(folder, 'second'), join(folder, 'unplugged'));
const unplugged = await first.orphans.list();
const notChecked = await codeOf(first.orphans.remove([ids[1]]));
renameSync(join(folder, 'unplugged'), join(folder, 'second'));
rmSync(second.dataDir, { recursive: true });
const gone = await first.orphans.list();
const own = await codeOf(second.orphans.remove([ids[1]]));
const before = await items(ids[1]);
const removed = await first.orphans.remove([ids[1]]);
const told = {
  bothLive,
  living,
  unplugged: unplugged.unchecked.map(({ reason }) => reason),
  unpluggedOffered: unplugged.orphans,
  notChecked,
  gone: gone.orphans.map(({ installationId, items: count }) => [installationId, count]),
  own,
  before,
  removed,
  after: await items(ids[1]),
  again: await first.orphans.list(),
  untouched: await items(ids[0]),
  stillRead: await first.keychain.get('a.1'),
};
rmSync(folder, { recursive: true });
process.stdout.write(`${JSON.stringify(told)}\n`, () => process.exit(0));
