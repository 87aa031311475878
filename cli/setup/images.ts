import Docker from "dockerode";
import { PROJECT } from "../../settings.ts";
import { Failure } from "../../tools/failure.ts";

/**
 * Whether every image is on the Docker host already, or may be pulled by it now. Asked of the
 * engine and not of the registry, for its mirrors and its network are what counts. Images go by
 * the setting that names them.
 *
 * An image that is not there costs one request to its registry, which may take 10 s. Where the
 * registry wants a log-in, the answer is yes: the provider has the user's, and this has not.
 *
 * @throws {Failure} for an image that its registry does not have.
 */
export async function imagesAvailable(
  images: Record<string, string>,
  docker: Docker = new Docker({ timeout: 10_000 }),
): Promise<boolean> {
  const answers = await Promise.all(
    Object.entries(images).map(([setting, name]) => isAvailable(setting, name, docker)),
  );
  return answers.every(Boolean);
}

async function isAvailable(setting: string, name: string, docker: Docker): Promise<boolean> {
  const image = docker.getImage(name);
  if (!(await fails(image.inspect()))) return true;
  const failure = await fails(image.distribution());
  switch (failure?.statusCode) {
    case undefined:
      return failure === undefined;
    case 401:
    case 403:
      return true;
    case 404:
      throw new Failure(
        `${PROJECT}:${setting}: "${name}" is neither on this Docker host nor in its registry: correct the name or the tag.`,
      );
    default:
      return false;
  }
}

/** The error of a request that fails; one of the engine's has the status of its answer. */
async function fails(request: Promise<unknown>): Promise<{ statusCode?: number } | undefined> {
  try {
    await request;
    return undefined;
  } catch (error) {
    return error as { statusCode?: number };
  }
}
