/** Types of values that several settings share. */
import { BlockList, isIP } from "node:net";
import { z } from "zod";
import { olderThan, RELEASES_READ, type Version } from "../vllm/index.ts";

const NOT_A_PORT = { error: "is not a port: give a whole number from 1 to 65535." };

/** A port of the host. */
export const port = z.int(NOT_A_PORT).min(1, NOT_A_PORT).max(65535, NOT_A_PORT);

const NOT_AN_IMAGE = {
  error:
    'is not an image with a tag: give "name:tag", the name in small letters and without a scheme, the tag an exact version, such as "prom/prometheus:v3.13.3".',
};

/** Docker's grammar of image references (distribution/reference); a name has at most 255 characters. */
const REGISTRY_LABEL = "[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?";
const REGISTRY = `(?:${REGISTRY_LABEL}(?:\\.${REGISTRY_LABEL})*|\\[[0-9a-fA-F:]+\\])(?::[0-9]+)?`;
const IMAGE_PATH = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
const IMAGE_NAME = `(?:${REGISTRY}/)?${IMAGE_PATH}(?:/${IMAGE_PATH})*`;
const IMAGE_TAG = ":\\w[\\w.-]{0,127}";
const IMAGE_DIGEST = "@sha256:[0-9a-f]{64}";

/** An image with an exact tag or digest: without one, two machines would run different programs. */
export const image = z
  .string(NOT_AN_IMAGE)
  .regex(
    new RegExp(`^${IMAGE_NAME}(?:${IMAGE_TAG}(?:${IMAGE_DIGEST})?|${IMAGE_DIGEST})$`),
    NOT_AN_IMAGE,
  )
  .refine((text) => text.replace(/@.*$/, "").replace(/:[\w.-]+$/, "").length <= 255, {
    error: "has a name of more than 255 characters, which Docker refuses: give a shorter one.",
  })
  .refine((text) => !text.endsWith(":latest"), {
    error: "moves with time: give an exact version as the tag instead of latest.",
  });

/** 8 TiB: more than any machine has, and far below what Docker can count in bytes. */
const MOST_MEMORY = 8_388_608;

const NOT_A_LIMIT = {
  error: `is not a memory limit: give whole MiB, from 128 to ${MOST_MEMORY}.`,
};

/** A limit in MiB. */
export const memory = z.int(NOT_A_LIMIT).min(128, NOT_A_LIMIT).max(MOST_MEMORY, NOT_A_LIMIT);

const NOT_A_SIZE = {
  error: 'is not a size: give a positive number with a unit (B, KB … EB), such as "10GB".',
};

/** Disk space as Prometheus reads it: powers of 1024, in a 64-bit number of bytes. */
export const diskSpace = z
  .string({ error: 'is not a size: give a number with a unit, such as "10GB".' })
  .regex(/^[1-9]\d*(B|KB|MB|GB|TB|PB|EB)$/, { ...NOT_A_SIZE, abort: true })
  .refine((text) => bytes(text) < 2n ** 63n, {
    error: 'is more than Prometheus can represent: give at most "7EB".',
  });

function bytes(size: string): bigint {
  const [, count = "", unit = ""] = /^(\d+)(\w+)$/.exec(size) ?? [];
  return BigInt(count) * 1024n ** BigInt(["B", "KB", "MB", "GB", "TB", "PB", "EB"].indexOf(unit));
}

const NOT_AN_ADDRESS = {
  error: "is not an IP address: give one of this machine, such as 127.0.0.1.",
};

/**
 * An address of this machine. With a zone, as in `::1%lo`, Docker ignores the address and publishes
 * on all of them.
 */
export const ownAddress = z
  .string(NOT_AN_ADDRESS)
  .refine((text) => isIP(text) !== 0, { ...NOT_AN_ADDRESS, abort: true })
  .refine((text) => !text.includes("%"), {
    error: "has a zone, which Docker cannot use: give the address without it.",
    abort: true,
  })
  .refine((text) => !NOT_OF_A_MACHINE.check(text, isIP(text) === 6 ? "ipv6" : "ipv4"), {
    error: "is a multicast or broadcast address: give one of this machine, such as 127.0.0.1.",
  });

const NOT_OF_A_MACHINE = new BlockList();
NOT_OF_A_MACHINE.addSubnet("224.0.0.0", 4, "ipv4");
NOT_OF_A_MACHINE.addAddress("255.255.255.255", "ipv4");
NOT_OF_A_MACHINE.addSubnet("ff00::", 8, "ipv6");

const NOT_A_RELEASE = {
  error: `is not a release: give one from "${RELEASES_READ[0]}" to "${RELEASES_READ.at(-1) ?? ""}", in quotes, since 0.10 without them is 0.1.`,
};

/** A minor release of vLLM, as text. */
export const release = z
  .string(NOT_A_RELEASE)
  .regex(/^0\.\d+$/, NOT_A_RELEASE)
  .transform((text) => text as Version)
  .refine(
    (version) =>
      !olderThan(version, RELEASES_READ[0]) && !olderThan(RELEASES_READ.at(-1) ?? version, version),
    NOT_A_RELEASE,
  );
