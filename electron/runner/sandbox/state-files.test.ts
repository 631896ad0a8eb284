import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { TestFolders } from '../testing/session-params.ts';
import { withFolders } from '../testing/set-up.ts';
import { writeStateFiles } from './state-files.ts';

describe('state files', () => {
  let folders: TestFolders;
  withFolders((own) => {
    folders = own;
  });

  const write = (path: string) => writeStateFiles(folders.state, [{ path, content: 'new' }], 'agent');
  const failed = expect.objectContaining({ code: 'SESSION_START_FAILED' });

  it('are written, folders and all, for the owner alone; again over the old ones', () => {
    write('.config/agent/config.json');
    write('.config/agent/config.json');
    const file = join(folders.state, '.config/agent/config.json');
    expect(readFileSync(file, 'utf8')).toBe('new');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(folders.state, '.config/agent'))).toEqual(['config.json']);
  });

  it.each(['../out', '/etc/out', 'a/../../out', '', 'a//b', './a'])('refuses the path %j', (path) => {
    expect(() => write(path)).toThrow(failed);
    expect(existsSync(join(folders.root, 'data/out'))).toBe(false);
  });

  it('follows no link that the agent left there', () => {
    const outside = join(folders.root, 'outside');
    mkdirSync(outside);
    writeFileSync(join(outside, 'file'), 'old');
    symlinkSync(outside, join(folders.state, 'folder'));
    symlinkSync(join(outside, 'file'), join(folders.state, 'file'));
    expect(() => write('folder/file')).toThrow(failed);
    write('file');
    expect(readFileSync(join(outside, 'file'), 'utf8')).toBe('old');
    expect(readFileSync(join(folders.state, 'file'), 'utf8')).toBe('new');
    expect(readdirSync(outside)).toEqual(['file']);
  });
});
