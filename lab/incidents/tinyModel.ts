/** A meaningless model, generated locally: vLLM can serve it, and nothing needs to be downloaded. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const LAYERS = 2;
const HIDDEN = 64;
const WORDS = 500;
const SPECIAL = ["<pad>", "<s>", "</s>", "<unk>"];

/** Each word of a text is a token. The words are w0 to w499. */
export function word(index: number): string {
  return `w${index % WORDS}`;
}

/** Writes config and tokenizer of a Llama with two small layers; `--load-format dummy` generates weights. */
export function writeModel(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const write = (file: string, content: unknown) => {
    writeFileSync(join(folder, file), JSON.stringify(content));
  };
  write("config.json", {
    architectures: ["LlamaForCausalLM"],
    model_type: "llama",
    hidden_size: HIDDEN,
    intermediate_size: 2 * HIDDEN,
    num_hidden_layers: LAYERS,
    num_attention_heads: 2,
    num_key_value_heads: 2,
    head_dim: HIDDEN / 2,
    vocab_size: 512,
    max_position_embeddings: 2048,
    rms_norm_eps: 1e-5,
    rope_theta: 10000,
    hidden_act: "silu",
    torch_dtype: "float32",
    bos_token_id: 1,
    eos_token_id: 2,
    pad_token_id: 0,
    tie_word_embeddings: false,
  });
  const special = SPECIAL.map((content, id) => ({
    ...{ id, content, special: true, normalized: false },
    ...{ single_word: false, lstrip: false, rstrip: false },
  }));
  const words = Array.from({ length: WORDS }, (_, index) => word(index));
  write("tokenizer.json", {
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: special,
    normalizer: null,
    pre_tokenizer: { type: "WhitespaceSplit" },
    post_processor: null,
    decoder: null,
    model: {
      type: "WordLevel",
      unk_token: "<unk>",
      vocab: Object.fromEntries([...SPECIAL, ...words].map((token, id) => [token, id])),
    },
  });
  write("tokenizer_config.json", {
    tokenizer_class: "PreTrainedTokenizerFast",
    pad_token: "<pad>",
    bos_token: "<s>",
    eos_token: "</s>",
    unk_token: "<unk>",
  });
}

/** Writes a LoRA adapter of rank 8 for the model; all its weights are 0. */
export function writeAdapter(folder: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, "adapter_config.json"),
    JSON.stringify({
      ...{ peft_type: "LORA", task_type: "CAUSAL_LM", base_model_name_or_path: "tiny" },
      ...{ r: RANK, lora_alpha: RANK, target_modules: ["q_proj", "v_proj"], bias: "none" },
    }),
  );
  const matrices = Array.from({ length: LAYERS }, (_, layer) =>
    ["q_proj", "v_proj"].flatMap((part) => {
      const name = `base_model.model.model.layers.${layer}.self_attn.${part}`;
      return [
        [`${name}.lora_A.weight`, [RANK, HIDDEN]],
        [`${name}.lora_B.weight`, [HIDDEN, RANK]],
      ] as const;
    }),
  ).flat();
  writeFileSync(join(folder, "adapter_model.safetensors"), zeros(matrices));
}

const RANK = 8;

/** A file in the safetensors format: the length of the header, the header, and the numbers. */
function zeros(matrices: (readonly [string, readonly [number, number]])[]): Buffer {
  let end = 0;
  const header = Object.fromEntries(
    matrices.map(([name, shape]) => {
      const begin = end;
      end += 4 * shape[0] * shape[1];
      return [name, { dtype: "F32", shape, data_offsets: [begin, end] }];
    }),
  );
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, text, Buffer.alloc(end)]);
}
