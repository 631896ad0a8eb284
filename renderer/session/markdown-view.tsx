import { memo, useMemo } from 'react';
import { OutsideLink } from '../ui/link.tsx';
import { type Inline, parseBlock, parseInline, splitBlocks } from './markdown.ts';

/** An agent's text. Built from elements, never from markup: nothing an agent says becomes code. */
export function Markdown({ text }: { text: string }) {
  const blocks = useMemo(() => splitBlocks(text), [text]);
  return (
    <div className="markdown">
      {blocks.map((source, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: blocks are only ever appended
        <MarkdownBlock key={index} source={source} />
      ))}
    </div>
  );
}

const MarkdownBlock = memo(function MarkdownBlock({ source }: { source: string }) {
  const block = parseBlock(source);
  switch (block.kind) {
    case 'code':
      return (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
        <pre className="code-block" tabIndex={0} data-language={block.language || undefined}>
          <code>{block.text}</code>
        </pre>
      );
    case 'table':
      return (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
        <pre className="code-block" tabIndex={0}>
          {block.text}
        </pre>
      );
    case 'heading':
      // Every heading has the same level: an agent that begins with a third one would leave a hole in the page's
      // outline.
      return (
        <h2 className={block.level < 3 ? 'md-heading md-heading-large' : 'md-heading'}>
          <InlineText text={block.text} />
        </h2>
      );
    case 'list':
      return <MarkdownList ordered={block.ordered} start={block.start} items={block.items} />;
    case 'quote':
      return (
        <blockquote>
          <InlineText text={block.text} />
        </blockquote>
      );
    case 'rule':
      return <hr />;
    case 'paragraph':
      return (
        <p>
          <InlineText text={block.text} />
        </p>
      );
  }
});

function MarkdownList({ ordered, start, items }: { ordered: boolean; start: number; items: readonly string[] }) {
  const entries = items.map((item, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the position is the identity of an entry
    <li key={index}>
      <InlineText text={item} />
    </li>
  ));
  return ordered ? <ol start={start}>{entries}</ol> : <ul>{entries}</ul>;
}

function InlineText({ text }: { text: string }) {
  return parseInline(text).map((part, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the position is the identity of a part
    <InlinePart key={index} part={part} />
  ));
}

function InlinePart({ part }: { part: Inline }) {
  switch (part.kind) {
    case 'code':
      return <code>{part.text}</code>;
    case 'strong':
      return <strong>{part.text}</strong>;
    case 'emphasis':
      return <em>{part.text}</em>;
    case 'link':
      return <OutsideLink href={part.href}>{part.text}</OutsideLink>;
    case 'text':
      return part.text;
  }
}
