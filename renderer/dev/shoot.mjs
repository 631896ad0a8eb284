/**
 * Pictures of the gallery's scenes, light and dark, at the popover's size and in a wide window, each checked with
 * axe. Usage: node renderer/dev/shoot.mjs FOLDER [SCENE…]; SCENE@de and SCENE@fr show it in another language, and
 * SCALE=2 takes pictures of twice the size, as in the README: SCALE=2 … docs/images-new home
 */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import AxeBuilder from '@axe-core/playwright';
import { chromium } from '@playwright/test';
import { createServer } from 'vite';

const SIZES = { popover: { width: 400, height: 620 }, wide: { width: 1100, height: 800 } };
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const KEY = `sk-ant-api03-${'x'.repeat(93)}AA`;
/** Each kind of text that is not just the token, by the name of its picture. */
const SPOILED = {
  wrapped: ` ${KEY.slice(0, 60)}\n${KEY.slice(60)} `,
  exported: `export ANTHROPIC_API_KEY="${KEY.slice(0, 60)}\n${KEY.slice(60)}"`,
  header: `Authorization: Bearer ${KEY}`,
  several: `old: ${KEY}\nnew: sk-ant-api03-${'y'.repeat(93)}AA\nother: sk-proj-${'z'.repeat(60)}`,
  quote: `${KEY.slice(0, 40)}“${KEY.slice(40)}`,
  smart: `“${KEY}”`,
  prose: `Here is the key for the team, please keep it to yourself: ${KEY}.`,
  nothing: 'https://console.anthropic.com/settings/keys',
  pem: '-----BEGIN OPENSSH PRIVATE KEY-----\nb3Blbn\n-----END OPENSSH PRIVATE KEY-----',
};
const PASTES = Object.fromEntries(
  ['credentials', 'credentials-de'].flatMap((scene) =>
    Object.entries(SPOILED).map(([name, text]) => [`${scene}+${name}`, (page) => paste(page, text)]),
  ),
);

