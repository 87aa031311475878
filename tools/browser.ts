import { existsSync } from "node:fs";

/** Where the systems that tests run on have it: Debian's Chromium, and the Chrome of GitHub's runners. */
const PLACES = ["/usr/bin/chromium", "/usr/bin/google-chrome"];

/** The program of a browser that tests can drive; undefined where there is none. */
export const browserProgram = PLACES.find((place) => existsSync(place));
