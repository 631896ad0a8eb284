import { type ITheme, Terminal } from '@xterm/xterm';
import { useEffect, useRef, useState } from 'react';
import type { TerminalSize } from '../../shared/model/terminal.ts';
import { ON_DARK, ON_LIGHT } from './colours.ts';
import { withoutInlineStyles } from './style-sheets.ts';
import '@xterm/xterm/css/xterm.css';
import './terminal.css';

interface TerminalViewProps {
  readonly size: TerminalSize;
  /** Paints the whole screen. */
  readonly painted: string;
  readonly label: string;
  readonly onInput: (data: string) => void;
  /** Absent: the size stays the program's own. Otherwise told what fits into the window but for `around` pixels of height. */
  readonly fit?: { readonly around: number; readonly onFit: (size: TerminalSize) => void };
}

/** A screen to look at and type into; it knows nothing of the program. Its width is the program's, so it may scroll. */
export default function TerminalView({ size, painted, label, onInput, fit }: TerminalViewProps) {
  const place = useRef<HTMLDivElement>(null);
  const terminal = useRef<Terminal>(null);
  const input = useRef(onInput);
  useEffect(() => {
    input.current = onInput;
  });
  const { columns, rows } = size;
  const [first] = useState(size);
  const [cell, setCell] = useState({ width: 0, height: 0 });

  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const opened = new Terminal({
      cols: first.columns,
      rows: first.rows,
      scrollback: 0,
      screenReaderMode: true,
      cursorBlink: false,
      fontSize: 13,
      fontFamily: getComputedStyle(document.documentElement).getPropertyValue('--mono'),
      theme: themeOf(element),
    });
    withoutInlineStyles(document, () => opened.open(element));
    opened.textarea?.setAttribute('aria-label', label);
    opened.attachCustomKeyEventHandler((event) => {
      if (isLeave(event)) element.focus();
      return !isLeave(event) && !isCopy(event, opened);
    });
    const typed = opened.onData((data) => input.current(data));
    terminal.current = opened;
    opened.focus();
    const drawn = element.querySelector<HTMLElement>('.xterm-screen');
    if (drawn !== null) setCell({ width: drawn.offsetWidth / first.columns, height: drawn.offsetHeight / first.rows });
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
  }, [first, label]);

  useEffect(() => {
    terminal.current?.resize(columns, rows);
  }, [columns, rows]);

  useEffect(() => {
    terminal.current?.write(painted);
  }, [painted]);

  const onFit = useRef(fit?.onFit);
  useEffect(() => {
    onFit.current = fit?.onFit;
  });
  const around = fit?.around;
  useEffect(() => {
    const element = place.current;
    if (element === null || cell.width === 0 || around === undefined) return;
    let told = '';
    const tell = () => {
      const fitting = {
        columns: Math.max(MIN_SIZE.columns, Math.floor(innerWidthOf(element) / cell.width)),
        rows: Math.max(MIN_SIZE.rows, Math.floor((window.innerHeight - around) / cell.height)),
      };
      if (JSON.stringify(fitting) === told) return;
      told = JSON.stringify(fitting);
      onFit.current?.(fitting);
    };
    const observer = new ResizeObserver(tell);
    observer.observe(element);
    window.addEventListener('resize', tell);
    return () => {
      observer.disconnect();
      window.removeEventListener('resize', tell);
    };
  }, [cell, around]);

  return <div className="terminal-frame" ref={place} tabIndex={-1} />;
}

/** Programs that draw frames are of no use below; the rest is scrolled to. */
const MIN_SIZE: TerminalSize = { columns: 40, rows: 10 };

function innerWidthOf(element: HTMLElement): number {
  const { paddingLeft, paddingRight } = getComputedStyle(element);
  return element.clientWidth - Number.parseFloat(paddingLeft) - Number.parseFloat(paddingRight);
}

/** Every other key is the program's, Tab too: without this one the keyboard would be caught in here. */
function isLeave(event: KeyboardEvent): boolean {
  return event.type === 'keydown' && event.ctrlKey && event.key === ']';
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
