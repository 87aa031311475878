/**
 * The text of a container's log, of both streams in their order. Docker puts 8 bytes before each
 * piece of it: which stream it is of, three zeros, and its length. A piece may end within a
 * character.
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
