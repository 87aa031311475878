import { existsSync } from "node:fs";

/** Debian's Chromium, and the Chrome of GitHub's runners. */
const PLACES = ["/usr/bin/chromium", "/usr/bin/google-chrome"];

/** The path of a browser that tests can drive; undefined if none is installed. */
export const browserProgram = PLACES.find((place) => existsSync(place));