/** What to do before the picture: `scene+act`. */
const ACTS = {
  ...PASTES,
  async 'credentials+shown'(page) {
    await paste(page, SPOILED.quote);
    await page.getByRole('button', { name: 'Show where' }).click();
  },
  async 'session-set-aside+content'(page) {
    await page.locator('.session-scroll').hover();
    await page.mouse.wheel(0, -10_000);
    await page.locator('.to-end').waitFor();
    await page.locator('.guarded-row').first().getByRole('button').last().click();
  },
  ...Object.fromEntries(
    ['', '-de', '-fr'].map((of) => [
      `session-credential-refused${of}+checked`,
      async (page) => {
        await page.locator('.credential-ways > button').last().click();
        await page.locator('.credential-ways-verdict .verdict').waitFor();
      },
    ]),
  ),
  'session-done+undo': (page) => page.getByRole('button', { name: 'Undo this turn' }).click(),
  'ask-large+show': (page) => page.getByRole('button', { name: /^Show everything/ }).click(),
  async 'ask-large+key'(page) {
    await page.getByRole('region', { name: 'Permission' }).and(page.locator('[data-keys="true"]')).waitFor();
    await page.keyboard.press('1');
  },
  'ask-claude-edit+unfold': (page) => page.getByRole('button', { name: /^Unchanged lines/ }).click(),
  'home-failed+history': (page) => page.locator('summary', { hasText: 'Restart history' }).click(),
  'home-failed-long+lines': (page) => page.locator('summary', { hasText: 'Last lines' }).click(),
  'home+agents': (page) => page.getByRole('button', { name: /^Choose agent/ }).click(),
  'subscriber+agents': (page) => page.locator('.agent-toggle').click(),
  async 'subscriber+paste'(page) {
    await page.getByRole('button', { name: 'Paste key' }).click();
    await page.getByLabel('Token', { exact: true }).waitFor();
  },
  async 'session-sign-in+paste'(page) {
    await page.locator('.permission .credential-ways button').click();
    await page.getByLabel(TOKEN).waitFor();
  },
  'import-login+import': (page) => unfoldImport(page, ['Import…', 'Search the agents’ own files', 'Found']),
  'home+models': (page) => page.getByRole('combobox', { name: 'Model' }).click(),
  async 'home+models-typed'(page) {
    await page.getByRole('combobox', { name: 'Model' }).fill('claude');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
  },
  'home-claude+models': (page) => page.getByRole('combobox', { name: 'Model' }).click(),
  'home-install+agents': (page) => page.getByRole('button', { name: /^Choose agent/ }).click(),
  'home-installing+agents': (page) => page.getByRole('button', { name: /^Choose agent/ }).click(),
  'agents-install-update+ask': (page) => page.getByRole('button', { name: 'Uninstall Codex' }).click(),
  'agents-install-update+others': (page) =>
    page.getByRole('button', { name: /^Add and install/ }).scrollIntoViewIfNeeded(),
  async 'home+plan'(page) {
    await page.locator('.plan-details > summary').first().click();
    await page.locator('.plan-group > summary').first().click();
    await page.locator('.session-lines').scrollIntoViewIfNeeded();
  },
  async 'home+directory-typed'(page) {
    await page.getByRole('button', { name: /^Working directory/ }).click();
    await page.getByRole('combobox', { name: 'Folder' }).fill('~/src/');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
  },
  async 'home+directory-wrong'(page) {
    await page.getByRole('button', { name: /^Working directory/ }).click();
    await page
      .getByRole('combobox', { name: 'Folder' })
      .fill('~/src/nosuch/a-rather-long-name-of-a-project-that-is-gone');
  },
  'home+directory': (page) => page.getByRole('button', { name: /^Working directory/ }).click(),
  'home-shared-folder+made': (page) => page.getByRole('button', { name: 'Work in a separate worktree' }).click(),
  'credentials+other': (page) => paste(page, `sk-proj-${'x'.repeat(60)}`),
  async 'credentials+stored'(page) {
    await paste(page, `sk-ant-api03-${'x'.repeat(100)}`);
    await page.getByRole('button', { name: 'Save token' }).click();
  },
  async 'credentials-no-keychain+refused'(page) {
    await paste(page, `sk-ant-api03-${'x'.repeat(100)}`);
    await page.getByRole('button', { name: 'Save token' }).click();
  },
  async 'credentials+checked'(page) {
    const buttons = page.getByRole('button', { name: /^Check / });
    await buttons.first().waitFor();
    for (const button of await buttons.all()) await button.click();
    await page.getByText('not known').scrollIntoViewIfNeeded();
  },
  'credentials+delete': (page) => page.getByRole('button', { name: 'Delete ANTHROPIC_API_KEY' }).last().click(),
  async 'network-corporate+tried'(page) {
    await page.getByRole('button', { name: 'Test' }).click();
    await page.getByText('PROXY_REFUSED_CREDENTIAL').scrollIntoViewIfNeeded();
  },
  async 'network-corporate+proxy'(page) {
    await page.getByLabel('Bypass proxy for').scrollIntoViewIfNeeded();
    await page.getByRole('button', { name: 'Remove' }).first().click();
    await page.getByRole('alertdialog').scrollIntoViewIfNeeded();
  },
  async 'network-empty+detected'(page) {
    await page.getByRole('button', { name: 'Ask the login shell' }).click();
    await page.getByRole('button', { name: 'Fill in the fields below' }).click();
    await page.getByLabel('Bypass proxy for').scrollIntoViewIfNeeded();
  },
  async 'general+forget'(page) {
    await page.getByRole('button', { name: 'Forget everything' }).first().click();
    await page.getByRole('button', { name: 'Search for stale items' }).click();
    await page.getByText('/home/ada/old-perch').scrollIntoViewIfNeeded();
  },
  async 'general+forget-project'(page) {
    await page
      .getByRole('button', { name: /^Forget/ })
      .first()
      .click();
    await page.getByRole('alertdialog').scrollIntoViewIfNeeded();
  },
  async 'credentials-accounts+orphans'(page) {
    await page.getByRole('button', { name: 'Search for stale items' }).click();
    await page
      .getByRole('button', { name: /^Remove: / })
      .first()
      .click();
    await page.getByRole('alertdialog').scrollIntoViewIfNeeded();
  },
  async 'credentials-accounts+signed-in'(page) {
    await page.getByRole('button', { name: /^Sign out/ }).click();
    await page.getByRole('alertdialog').scrollIntoViewIfNeeded();
  },
  'credentials+history': (page) => unfold(page, 'History'),
  'credentials-fr+history': (page) => unfold(page, 'Historique'),
  'credentials-no-keychain+history': (page) => unfold(page, 'History'),
  'credentials+import': (page) => unfoldImport(page, ['Import…', 'Search the agents’ own files', 'Found']),
  'credentials-fr+import': (page) =>
    unfoldImport(page, ['Importer…', 'Chercher dans les fichiers des agents', 'Trouvé']),
  async 'credentials+imported'(page) {
    await unfoldImport(page, ['Import…', 'Search my login shell', 'Found']);
    for (const box of await page.locator('.import-list input:enabled').all()) await box.check();
    await page.getByRole('button', { name: /^Import selected/ }).click();
    await page.getByText('Imported: 1.').scrollIntoViewIfNeeded();
  },
  async 'login+terminal'(page) {
    await page.getByRole('button', { name: /^Make a token/ }).click();
    await page.getByText('Store it again').waitFor();
    await page.locator('.xterm-rows').waitFor();
  },
  async 'login+close'(page) {
    await page.getByRole('button', { name: /^Sign in:/ }).click();
    await page.getByRole('link', { name: /^Open the page/ }).waitFor();
    await page.getByRole('button', { name: 'Close the terminal' }).click();
  },
  'login+sign-out': (page) => page.getByRole('button', { name: /^Sign out:/ }).click(),
  'environment+reserved': (page) => page.getByLabel('Name', { exact: true }).fill('LD_PRELOAD'),
  'environment+routing': (page) => page.getByLabel('Name', { exact: true }).fill('ANTHROPIC_BASE_URL'),
  async 'environment+credential'(page) {
    await page.getByLabel('Name', { exact: true }).fill('OPENAI_API_KEY');
    await paste(page, `sk-ant-api03-${'x'.repeat(100)}`, 'Value');
  },
  async 'environment+blanks'(page) {
    await page.getByLabel('Name', { exact: true }).fill('MY_TOKEN');
    await paste(page, ' two words\n', 'Value');
  },
  async 'environment+plain'(page) {
    await page.getByLabel('Name', { exact: true }).fill('REGION');
    await page.getByRole('checkbox', { name: /^Secret/ }).uncheck();
    await page.getByLabel('Value', { exact: true }).fill('eu-central-1');
    await page.getByRole('button', { name: 'Save variable' }).click();
  },
  async 'environment+delete'(page) {
    await page.getByRole('button', { name: 'Delete DATABASE_URL' }).click();
    await page.getByRole('alertdialog').scrollIntoViewIfNeeded();
  },
  'environment+list': (page) => page.getByText('GOOSE_MODEL', { exact: true }).scrollIntoViewIfNeeded(),
  'environment+text': (page) => readText(page),
  async 'environment+text-saved'(page) {
    await readText(page);
    await page.getByRole('button', { name: /^Save selected/ }).click();
    await page.getByText('Saved: 2.').scrollIntoViewIfNeeded();
  },
  async 'runner+diagnostics'(page) {
    await page.getByRole('button', { name: 'Show its contents' }).click();
    await page.getByRole('button', { name: 'Write the file' }).scrollIntoViewIfNeeded();
  },
  async 'runner+written'(page) {
    await page.getByRole('button', { name: 'Show its contents' }).click();
    await page.getByRole('button', { name: 'Write the file' }).click();
    await page.getByRole('button', { name: 'Create another' }).scrollIntoViewIfNeeded();
  },
  async 'runner-de+diagnostics'(page) {
    await page.getByRole('button', { name: 'Inhalt zeigen' }).click();
    await page.getByRole('button', { name: 'Datei schreiben' }).scrollIntoViewIfNeeded();
  },
  'home-ended+reason': (page) => page.locator('.banner summary').click(),
  'agents-declared+add': (page) => page.getByRole('button', { name: 'Add a custom agent' }).click(),
  'agents-declared+import': (page) => importAgents(page, 'ada/agents'),
  'agents-declared+import-refused': (page) => importAgents(page, 'ada/private'),
  'agents-declared+import-empty': (page) => importAgents(page, 'ada/nothing'),
  'agents-declared+import-broken': (page) => importAgents(page, 'ada/broken'),
  async 'agents-declared+edit'(page) {
    await page.getByRole('button', { name: 'Edit this agent' }).click();
    await page.getByRole('heading', { name: 'Edit this agent' }).scrollIntoViewIfNeeded();
  },
  async 'agents-declared+remove'(page) {
    await page.getByRole('button', { name: /^Remove / }).click();
    await page.getByRole('alertdialog').scrollIntoViewIfNeeded();
  },
  async 'agent+plan'(page) {
    await page.getByText('What a session will get').click();
    await page.getByRole('heading', { name: 'Not passed on' }).scrollIntoViewIfNeeded();
  },
  'agent-managed+byo': (page) => page.getByRole('radio', { name: 'Your own credential' }).check(),
  async 'agent-changed+clear'(page) {
    await page.getByRole('button', { name: 'Clear the directory' }).click();
    await page.getByRole('alertdialog').scrollIntoViewIfNeeded();
  },
  async 'agent-changed+reset'(page) {
    await page.getByRole('button', { name: 'Reset all settings' }).click();
    await page.getByRole('alertdialog').scrollIntoViewIfNeeded();
  },
};

