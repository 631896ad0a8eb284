import { useState } from 'react';
import type { TranscriptItem } from '../../shared/transcript/fold.ts';
import { useT } from '../context/services.tsx';
import { AgentText } from '../ui/agent-text.tsx';
import { Icon } from '../ui/icon.tsx';
import { List } from '../ui/list.tsx';
import { StatusDot, type Tone } from '../ui/status-dot.tsx';
import { lineDiff } from './line-diff.ts';

type Tool = Extract<TranscriptItem, { kind: 'tool' }>;
type Content = Tool['content'][number];

const TONES: Readonly<Record<Tool['status'], Tone>> = {
  pending: 'busy',
  in_progress: 'busy',
  completed: 'good',
  failed: 'bad',
};

/** A tool the agent used. Diffs and failures are open by themselves; the rest is a click away. */
export function ToolCard({ tool, running }: { tool: Tool; running: boolean }) {
  const t = useT();
  // A turn that ended takes its open calls with it: nothing is still going on.
  const stopped = !running && (tool.status === 'pending' || tool.status === 'in_progress');
  const [choice, setChoice] = useState<boolean | null>(null);
  const open = choice ?? (tool.status === 'failed' || tool.content.some((content) => content.kind === 'diff'));
  const empty = tool.content.length === 0 && tool.locations.length === 0;
  const head = (
    <>
      <StatusDot tone={stopped ? 'idle' : TONES[tool.status]} />
      <Icon name="tool" />
      <span className="tool-title">
        <AgentText>{tool.title}</AgentText>
      </span>
      <span className="tool-status">{t(stopped ? 'tool.stopped' : `tool.${tool.status}`)}</span>
    </>
  );
  if (empty) return <div className="tool tool-head">{head}</div>;
  return (
    <details className="tool" open={open} onToggle={(event) => setChoice(event.currentTarget.open)}>
      <summary className="tool-head">
        {head}
        <Icon name="chevron" />
      </summary>
      {open && (
        <div className="tool-body">
          <Locations tool={tool} />
          {tool.content.map((content, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: contents are replaced whole
            <ToolContent key={index} content={content} />
          ))}
        </div>
      )}
    </details>
  );
}

function Locations({ tool }: { tool: Tool }) {
  const t = useT();
  const diffs = new Set(tool.content.flatMap((content) => (content.kind === 'diff' ? [content.path] : [])));
  const others = tool.locations.filter((location) => !diffs.has(location.path));
  if (others.length === 0) return null;
  return (
    <List className="tool-locations" aria-label={t('tool.files')}>
      {others.map(({ path, line }) => (
        <li key={`${path}:${line ?? ''}`}>
          <code>{line === undefined ? path : `${path}:${line}`}</code>
        </li>
      ))}
    </List>
  );
}

function ToolContent({ content }: { content: Content }) {
  const t = useT();
  switch (content.kind) {
    case 'text':
      return (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
        <pre className="tool-text" tabIndex={0}>
          {content.text}
        </pre>
      );
    case 'diff':
      return <Diff content={content} />;
    case 'terminal':
      return <p className="hint">{t('tool.terminal', { terminal: content.terminalId })}</p>;
  }
}

const SIGNS = { same: ' ', removed: '−', added: '+', skipped: ' ' } as const;

function Diff({ content }: { content: Extract<Content, { kind: 'diff' }> }) {
  const t = useT();
  return (
    <figure className="diff">
      <figcaption>
        <code>{content.path}</code>
        {content.oldText === null && <span className="tag">{t('diff.new')}</span>}
      </figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard */}
      <pre tabIndex={0}>
        {lineDiff(content.oldText, content.newText).map((line, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the position is the identity of a line
          <span key={index} className={`diff-line diff-${line.kind}`}>
            <span className="diff-sign">{SIGNS[line.kind]}</span>
            {`${line.text}\n`}
          </span>
        ))}
      </pre>
    </figure>
  );
}
