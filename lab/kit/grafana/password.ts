import { randomBytes, scryptSync, timingSafeEqual } from "node:crypto";

/** A password as it is stored: it cannot be recovered from this. Both values are hexadecimal. */
export interface PasswordHash {
  salt: string;
  hash: string;
}

export function hashPassword(
  password: string,
  salt = randomBytes(16).toString("hex"),
): PasswordHash {
  return { salt, hash: scryptSync(password, salt, 32).toString("hex") };
}

export function isPassword(password: string, kept: PasswordHash): boolean {
  const { hash } = hashPassword(password, kept.salt);
  return timingSafeEqual(Buffer.from(hash, "hex"), Buffer.from(kept.hash, "hex"));
}
