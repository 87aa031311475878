/**
 * Whether the server at `url` answers at all, whatever it says, within `milliseconds`. Names that
 * do not resolve and refused connections are known at once; the limit is for networks that drop
 * what they do not let through.
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
