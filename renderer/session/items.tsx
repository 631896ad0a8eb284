import { memo, useMemo } from 'react';
import type { TurnSummary } from '../../shared/model/run-event.ts';
import type { TranscriptItem } from '../../shared/transcript/fold.ts';
import { useT } from '../context/services.tsx';
import { RefusedInTurn } from '../egress/refused-in-turn.tsx';
import { Icon } from '../ui/icon.tsx';
import { BackgroundCard } from './background-card.tsx';
import { CredentialCard } from './credential-card.tsx';
import { GuardedFiles } from './guarded-files.tsx';
import { Markdown } from './markdown-view.tsx';
import { PermissionCard } from './permission-card.tsx';
import { PlanCard } from './plan-card.tsx';
import { RowWindow } from './row-window.tsx';
import { createRows } from './rows.ts';
import '../terminal/terminal.css';
import { ToolCard } from './tool-card.tsx';

interface ItemsProps {
  readonly turn: TurnSummary;
  readonly items: readonly TranscriptItem[];
  readonly running: boolean;
}

export function Items({ turn, items, running }: ItemsProps) {
  const cut = useMemo(createRows, []);
  const rows = useMemo(() => cut(items), [cut, items]);
  const toldOfFiles = items.some(({ kind }) => kind === 'file');
  return (
    <>
      <RowWindow turnId={turn.turnId} rows={rows}>
        {({ item, block, refused, files }) => {
          if (refused) return <RefusedInTurn refused={refused} projectDir={turn.projectDir} />;
          if (files) return <GuardedFiles turn={turn} files={files} />;
          return <Item item={item} block={block} turnId={turn.turnId} agentId={turn.agentId} running={running} />;
        }}
      </RowWindow>
      {/* What a process that ran on after the turn made is no event of the turn any more. */}
      {turn.guarded !== undefined && !toldOfFiles && items.length > 0 && <GuardedFiles turn={turn} files={NO_FILES} />}
    </>
  );
}

const NO_FILES: readonly Extract<TranscriptItem, { kind: 'file' }>[] = [];

interface ItemProps {
  readonly item: TranscriptItem;
  readonly block: string | undefined;
  readonly turnId: string;
  readonly agentId: string;
  readonly running: boolean;
}

const Item = memo(function Item({ item, block, turnId, agentId, running }: ItemProps) {
  switch (item.kind) {
    case 'message':
      return <Markdown text={block ?? item.text} />;
    case 'terminal':
      return <pre className="terminal-text">{block ?? item.text}</pre>;
    case 'thought':
      return <Thought text={item.text} />;
    case 'tool':
      return <ToolCard tool={item} running={running} />;
    case 'plan':
      return <PlanCard entries={item.entries} />;
    case 'permission':
      return <PermissionCard item={item} turnId={turnId} running={running} />;
    case 'credential':
      return <CredentialCard item={item} running={running} agentId={agentId} />;
    case 'background':
      return <BackgroundCard left={item} turnId={turnId} />;
    case 'file':
      // The entries of a turn stand in one row.
      return null;
    case 'notice':
      return <NoticeLine notice={item.notice} />;
  }
});

type NoticeItem = Extract<TranscriptItem, { kind: 'notice' }>['notice'];

function Thought({ text }: { text: string }) {
  const t = useT();
  return (
    <details className="thought">
      <summary>
        <Icon name="thought" />
        {t('thought')}
      </summary>
      <p>{text}</p>
    </details>
  );
}

function NoticeLine({ notice }: { notice: NoticeItem }) {
  const t = useT();
  return (
    <p className={`notice notice-${notice.level}`}>
      <Icon name={notice.level === 'warn' ? 'warning' : 'question'} />
      {t(notice.key, notice.values)}
    </p>
  );
}
