import { useState } from 'react';
import { useT } from '../context/services.tsx';
import { Button } from './button.tsx';
import { copyText } from './clipboard.ts';

type Copied = 'idle' | 'done' | 'refused';
const LABELS: Readonly<Record<Copied, string>> = { idle: 'copy', done: 'copy.done', refused: 'copy.refused' };

export function CopyButton({ text, name }: { text: string; name: string }) {
  const t = useT();
  const [copied, setCopied] = useState<Copied>('idle');
  const copy = async () => setCopied((await copyText(text)) ? 'done' : 'refused');
  return (
    <Button
      look="quiet"
      icon={copied === 'done' ? 'check' : 'copy'}
      onClick={copy}
      onBlur={() => setCopied('idle')}
      aria-label={copied === 'idle' ? name : t(LABELS[copied])}
    >
      <span aria-hidden="true">{t(LABELS[copied])}</span>
    </Button>
  );
}
