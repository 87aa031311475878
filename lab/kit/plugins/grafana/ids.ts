/** The id of what belongs to an organization: `1:vllm`. */
export function orgId(uid: string, organization = 1): string {
  return `${organization}:${uid}`;
}

/** The uid in such an id. */
export function uidOf(id: string): string {
  return id.slice(id.indexOf(":") + 1);
}

/** The result of reading something, or an error that says what it was. */
export async function reading<T>(kind: string, id: string, call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`error reading ${kind} with ID\`${id}\`: ${reason}`, { cause: error });
  }
}