async function unfold(page, title) {
  await page.locator('summary', { hasText: title }).click();
  await page.locator('.history-body').evaluate((body) => body.scrollIntoView({ block: 'end' }));
}

async function unfoldImport(page, [title, source, found]) {
  await page.locator('summary', { hasText: title }).click();
  await page.getByRole('button', { name: source }).click();
  await page
    .getByRole('list', { name: found, exact: true })
    .evaluate((list) => list.scrollIntoView({ block: 'center' }));
}

async function importAgents(page, repository) {
  await page.getByRole('button', { name: 'Import agents from GitHub' }).click();
  await page.getByLabel('Repository', { exact: true }).fill(repository);
  await page.getByRole('button', { name: 'Show its agents' }).click();
  for (const box of await page.locator('.form input[type=checkbox]').all()) await box.check();
  await page.getByRole('heading', { name: 'Import agents from GitHub' }).scrollIntoViewIfNeeded();
}

async function readText(page) {
  await page.locator('summary', { hasText: 'Paste a .env text' }).click();
  await page.getByLabel('Text of a .env file').fill('A=1');
  await page.getByRole('button', { name: 'Show its variables' }).click();
  await page.getByRole('list', { name: 'Found' }).evaluate((list) => list.scrollIntoView({ block: 'center' }));
}

