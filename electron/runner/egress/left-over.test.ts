import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { systemClock } from '../../node/clock.ts';
import { withFolder } from '../testing/set-up.ts';
import { removeLeftOver } from './left-over.ts';
import { startEgress } from './proxy.ts';

let parent: string;
withFolder('left-over', (folder) => {
  parent = folder;
});

const LISTEN = "require('node:net').createServer().listen(process.argv[1], () => console.log('ready'))";

/** A folder as a killed runner leaves it. */
async function killed(name: string): Promise<string> {
  const folder = join(parent, name);
  mkdirSync(folder, { mode: 0o700 });
  const child = spawn(process.execPath, ['-e', LISTEN, join(folder, 'way-out')]);
  await once(child.stdout, 'data');
  child.kill('SIGKILL');
  await once(child, 'exit');
  return folder;
}

it('removes what a killed runner left, and nothing else', async () => {
  const left = await killed('perch-egress-a1b2c3');
  const named = await killed('another-egress-a1b2c3');
  const living = startEgress({
    folder: parent,
    rules: { hosts: [], loopback: [] },
    clock: systemClock,
    onRefused: () => undefined,
    onGone: () => undefined,
  });
  const link = join(parent, 'perch-egress-link00');
  symlinkSync(named, link);
  const other = join(parent, 'perch-egress-file00');
  mkdirSync(other);
  writeFileSync(join(other, 'way-out'), 'no socket');
  const [young, old] = ['perch-egress-young0', 'perch-egress-old000'].map((name) => join(parent, name)) as [
    string,
    string,
  ];
  for (const folder of [young, old]) mkdirSync(folder);
  utimesSync(old, 1, 1);
  expect(existsSync(join(left, 'way-out'))).toBe(true);
  await removeLeftOver(parent, Date.now());
  expect([left, old].map(existsSync)).toEqual([false, false]);
  expect([named, link, other, young, living.socketPath].map(existsSync)).toEqual([true, true, true, true, true]);
  await living.close();
});

it('is content where there is nothing to look into', async () => {
  await expect(removeLeftOver(join(parent, 'nowhere'), Date.now())).resolves.toBeUndefined();
});
