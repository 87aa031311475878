import assert from "node:assert/strict";
import { it } from "node:test";
import { logText } from "../../tools/dockerLog.ts";

/** A log fragment with Docker's frame header. */
function framed(stream: 1 | 2, piece: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt8(stream);
  head.writeUInt32BE(piece.length, 4);
  return Buffer.concat([head, piece]);
}

it("joins the frames of both streams, even if a frame ends inside a character", () => {
  const [first, second] = [Buffer.from("ü").subarray(0, 1), Buffer.from("ü").subarray(1)];
  const log = [
    ...[framed(1, Buffer.from("out\n")), framed(2, Buffer.from("err\n"))],
    ...[framed(1, first), framed(1, second)],
  ];
  assert.equal(logText(Buffer.concat(log)), "out\nerr\nü");
  assert.equal(logText(Buffer.alloc(0)), "");
});
