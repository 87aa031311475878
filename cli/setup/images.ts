import Docker from "dockerode";
import { PROJECT } from "../../settings.ts";
import { Failure } from "../../tools/failure.ts";

/**
 * Whether the Docker host has every image or can pull it now. This asks the engine and not the
 * registry, because the engine's mirrors and network decide. The keys of `images` are the settings
 * that name the images.
 *
 * A missing image costs one request to its registry, of up to 10 s. A registry that requires a login
 * counts as available: the provider has the user's login, and this program does not.
 *
 * @throws {Failure} for an image that is not in its registry.
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

/** The error of a failed request; an error from the engine has the status of its response. */
async function fails(request: Promise<unknown>): Promise<{ statusCode?: number } | undefined> {
  try {
    await request;
    return undefined;
  } catch (error) {
    return error as { statusCode?: number };
  }
}
