import type BetterSqlite3 from 'better-sqlite3';
import type { RunEvent } from '../../../../../shared/model/run-event.ts';

interface TurnRow {
  turn_id: string;
  agent_id: string;
  provider_id: string | null;
  model: string;
  project_dir: string;
  prompt: string;
  accepted_at: number;
}

/**
 * Makes turns whole again of which only some came over: the events up to the first gap stay, one without a beginning
 * gets it from its row. An end that is missing is written when the turns are recovered, as after any crash.
 */
export function repairTurns(sql: BetterSqlite3.Database): void {
  const seqs = sql.prepare<[string], number>('SELECT seq FROM run_event WHERE turn_id = ? ORDER BY seq').pluck();
  const cut = sql.prepare<[string, number]>('DELETE FROM run_event WHERE turn_id = ? AND seq > ?');
  const insert = sql.prepare<[string, number, string]>(
    'INSERT INTO run_event (turn_id, seq, at, event) VALUES (?, 1, ?, ?)',
  );
  const settle = sql.prepare<[number, string]>('UPDATE turn SET last_seq = ?, keeps_events = 1 WHERE turn_id = ?');
  const turns = sql.prepare<[], TurnRow>(
    `SELECT turn_id, agent_id, provider_id, model, project_dir, prompt, accepted_at FROM turn
     WHERE keeps_events = 1 OR NOT EXISTS (SELECT 1 FROM turn_transcript AS t WHERE t.turn_id = turn.turn_id)`,
  );
  sql.transaction(() => {
    for (const turn of turns.all()) {
      const present = seqs.all(turn.turn_id);
      const gap = present.findIndex((seq, index) => seq !== index + 1);
      const reached = gap === -1 ? present.length : gap;
      cut.run(turn.turn_id, reached);
      if (reached === 0) insert.run(turn.turn_id, turn.accepted_at, JSON.stringify(beginningOf(turn)));
      settle.run(Math.max(1, reached), turn.turn_id);
    }
  })();
}

function beginningOf(turn: TurnRow): RunEvent {
  return {
    type: 'turn.accepted',
    agentId: turn.agent_id,
    model: turn.model,
    projectDir: turn.project_dir,
    prompt: turn.prompt,
    ...(turn.provider_id === null ? {} : { providerId: turn.provider_id }),
  };
}
