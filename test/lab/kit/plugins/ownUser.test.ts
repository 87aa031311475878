import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { after, before, describe, it } from "node:test";
import { promisify } from "node:util";
import { socketOwner } from "../../../../lab/kit/plugins/ownUser.ts";
import { type Served, servePlugin } from "../../../../lab/kit/plugins/pluginServer.ts";
import { randomPlugin } from "../../../../lab/kit/plugins/random.ts";

describe("the owner of a connection", () => {
  const client = { address: "127.0.0.1", port: 40_000 };
  const server = { address: "127.0.0.1", port: 8000 };
  const HEAD =
    "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode";
  const row = (from: string, to: string, uid: number, inode: number) =>
    `   0: ${from} ${to} 01 00000000:00000000 00:00000000 00000000  ${uid}        0 ${inode} 1 0000000000000000 20 4 30 10 -1`;
  const table = (...rows: string[]) => [HEAD, ...rows, ""].join("\n");

  it("is the user at the client's end", () => {
    const sockets = table(
      row("0100007F:1F40", "00000000:0000", 0, 11),
      row("0100007F:1F40", "0100007F:9C40", 0, 12),
      row("0100007F:9C40", "0100007F:1F40", 1000, 13),
    );
    assert.equal(socketOwner(sockets, client, server), 1000);
  });

  it("is unknown once the client's process has closed the connection", () => {
    const sockets = table(row("0100007F:9C40", "0100007F:1F40", 0, 0));
    assert.equal(socketOwner(sockets, client, server), undefined);
  });

  it("is not the user of another address or port", () => {
    const sockets = table(
      row("0200007F:9C40", "0100007F:1F40", 1000, 13),
      row("0100007F:9C41", "0100007F:1F40", 1000, 14),
      row("0100007F:9C40", "0100007F:1F41", 1000, 15),
    );
    assert.equal(socketOwner(sockets, client, server), undefined);
    assert.equal(socketOwner("", client, server), undefined);
  });
});

describe("a plugin of the offline kit", () => {
  let plugin: Served;
  before(async () => {
    plugin = await servePlugin(randomPlugin);
  });
  after(() => plugin.stop());

  /** How many bytes of the server's HTTP/2 greeting, at most 1, a process of this user receives. */
  async function greeting(uid?: number): Promise<string> {
    const script = `exec 3<>/dev/tcp/127.0.0.1/${plugin.port}; head -c 1 <&3 | wc -c`;
    const { stdout } = await promisify(execFile)("bash", ["-c", script], { cwd: "/", uid });
    return stdout.trim();
  }

  it("serves a process of the same user", async () => {
    assert.equal(await greeting(), "1");
  });

  it(
    "closes the connection of another user's process",
    { skip: process.getuid?.() === 0 ? false : "only root can start a process of another user" },
    async () => {
      assert.equal(await greeting(65_534), "0");
    },
  );
});
