import { UIDS } from "../dashboards/uids.ts";

/** The picture of a dashboard. */
export interface Picture {
  /** In `docs/pictures/`. */
  file: string;
  /** Maximum height in pixels: the picture ends after the last panel that fits completely. */
  height: number;
}

/** The pictures of the main dashboards, by uid. */
export const PICTURES: Record<string, Picture> = {
  [UIDS.vllm]: { file: "vllm.png", height: 1300 },
  [UIDS.overview]: { file: "overview.png", height: 1300 },
  [UIDS.instances]: { file: "instances.png", height: 930 },
  [UIDS.kvCache]: { file: "kv-cache.png", height: 1300 },
  [UIDS.slo]: { file: "slo.png", height: 1300 },
  [UIDS.wall]: { file: "wall.png", height: 1300 },
};
