/**
 * Whether the server at `url` answers within `milliseconds`, with any status. Names that do not
 * resolve and refused connections fail at once; the limit is for networks that drop packets.
 */
export async function reachable(url: string, milliseconds = 5_000): Promise<boolean> {
  try {
    await fetch(url, {
      method: "HEAD",
      redirect: "manual",
      signal: AbortSignal.timeout(milliseconds),
    });
    return true;
  } catch {
    return false;
  }
}
