import { annotations } from "../annotations.ts";
import { board, type Board } from "../board.ts";
import type { BoardOptions } from "../options.ts";
import { boardQueries } from "../queries.ts";
import { efficiency } from "../rows/efficiency.ts";
import { gpuFaults } from "../rows/gpuFaults.ts";
import { gpuHeadline } from "../rows/gpuHeadline.ts";
import { gpuLoad } from "../rows/gpuLoad.ts";
import { UIDS } from "../uids.ts";
import { gpuVariables, TARGET } from "../variables.ts";

/** Do the GPUs do as well as they can, and do they last? */
export function gpuBoard(options: BoardOptions): Board {
  const gpus = boardQueries(options, TARGET);
  const everything = boardQueries(options, {});
  return board({
    uid: UIDS.gpu,
    title: "vLLM / GPU",
    description: "Do the GPUs do as well as they can, and do they last?",
    variables: gpuVariables(),
    annotations: annotations({}),
    rows: [
      gpuHeadline(gpus, everything, options),
      gpuLoad(gpus, everything),
      efficiency(gpus, everything),
      gpuFaults(gpus, options),
    ],
  });
}
