import { useT } from '../app/services.tsx';

export function DemoTag() {
  return <span className="tag">{useT()('demo')}</span>;
}
