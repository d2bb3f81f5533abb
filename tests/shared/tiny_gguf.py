"""A language model of a hundred kilobytes with random weights, as a GGUF file: for the machinery, not for words."""

import random
import struct
from pathlib import Path
from typing import Any

from casewright.adapters.model_files import build_folder, models_folder

WIDTH, HEADS, LAYERS, INNER = 32, 4, 1, 64
TEMPLATE = (
    "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>\n' }}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)
U32, F32, BOOL, STRING, ARRAY, I32 = 4, 6, 7, 8, 9, 5
NORMAL, UNKNOWN, CONTROL, BYTE = 1, 2, 3, 6
ALIGNMENT = 32


def put_tiny_model(home: Path, name: str = "tiny", **facts: str) -> Path:
    """Lay the model into the folder of state as `name`, with its manifest; the file's path."""
    folder = models_folder(home) / name
    build_folder(folder, lambda fresh: write_tiny_gguf(fresh / "tiny.gguf"), facts)
    return folder / "tiny.gguf"


def write_tiny_gguf(path: Path, seed: int = 1) -> None:
    rng = random.Random(seed)
    plain = ["\u2581", *(chr(code) for code in range(0x21, 0x7F))]
    tokens = ["<unk>", "<s>", "</s>", "<0x0A>", *plain]
    kinds = [UNKNOWN, CONTROL, CONTROL, BYTE, *([NORMAL] * len(plain))]
    facts: list[tuple[str, int, Any]] = [
        ("general.architecture", STRING, "llama"),
        ("llama.block_count", U32, LAYERS),
        ("llama.context_length", U32, 4096),
        ("llama.embedding_length", U32, WIDTH),
        ("llama.feed_forward_length", U32, INNER),
        ("llama.attention.head_count", U32, HEADS),
        ("llama.attention.head_count_kv", U32, HEADS),
        ("llama.attention.layer_norm_rms_epsilon", F32, 1e-5),
        ("llama.rope.dimension_count", U32, WIDTH // HEADS),
        ("llama.vocab_size", U32, len(tokens)),
        ("tokenizer.ggml.model", STRING, "llama"),
        ("tokenizer.ggml.tokens", ARRAY, (STRING, tokens)),
        ("tokenizer.ggml.scores", ARRAY, (F32, [0.0] * len(tokens))),
        ("tokenizer.ggml.token_type", ARRAY, (I32, kinds)),
        ("tokenizer.ggml.bos_token_id", U32, 1),
        ("tokenizer.ggml.eos_token_id", U32, 2),
        ("tokenizer.ggml.unknown_token_id", U32, 0),
        ("tokenizer.ggml.add_bos_token", BOOL, True),
        ("tokenizer.chat_template", STRING, TEMPLATE),
    ]
    shapes: dict[str, tuple[int, ...]] = {
        "token_embd.weight": (WIDTH, len(tokens)),
        "output_norm.weight": (WIDTH,),
        "output.weight": (WIDTH, len(tokens)),
    }
    for layer in range(LAYERS):
        for part in ("attn_q", "attn_k", "attn_v", "attn_output"):
            shapes[f"blk.{layer}.{part}.weight"] = (WIDTH, WIDTH)
        shapes |= {f"blk.{layer}.{part}.weight": (WIDTH,) for part in ("attn_norm", "ffn_norm")}
        shapes |= {f"blk.{layer}.{part}.weight": (WIDTH, INNER) for part in ("ffn_gate", "ffn_up")}
        shapes[f"blk.{layer}.ffn_down.weight"] = (INNER, WIDTH)
    head = [b"GGUF", struct.pack("<IQQ", 3, len(shapes), len(facts))]
    head += [_string(name) + struct.pack("<I", kind) + _value(kind, value) for name, kind, value in facts]
    data: list[bytes] = []
    offset = 0
    for name, shape in shapes.items():
        size = 1
        for length in shape:
            size *= length
        is_norm = "norm" in name
        weights = [1.0 if is_norm else rng.gauss(0.0, 0.3) for _ in range(size)]
        raw = struct.pack(f"<{size}f", *weights)
        raw += b"\0" * (-len(raw) % ALIGNMENT)
        head.append(_string(name) + struct.pack("<I", len(shape)) + struct.pack(f"<{len(shape)}Q", *shape))
        head.append(struct.pack("<IQ", 0, offset))
        data.append(raw)
        offset += len(raw)
    start = b"".join(head)
    path.write_bytes(start + b"\0" * (-len(start) % ALIGNMENT) + b"".join(data))


def _string(text: str) -> bytes:
    raw = text.encode()
    return struct.pack("<Q", len(raw)) + raw


def _value(kind: int, value: Any) -> bytes:
    if kind == STRING:
        return _string(value)
    if kind == ARRAY:
        inner, items = value
        return struct.pack("<IQ", inner, len(items)) + b"".join(_value(inner, item) for item in items)
    return struct.pack({U32: "<I", I32: "<i", F32: "<f", BOOL: "<?"}[kind], value)
