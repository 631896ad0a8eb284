import { type ITheme, Terminal } from '@xterm/xterm';
import { useEffect, useRef } from 'react';
import type { TerminalSize } from '../../../shared/model/terminal.ts';
import { ON_DARK, ON_LIGHT } from './colours.ts';
import { withoutInlineStyles } from './style-sheets.ts';
import '@xterm/xterm/css/xterm.css';

interface TerminalViewProps {
  readonly size: TerminalSize;
  /** Paints the whole screen. */
  readonly painted: string;
  readonly label: string;
  readonly onInput: (data: string) => void;
}

/** A screen to look at and type into; it knows nothing of the program. Its width is the program's, so it may scroll. */
export default function TerminalView({ size, painted, label, onInput }: TerminalViewProps) {
  const place = useRef<HTMLDivElement>(null);
  const terminal = useRef<Terminal>(null);
  const input = useRef(onInput);
  useEffect(() => {
    input.current = onInput;
  });
  const { columns, rows } = size;

  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const opened = new Terminal({
      cols: columns,
      rows,
      scrollback: 0,
      screenReaderMode: true,
      cursorBlink: false,
      fontSize: 13,
      fontFamily: getComputedStyle(document.documentElement).getPropertyValue('--mono'),
      theme: themeOf(element),
    });
    withoutInlineStyles(document, () => opened.open(element));
    opened.textarea?.setAttribute('aria-label', label);
    opened.attachCustomKeyEventHandler((event) => !isCopy(event, opened));
    const typed = opened.onData((data) => input.current(data));
    terminal.current = opened;
    opened.focus();
    const scheme = matchMedia('(prefers-color-scheme: dark)');
    const recolour = () => {
      opened.options.theme = themeOf(element);
    };
    scheme.addEventListener('change', recolour);
    return () => {
      scheme.removeEventListener('change', recolour);
      typed.dispose();
      opened.dispose();
      terminal.current = null;
    };
  }, [columns, rows, label]);

  useEffect(() => {
    terminal.current?.write(painted);
  }, [painted]);

  return <div className="terminal" ref={place} />;
}

/** With something selected, the usual keys copy it; without, they are the program's. */
function isCopy(event: KeyboardEvent, terminal: Terminal): boolean {
  const isC = event.type === 'keydown' && event.key.toLowerCase() === 'c' && (event.ctrlKey || event.metaKey);
  if (!isC || !terminal.hasSelection()) return false;
  event.preventDefault();
  void navigator.clipboard.writeText(terminal.getSelection());
  terminal.clearSelection();
  return true;
}

/** Colours as they are computed: what the tokens say is two in one. */
function themeOf(element: HTMLElement): ITheme {
  const { color, backgroundColor, outlineColor } = getComputedStyle(element);
  const [red = 0] = backgroundColor.match(/\d+/g)?.map(Number) ?? [];
  return {
    ...(red > 127 ? ON_LIGHT : ON_DARK),
    foreground: color,
    background: backgroundColor,
    cursor: color,
    cursorAccent: backgroundColor,
    selectionBackground: outlineColor,
    selectionForeground: backgroundColor,
  };
}
