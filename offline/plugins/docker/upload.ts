import { readFile } from "node:fs/promises";
import { buffer } from "node:stream/consumers";
import type { Container } from "dockerode";
import { pack } from "tar-stream";
import type { ContainerInputs } from "./containerInputs.ts";
import { asking } from "./daemon.ts";

/**
 * Copies a file into a container, running or not, and so into a volume that it mounts. As with the
 * real provider the file belongs to root, and the copy fails on a read-only root file system.
 */
export async function upload(
  container: Container,
  { file, content, contentBase64, source, permissions, executable }: Upload,
): Promise<void> {
  const given = [content, contentBase64, source].filter((value) => value !== "");
  if (given.length !== 1) {
    const amount = given.length === 0 ? "one of" : "only one of";
    throw new Error(
      `error with upload content: ${amount} 'content', 'content_base64', or 'source' ` +
        (given.length === 0 ? "must be set" : "can be set"),
    );
  }
  const data =
    source === ""
      ? Buffer.from(content === "" ? contentBase64 : content, content === "" ? "base64" : "utf8")
      : await readFile(source);
  const archive = pack();
  archive.entry({ name: file.replace(/^\//, ""), mode: mode(permissions, executable) }, data);
  archive.finalize();
  await asking(
    "Unable to upload volume content",
    container.putArchive(await buffer(archive), { path: "/" }),
  );
}

type Upload = ContainerInputs["uploads"][number];

function mode(permissions: string, executable: boolean): number {
  if (permissions !== "") return Number.parseInt(permissions, 8);
  return executable ? 0o744 : 0o644;
}
