import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import type { SandboxPolicy } from '../../../../shared/model/sandbox-policy.ts';
import { systemClock } from '../../../node/clock.ts';
import { describeAsEach, ownedBy, type Probe, runProbe } from '../../testing/in-sandbox.ts';
import { testPolicy } from '../../testing/policy.ts';
import type { TestFolders } from '../../testing/session-params.ts';
import { withFolders } from '../../testing/set-up.ts';
import { openGuard } from './guard.ts';

const NAMES = ['.envrc', '.bashrc', '.husky', '.vscode', '.claude'];

describeAsEach('the working directory as', (identity) => {
  let folders: TestFolders;
  let policy: SandboxPolicy;
  withFolders((own) => {
    folders = own;
    policy = testPolicy({
      guard: { names: [...NAMES, 'perch.toml'], held: NAMES, empty: ['.env', '.env.*', '!.env.example'] },
      state: { hostPath: folders.state, sandboxPath: '/home/agent' },
      workingDirectory: folders.project,
      nesting: true,
    });
  });

  const put = (path: string, text: string): void => {
    mkdirSync(dirname(join(folders.project, path)), { recursive: true });
    writeFileSync(join(folders.project, path), text);
  };
  const read = (path: string): string => readFileSync(join(folders.project, path), 'utf8');
  const git = (...args: string[]): void => {
    const done = spawnSync('/usr/bin/git', args, {
      cwd: folders.project,
      env: { PATH: '/usr/bin:/bin', HOME: '/nonexistent' },
    });
    expect(done.status).toBe(0);
  };
  const inside = (script: string, change: Partial<SandboxPolicy> = {}): Probe => {
    ownedBy(identity, folders.root);
    const environment = { GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'safe.directory', GIT_CONFIG_VALUE_0: '*' };
    return runProbe(identity, { script, policy: { ...policy, ...change }, environment });
  };
  const unguarded = { guard: { names: [], held: [], empty: [] } };

  it('takes none of the names that programs of the host listen to, and keeps no trace of that', () => {
    const attempts = NAMES.flatMap((name) => [
      `echo evil > ${name}`,
      `mkdir -p ${name} && echo evil > ${name}/file`,
      `rmdir ${name} && echo evil > ${name}`,
      `mv ${name} other-${name}`,
      `ln -sfn /tmp ${name} && echo evil > ${name}/x`,
      `umount ${name}`,
    ]);
    const script = `set -- ${attempts.map((one) => `'${one}'`).join(' ')}; for one; do (eval "$one") 2>/dev/null && echo "did: $one"; done; git status 2>&1 | grep -i error; echo free > free`;
    const done = inside(script);
    // A link made in an empty folder that may not be written to is what `ln` fails at.
    expect(done.output).toBe('');
    expect(readdirSync(folders.project)).toEqual(['free']);
    expect(done.quarantined).toEqual([]);
    // Positive control.
    expect(inside(script, unguarded).output).toContain('did: echo evil > .envrc');
  });

  it('of two sessions the one that ends first leaves the other what its mounts will lie on', async () => {
    const first = await openGuard(policy, systemClock);
    const second = await openGuard(policy, systemClock);
    await first.close();
    expect(readdirSync(folders.project).sort()).toEqual([...NAMES].sort());
    await second.close();
    expect(readdirSync(folders.project)).toEqual([]);
  });

  it('sets aside the links in folders of git, which the host would write through', () => {
    const outside = join(folders.root, 'outside');
    mkdirSync(outside);
    git('init', '-q');
    symlinkSync('nowhere', join(folders.project, '.git/of-the-user'));
    const names = ['COMMIT_EDITMSG', 'logs/HEAD', 'objects/info/x', 'refs/heads/objects'];
    const made = names.map((name) => `ln -s '${outside}/${name.replaceAll('/', '-')}' '.git/${name}'`);
    const script = `mkdir -p .git/logs objects refs; ${made.join('; ')}; ln -s x objects/of-the-project; mv .git/of-the-user .git/MERGE_MSG; chmod 300 .git/logs`;
    const commit = () => git('-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '-q', '--allow-empty', '-m', 'x');
    const done = inside(script);
    const aside = [...names, 'MERGE_MSG'].map((name) => ({ path: `.git/${name}`, how: 'renamed' }));
    expect(done.quarantined).toEqual(expect.arrayContaining(aside));
    expect(done.quarantined).toHaveLength(aside.length);
    expect(read('.git/COMMIT_EDITMSG.quarantined')).toBe(`${outside}/COMMIT_EDITMSG`);
    expect(existsSync(join(folders.project, 'objects/of-the-project'))).toBe(false);
    ownedBy({ name: 'root', prefix: [], uid: process.getuid?.() ?? 0 }, folders.root);
    commit();
    expect(readdirSync(outside)).toEqual([]);
    // Positive control.
    inside(`ln -sf '${outside}/control' .git/COMMIT_EDITMSG`, { enforcement: 'off' });
    ownedBy({ name: 'root', prefix: [], uid: process.getuid?.() ?? 0 }, folders.root);
    commit();
    expect(readdirSync(outside)).toEqual(['control']);
  });

  it('sets aside what it does not hold free', () => {
    const { quarantined } = inside(
      'echo evil > perch.toml; mkdir -p deep/.vscode; echo evil > deep/.vscode/settings.json',
    );
    expect(quarantined).toEqual([
      { path: 'perch.toml', how: 'renamed' },
      { path: 'deep/.vscode', how: 'renamed' },
    ]);
    expect(readdirSync(folders.project).sort()).toEqual(['deep', 'perch.toml.quarantined']);
  });

  it('keeps what is there as it is, at any depth, links too', () => {
    put('.envrc', 'own');
    put('deep/er/.vscode/settings.json', 'own');
    symlinkSync('elsewhere', join(folders.project, '.husky'));
    const script =
      'for f in .envrc deep/er/.vscode/settings.json; do echo evil > $f; rm -rf $f; mv $f x; done 2>/dev/null; mv deep/er/.vscode y 2>/dev/null; rm .husky; mkdir .husky; echo evil > .husky/pre-commit';
    const done = inside(script);
    expect([read('.envrc'), read('deep/er/.vscode/settings.json')]).toEqual(['own', 'own']);
    expect(done.quarantined).toEqual([{ path: '.husky', how: 'renamed' }]);
    expect(existsSync(join(folders.project, '.husky'))).toBe(false);
    expect(readdirSync(join(folders.project, '.husky.quarantined'))).toEqual(['pre-commit']);
  });

  it('of a folder with a guarded name that moved away and came again, the new one is set aside', () => {
    put('deep/.vscode/settings.json', 'own');
    const done = inside('mv deep gone; mkdir -p deep/.vscode; echo evil > deep/.vscode/settings.json; echo x > new');
    expect(done.quarantined).toEqual([{ path: 'deep/.vscode', how: 'renamed' }]);
    expect(read('gone/.vscode/settings.json')).toBe('own');
  });

  it('lets a repository be used, and neither its hooks nor its settings be changed', () => {
    git('init', '-q', '-b', 'main', '.');
    git('init', '-q', '-b', 'main', 'nested');
    const before = read('.git/config');
    const commit = 'git -c user.name=a -c user.email=a@b commit -q --allow-empty -m one';
    const attempts = ['.git', 'nested/.git'].flatMap((folder) => [
      `echo evil > ${folder}/hooks/pre-commit`,
      `echo evil >> ${folder}/config`,
      `mv ${folder} ${folder}2`,
      `mv ${folder}/hooks ${folder}/hooks2`,
      `rm -rf ${folder}/config`,
      `git -C ${folder}/.. config core.fsmonitor evil`,
    ]);
    const script = `set -- ${attempts.map((one) => `'${one}'`).join(' ')}; for one; do (eval "$one") 2>/dev/null && echo "did: $one"; done; ${commit} && git log --oneline | wc -l && cd nested && ${commit} && echo nested`;
    const done = inside(script);
    expect(done.errors).toBe('');
    expect(done.output).toBe('1\nnested\n');
    expect(read('.git/config')).toBe(before);
    expect(done.quarantined).toEqual([]);
  });

  it('disarms what a new repository would run, also a bare one and one in the place of an old one', () => {
    git('init', '-q', '-b', 'main', 'old');
    const armed = (folder: string): string =>
      `printf "#!/bin/sh\\necho evil" > ${folder}/hooks/pre-commit; chmod +x ${folder}/hooks/pre-commit; git config -f ${folder}/config core.fsmonitor evil; git config -f ${folder}/config remote.origin.url https://example.org/x`;
    const script = [
      'git init -q -b main new',
      'git init -q --bare bare',
      'mv old gone && git init -q -b main old',
      ...['new/.git', 'bare', 'old/.git'].map(armed),
      'mkdir fake && echo "ref: refs/heads/main" > fake/HEAD && echo ../bare > fake/commondir && echo "gitdir: fake" > elsewhere',
    ].join('; ');
    const { quarantined } = inside(script);
    const paths = quarantined.map(({ path }) => path).sort();
    expect(paths).toEqual(
      [
        'bare/config',
        'bare/hooks/pre-commit',
        'new/.git/config',
        'new/.git/hooks/pre-commit',
        'old/.git/config',
        'old/.git/hooks/pre-commit',
      ].sort(),
    );
    for (const folder of ['new/.git', 'bare', 'old/.git']) {
      expect(statSync(join(folders.project, folder, 'hooks/pre-commit')).mode & 0o111).toBe(0);
      expect(read(`${folder}/config`)).toContain('https://example.org/x');
      expect(read(`${folder}/config`)).not.toContain('evil');
      expect(read(`${folder}/config.quarantined`)).toContain('evil');
    }
    git('-C', 'new', '-c', 'safe.directory=*', 'status');
  });

  it('shows a file with secrets empty, unless it is to be shown', () => {
    put('.env', 'SECRET=1');
    put('app/.env.local', 'SECRET=2');
    put('.env.example', 'SECRET=');
    const script = 'cat .env app/.env.local .env.example; echo changed > .env; rm -f .env; mv .env x';
    expect(inside(script).output).toBe('SECRET=');
    expect(read('.env')).toBe('SECRET=1');
    expect(inside('cat .env', unguarded).output).toBe('SECRET=1');
  });
});
