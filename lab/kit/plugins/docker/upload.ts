import { buffer } from "node:stream/consumers";
import type { Container } from "dockerode";
import { pack } from "tar-stream";
import type { ContainerInputs } from "./containerInputs.ts";
import { asking } from "./daemon.ts";

/**
 * Copies a file into a container, running or not, and thus into a volume that the container mounts.
 * As with the real provider, root owns the file, and the copy fails on a read-only root file system.
 */
export async function upload(
  container: Container,
  { file, content, permissions }: ContainerInputs["uploads"][number],
): Promise<void> {
  if (content === "") {
    throw new Error(
      "error with upload content: one of 'content', 'content_base64', or 'source' must be set",
    );
  }
  const mode = permissions === "" ? 0o644 : Number.parseInt(permissions, 8);
  const archive = pack();
  archive.entry({ name: file.replace(/^\//, ""), mode }, content);
  archive.finalize();
  await asking(
    "Unable to upload volume content",
    container.putArchive(await buffer(archive), { path: "/" }),
  );
}
