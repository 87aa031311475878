import Docker from "dockerode";

/**
 * Whether every image is on the Docker host already, or can be pulled by it now. Asked of the
 * engine and not of the registry, for its mirrors, its log-ins and its network are what counts.
 *
 * An image that is not there costs one request to its registry, which may take 10 s.
 */
export async function imagesAvailable(
  names: string[],
  docker: Docker = new Docker({ timeout: 10_000 }),
): Promise<boolean> {
  const answers = await Promise.all(
    names.map(async (name) => {
      const image = docker.getImage(name);
      return (await succeeds(image.inspect())) || (await succeeds(image.distribution()));
    }),
  );
  return answers.every(Boolean);
}

async function succeeds(request: Promise<unknown>): Promise<boolean> {
  try {
    await request;
    return true;
  } catch {
    return false;
  }
}
