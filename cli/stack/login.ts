import { PROJECT } from "../../settings.ts";
import { Failure } from "../../tools/failure.ts";
import { askGrafana } from "./grafanaApi.ts";

/**
 * Checks with one request that Grafana still accepts the stack's password. The provider would send a
 * wrong password with every resource, and Grafana blocks an account for five minutes after five wrong
 * passwords. A Grafana that does not answer is not a failure here.
 *
 * @throws {Failure} with instructions to reset the password.
 */
export async function checkLogin(
  stack: string,
  { url }: { url: string },
  password: string | undefined,
): Promise<void> {
  if (password === undefined) return;
  const status = await askGrafana(`${url}/api/org`, password, { timeout: 5_000 }).then(
    (response) => response.status,
    () => undefined,
  );
  if (status === 401) throw new Failure(lockedOut(stack));
}

/** What to do if Grafana's password differs from the stack's. */
export function lockedOut(stack: string): string {
  return [
    "Grafana does not accept the stack's password: it was changed in Grafana, or the account is blocked for five minutes after failed logins. Set it back with:",
    `  npm run --silent pulumi -- stack output grafanaPassword --show-secrets --stack ${stack} |`,
    `    docker exec --interactive ${PROJECT}-${stack}-grafana grafana cli admin reset-admin-password --password-from-stdin`,
  ].join("\n");
}
