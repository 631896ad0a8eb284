import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { openDatabase } from '../../electron/core/storage/database/database.ts';
import { createTurnStore } from '../../electron/core/turns/turn-store.ts';
import { systemClock } from '../../electron/node/clock.ts';
import type { RunEvent } from '../../shared/model/run-event.ts';
import type { Installation } from '../fixtures/installation.ts';
import { LONG, ofLongForm } from '../fixtures/long.ts';
import { photograph } from '../fixtures/screenshots.ts';
import { expect, test } from '../fixtures/test.ts';

test.use({ withAgents: false });

const EVENTS = 100_000;

function eventAt(index: number): RunEvent {
  if (index === EVENTS) return { type: 'turn.ended', result: { outcome: 'completed', stopReason: 'end_turn' } };
  const toolCallId = `call-${index - (index % 50)}`;
  if (index % 50 === 0) {
    const title = `read file-${index}.ts`;
    return { type: 'tool.call', toolCallId, title, toolKind: 'read', status: 'pending', content: [], locations: [] };
  }
  if (index % 50 === 1 && index > 50) return { type: 'tool.update', toolCallId, status: 'completed' };
  if (index % 10 === 9) return { type: 'agent.message', text: `needle-${index}.\n\n` };
  return { type: 'agent.message', text: `word ${index} ` };
}

/** A conversation of one turn, as if it had been had. */
function writeTurn({ dataDir }: Installation): void {
  const database = openDatabase({
    file: join(dataDir, 'perch.db'),
    clock: systemClock,
    random: { uuid: () => randomUUID(), fraction: Math.random },
  });
  const store = createTurnStore(database);
  const turnId = randomUUID();
  const facts = { agentId: 'demo', model: '', projectDir: dataDir, prompt: 'A very long job' };
  const at = Date.now();
  store.accept(
    { turnId, sessionId: randomUUID(), bodyHash: '', ...facts },
    { event: { type: 'turn.accepted', ...facts }, at, status: 'accepted' },
  );
  database.sql.transaction(() => {
    for (let index = 2; index < EVENTS; index++) {
      database.sql
        .prepare('INSERT INTO run_event (turn_id, seq, at, event) VALUES (?, ?, ?, ?)')
        .run(turnId, index, at, JSON.stringify(eventAt(index)));
    }
  })();
  store.append({ turnId, event: eventAt(EVENTS), at, status: 'completed' });
  database.close();
}

ofLongForm(test)(
  'a turn of 100,000 events opens, scrolls, is searched and is read with the keyboard',
  { tag: LONG },
  async ({ page, installation }) => {
    test.setTimeout(120_000);
    writeTurn(installation);
    const served = await installation.serve();
    await page.setViewportSize({ width: 900, height: 700 });
    await page.goto(served.url);
    await page.getByRole('link', { name: /A very long job/ }).click();
    const rows = page.locator('.rows');
    await expect(rows).toHaveAttribute('data-rows', /^\d{5}$/, { timeout: 60_000 });
    const laidOut = () => rows.locator('> [data-index]').count();

    // It begins at the end, and only what is in sight is there.
    await expect(page.getByText('needle-99999.', { exact: false })).toBeInViewport();
    expect(await laidOut()).toBeLessThan(120);

    const box = page.getByRole('region', { name: 'Conversation', exact: true });
    await box.focus();
    await page.keyboard.press('Home');
    await expect(page.getByText('needle-9.', { exact: false })).toBeInViewport();
    await page.keyboard.press('PageDown');
    await page.keyboard.press('End');
    await expect(page.getByText('needle-99999.', { exact: false })).toBeInViewport();

    await page.keyboard.press('PageUp');
    const frames = await box.evaluate(async (scroller) => {
      const took: number[] = [];
      let last = performance.now();
      for (let frame = 0; frame < 120; frame++) {
        scroller.scrollTop -= 900;
        await new Promise((resolve) => requestAnimationFrame(resolve));
        took.push(performance.now() - last);
        last = performance.now();
      }
      return took.sort((a, b) => a - b);
    });
    const [median, p95] = [frames[60] ?? 0, frames[114] ?? 0];
    const description = `median ${median.toFixed(1)} ms, p95 ${p95.toFixed(1)} ms a frame of 900 pixels`;
    test.info().annotations.push({ type: 'scrolling', description });
    process.stdout.write(`scrolling 100,000 events: ${description}\n`);
    expect(await laidOut()).toBeLessThan(120);

    // The browser's own search would not find what is not laid out.
    await page.keyboard.press('ControlOrMeta+f');
    const field = page.getByRole('searchbox', { name: 'Find in this conversation' });
    await field.fill('needle-5009.');
    await expect(page.getByRole('search').getByRole('status')).toHaveText('1 of 1');
    await expect(page.locator('.row-found')).toBeInViewport();
    await expect(page.locator('.row-found')).toContainText('needle-5009.');
    await field.fill('read file-');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('search').getByRole('status')).toHaveText(/^2 of 1999$/);
    await field.fill('nowhere to be found');
    await expect(page.getByRole('search').getByRole('status')).toHaveText('Not found');
    await photograph(page, 'long-transcript');
    await page.keyboard.press('Escape');
    await expect(field).toHaveCount(0);
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
    await served.stop();
  },
);
