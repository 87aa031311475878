import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { readEnvironment } from "../../../../lab/kit/grafana/environment.ts";
import { temporaryFolder } from "./start.ts";

describe("readSettings", () => {
  it("has Grafana's defaults", () => {
    assert.deepEqual(readEnvironment({}), {
      port: 3000,
      dataDir: "/var/lib/grafana",
      adminUser: "admin",
      adminPassword: "admin",
      hideVersion: false,
    });
  });

  it("reads a secret from its file, without the trailing newline", (context) => {
    context.mock.method(console, "log", () => undefined);
    const file = join(temporaryFolder(context), "password");
    writeFileSync(file, "from a file\n");
    const settings = readEnvironment({ GF_SECURITY_ADMIN_PASSWORD__FILE: file });
    assert.equal(settings.adminPassword, "from a file");
  });

  it("rejects a value that is set twice", () => {
    const env = { GF_SECURITY_ADMIN_PASSWORD: "x", GF_SECURITY_ADMIN_PASSWORD__FILE: "/y" };
    assert.throws(() => readEnvironment(env), {
      message:
        "ERROR: Both GF_SECURITY_ADMIN_PASSWORD and GF_SECURITY_ADMIN_PASSWORD__FILE are set (but are exclusive)",
    });
  });

  it("rejects a missing file, even for a variable that it does not use", (context) => {
    context.mock.method(console, "log", () => undefined);
    for (const name of ["GF_SECURITY_ADMIN_PASSWORD", "GF_SECURITY_SECRET_KEY"]) {
      assert.throws(() => readEnvironment({ [`${name}__FILE`]: "/nowhere" }), {
        message: "cat: can't open '/nowhere': No such file or directory",
      });
    }
  });
});
