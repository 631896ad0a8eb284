export function readDataLiteral(text: string, at?: number): { readonly value: unknown; readonly end: number };
