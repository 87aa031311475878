/**
 * The text of a container's log, with both streams in order. Docker writes 8 bytes before each frame:
 * the stream, three zeros, and the length. A frame may end in the middle of a character.
 */
export function logText(log: Buffer): string {
  const pieces: Buffer[] = [];
  for (let start = 0; start + 8 <= log.length;) {
    const end = start + 8 + log.readUInt32BE(start + 4);
    pieces.push(log.subarray(start + 8, end));
    start = end;
  }
  return Buffer.concat(pieces).toString();
}
