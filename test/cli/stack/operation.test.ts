import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Failure } from "../../../tools/failure.ts";
import { runOperation } from "../../../cli/stack/operation.ts";

describe("runOperation", () => {
  it("says how to restore a password that was changed in Grafana", async () => {
    const stack = { name: "x", cancel: () => Promise.resolve() };
    const failing = runOperation("Trying", stack, ({ onEvent }) => {
      onEvent({
        sequence: 1,
        timestamp: 1,
        diagnosticEvent: {
          message: "[GET /folders/{folder_uid}][401] getFolderByUidUnauthorized {}",
          color: "never",
          severity: "error",
        },
      });
      return Promise.reject(new Error("the engine failed"));
    });
    await assert.rejects(failing, (error) => {
      assert.ok(error instanceof Failure);
      assert.equal(
        error.message,
        `Grafana does not accept the stack's password: it was changed in Grafana, or the account is blocked for five minutes after failed logins. Set it back with:
  npm run --silent pulumi -- stack output grafanaPassword --show-secrets --stack x |
    docker exec --interactive vllm-observability-x-grafana grafana cli admin reset-admin-password --password-from-stdin`,
      );
      return true;
    });
  });
});
