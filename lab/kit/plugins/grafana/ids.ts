/** The id of an object that belongs to an organization: `1:vllm`. */
export function orgId(uid: string, organization = 1): string {
  return `${organization}:${uid}`;
}

/** The uid in such an id. */
export function uidOf(id: string): string {
  return id.slice(id.indexOf(":") + 1);
}

/** The result of reading an object, or an error that names the object. */
export async function reading<T>(kind: string, id: string, call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`error reading ${kind} with ID\`${id}\`: ${reason}`, { cause: error });
  }
}