/** The label of the field for a token, in every language. */
const TOKEN = /^(Token|Jeton)$/;

function paste(page, text, label = TOKEN) {
  return page.getByLabel(label, { exact: true }).evaluate((field, pasted) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', pasted);
    field.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  }, text);
}

const [folder, ...wanted] = process.argv.slice(2);
// Other widths than the two: `SIZES=narrow:320x620,popover:420x640`.
for (const size of (process.env.SIZES ?? '').split(',').filter(Boolean)) {
  const [name, width, height] = size.split(/[:x]/);
  SIZES[name] = { width: Number(width), height: Number(height) };
}
if (folder === undefined) throw new Error('name the folder for the pictures');
await mkdir(folder, { recursive: true });
const profile = await mkdtemp(join(tmpdir(), 'perch-gallery-'));
const server = await createServer({ configFile: fileURLToPath(new URL('../vite.config.ts', import.meta.url)) });
await server.listen(0);
const address = server.resolvedUrls?.local[0];
const browser = await chromium.launchPersistentContext(profile, {
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  deviceScaleFactor: Number(process.env.SCALE ?? 1),
  args: FLAGS,
});
let failed = 0;
try {
  const page = await browser.newPage();
  page.on('pageerror', (error) => process.stdout.write(`${page.url()} ${error.message}\n`));
  await page.goto(`${address}dev/gallery.html`);
  await page.waitForSelector('a');
  const scenes = wanted.length > 0 ? wanted : [...(await page.locator('li').allTextContents()), ...Object.keys(ACTS)];
  for (const scene of scenes)
    for (const theme of ['light', 'dark']) for (const size of Object.keys(SIZES)) await shoot(scene, theme, size);

  async function shoot(scene, theme, size) {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
    await page.setViewportSize(SIZES[size]);
    await page.goto(`${address}dev/gallery.html?scene=${scene.split('+')[0]}`);
    await page.locator('h1:visible, h2:visible').first().waitFor();
    await page.waitForLoadState('networkidle');
    // The same act in every language.
    await ACTS[scene.replace(/@[a-z]+/, '')]?.(page);
    await page.screenshot({ path: join(folder, `${scene}-${theme}-${size}.png`) });
    const { violations } = await new AxeBuilder({ page }).analyze();
    for (const { id, impact, nodes } of violations) {
      if (impact === 'serious' || impact === 'critical') failed += 1;
      process.stdout.write(`${scene} ${theme} ${size}: ${impact} ${id} ${nodes[0]?.html.slice(0, 160)}\n`);
    }
  }
} finally {
  await browser.close();
  await server.close();
  await rm(profile, { recursive: true });
}
process.exitCode = failed === 0 ? 0 : 1;
