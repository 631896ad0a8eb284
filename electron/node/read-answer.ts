/**
 * The text of an answer that may be trusted to be short.
 * @throws Error when the answer has more than `maxBytes`; no more than that and one chunk is ever held
 */
export async function readAnswer(response: Response, maxBytes: number): Promise<string> {
  const { text, isWhole } = await readBytes(response, maxBytes);
  if (!isWhole) throw new Error(`the answer has more than ${maxBytes} bytes`);
  return text;
}

/** The first `maxBytes` of an answer, of which the beginning is enough. */
export async function readAnswerStart(response: Response, maxBytes: number): Promise<string> {
  return (await readBytes(response, maxBytes)).text;
}

/** Leaving the loop cancels the body, so that the rest is not sent. */
async function readBytes({ body }: Response, maxBytes: number): Promise<{ text: string; isWhole: boolean }> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    chunks.push(chunk);
    bytes += chunk.byteLength;
    if (bytes > maxBytes) break;
  }
  return { text: Buffer.concat(chunks).subarray(0, maxBytes).toString('utf8'), isWhole: bytes <= maxBytes };
}
