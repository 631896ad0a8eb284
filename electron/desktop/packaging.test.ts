import { existsSync, globSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..', '..');

interface Configuration {
  readonly files: readonly string[];
  readonly asarUnpack: readonly string[];
  readonly electronFuses: Readonly<Record<string, boolean>>;
  readonly mac: {
    readonly target: readonly string[];
    readonly icon: string;
    readonly entitlements: string;
    readonly entitlementsInherit: string;
    readonly hardenedRuntime: boolean;
  };
  readonly win: { readonly target: readonly string[]; readonly icon: string };
  readonly linux: { readonly target: readonly string[]; readonly icon: string };
}

/** electron-builder's own packages: they are found from it, not from us. */
const builderRequire = createRequire(createRequire(import.meta.url).resolve('electron-builder/package.json'));
const libraryRequire = createRequire(builderRequire.resolve('app-builder-lib/package.json'));
const { load } = libraryRequire('js-yaml') as { load(text: string): unknown };
const { validateSchema } = libraryRequire('app-builder-lib/out/util/config/schemaValidator') as {
  validateSchema(schema: unknown, data: unknown): void;
};
const schema: unknown = libraryRequire('app-builder-lib/scheme.json');

// The validator fills and converts in place: everyone gets a configuration of their own.
const readConfiguration = () => load(readFileSync(join(root, 'electron-builder.yml'), 'utf8')) as Configuration;
const configuration = readConfiguration();

describe('electron-builder.yml', () => {
  test('fits electron-builder’s own schema, which does refuse what it does not know', () => {
    validateSchema(schema, readConfiguration());
    expect(() => validateSchema(schema, { ...readConfiguration(), hardenedRuntime: true })).toThrow('hardenedRuntime');
    expect(() => validateSchema(schema, { ...readConfiguration(), electronFuses: { runAsNode: 'maybe' } })).toThrow();
  });

  test('makes packages for the three systems', () => {
    expect([configuration.mac.target, configuration.win.target, configuration.linux.target]).toEqual([
      ['dmg', 'zip'],
      ['nsis'],
      ['AppImage', 'deb'],
    ]);
    expect(configuration.mac.hardenedRuntime).toBe(true);
  });

  test('sets every fuse that electron-builder knows', () => {
    const { definitions } = schema as { definitions: { FuseOptionsV1: { properties: object } } };
    const known = Object.keys(definitions.FuseOptionsV1.properties).filter(
      (name) => name !== 'resetAdHocDarwinSignature',
    );
    expect(Object.keys(configuration.electronFuses).sort()).toEqual(known.sort());
    const on = Object.entries(configuration.electronFuses).filter(([, value]) => value);
    expect(on.map(([name]) => name).sort()).toEqual([
      'enableCookieEncryption',
      'enableEmbeddedAsarIntegrityValidation',
      'onlyLoadAppFromAsar',
    ]);
  });

  test.each(configuration.files.filter((pattern) => !pattern.startsWith('!')))(
    'what it packs is there: %s',
    (pattern) => {
      expect(globSync(pattern, { cwd: root }).length).toBeGreaterThan(0);
    },
  );

  test('names icons and entitlements that are there', () => {
    const { mac, win, linux } = configuration;
    for (const file of [mac.icon, win.icon, linux.icon, mac.entitlements, mac.entitlementsInherit]) {
      expect(existsSync(join(root, file)), file).toBe(true);
    }
  });
});

describe('beside the archive', () => {
  const { dependencies, optionalDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
    optionalDependencies: Record<string, string>;
  };
  const matches = (path: string) =>
    configuration.asarUnpack.some((pattern) => globSync(pattern, { cwd: root }).includes(path));

  test('lies every native library and every Node of the installation', () => {
    const packages = [...Object.keys(dependencies), ...Object.keys(optionalDependencies), '@napi-rs/keyring-*'];
    const native = packages.flatMap((name) =>
      globSync(`node_modules/${name}/**/{*.node,bin/node,bin/node.exe}`, { cwd: root }),
    );
    expect(native.length).toBeGreaterThan(2);
    expect(native.filter((path) => !matches(path))).toEqual([]);
  });

  test('lies what plain Node runs, and nothing else of ours', () => {
    const ours = configuration.asarUnpack.filter((pattern) => !pattern.startsWith('node_modules/'));
    expect(ours).toEqual(['dist/demo-agent.mjs', 'dist/codex-acp.mjs']);
  });
});
