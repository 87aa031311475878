import { readFile } from "node:fs/promises";
import type { Socket } from "node:net";

/** Whether the other end of an accepted IPv4 connection belongs to a process of this user. */
export async function isOwnUser(socket: Socket): Promise<boolean> {
  const { remoteAddress, remotePort, localAddress, localPort } = socket;
  const user = process.getuid?.();
  if (user === undefined || remoteAddress === undefined || localAddress === undefined) return false;
  const sockets = await readFile("/proc/net/tcp", "utf8").catch(() => "");
  const owner = socketOwner(
    sockets,
    { address: remoteAddress, port: remotePort ?? 0 },
    { address: localAddress, port: localPort ?? 0 },
  );
  return owner === user;
}

/** One end of a connection. */
interface Endpoint {
  address: string;
  port: number;
}

/**
 * The user id of the process that holds the socket from `local` to `remote` in the text of
 * `/proc/net/tcp`; undefined if no process holds it. After a process closes a socket, the kernel
 * keeps the socket for a while, without an inode and as user 0.
 */
export function socketOwner(
  sockets: string,
  local: Endpoint,
  remote: Endpoint,
): number | undefined {
  for (const line of sockets.split("\n")) {
    const [, from, to, , , , , uid, , inode] = line.trim().split(/\s+/);
    if (from === kernelText(local) && to === kernelText(remote) && inode !== "0")
      return Number(uid);
  }
  return undefined;
}

/** `127.0.0.1` and 8000 as `0100007F:1F40`: the kernel prints the bytes of addresses reversed. */
function kernelText({ address, port }: Endpoint): string {
  const bytes = address.split(".").reverse().map(Number);
  const hex = (number: number, digits: number) =>
    number.toString(16).toUpperCase().padStart(digits, "0");
  return `${bytes.map((byte) => hex(byte, 2)).join("")}:${hex(port, 4)}`;
}
