import { useT } from '../../app/services.tsx';
import type { PasteReport } from './inspect.ts';
export function Findings({
  report,
}: {
  report: PasteReport;
  onJoin: (v: string) => void;
  onSwitch: (id: string) => void;
}) {
  const t = useT();
  return <p>{report.findings.map((f) => t(`paste.${f.kind}`)).join(' ')}</p>;
}
