/** Hands a text over to the browser as a file; where it goes is between the browser and the user. */
export function downloadText(file: { readonly name: string; readonly text: string }, type: string): void {
  const address = URL.createObjectURL(new Blob([file.text], { type }));
  const link = document.createElement('a');
  link.href = address;
  link.download = file.name;
  link.click();
  // The download has begun by then: the browser holds on to the text itself.
  setTimeout(() => URL.revokeObjectURL(address), 0);
}
