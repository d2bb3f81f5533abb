"""Builds the multilingual model's ONNX file and tokenizer out of what its package carries, once.

The weights stay at 4 bits: layers as `MatMulNBits`, which onnxruntime computes on 8-bit activations, and the
table of words as packed bytes that the graph unpacks for the rows it gathers. Nothing is rounded again.
The graph pools (the mean over real tokens) and normalises, so that what comes out is the vector.
"""

import json
from typing import Any

from casewright.adapters.embedders.e5_source import BLOCK, E5Source, Quantised
from casewright.domain.errors import ConfigurationError

BUILD = 1
"""Counted up when the graph computes something else, so that vectors of another build are refused."""
_OPSET = 18
_MICROSOFT = "com.microsoft"
_MIDDLE = 8.0


def build_tokenizer(source: E5Source) -> str:
    """The tokenizer's JSON: a unigram model over whole words. Characters are mapped before it."""
    from tokenizers import AddedToken, Tokenizer
    from tokenizers.models import Unigram
    from tokenizers.pre_tokenizers import Metaspace
    from tokenizers.processors import TemplateProcessing

    tokenizer = Tokenizer(Unigram(list(source.pieces), unk_id=source.unknown))
    tokenizer.add_special_tokens([AddedToken(each, special=True) for each in ("<s>", "<pad>", "</s>")])
    tokenizer.pre_tokenizer = Metaspace(prepend_scheme="always")
    tokenizer.post_processor = TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    tokenizer.enable_padding(pad_id=1, pad_token="<pad>")  # noqa: S106  # the name of a piece
    tokenizer.enable_truncation(source.positions)
    return str(tokenizer.to_str())


def build_characters(source: E5Source) -> str:
    """What each character is normalised to, as JSON by its code."""
    return json.dumps({str(code): text for code, text in source.characters.items()})


def build_onnx(source: E5Source) -> bytes:
    """The model's file. Raises ConfigurationError where the `onnx` package is not installed."""
    try:
        from onnx import TensorProto, helper
    except ImportError as error:
        raise ConfigurationError(
            "building the multilingual model needs the package onnx: pip install 'casewright[knowledge]'"
        ) from error
    graph = _Graph(source)
    output = graph.encode()
    shape = [
        helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "sequence"]) for name in _INPUTS
    ]
    result = helper.make_tensor_value_info(output, TensorProto.FLOAT, ["batch", source.hidden])
    made = helper.make_graph(graph.nodes, "multilingual-e5-small", shape, [result], graph.constants)
    model = helper.make_model(
        made,
        opset_imports=[helper.make_opsetid("", _OPSET), helper.make_opsetid(_MICROSOFT, 1)],
        ir_version=9,
        producer_name="casewright",
    )
    return bytes(model.SerializeToString(deterministic=True))


_INPUTS = ("input_ids", "attention_mask")


class _Graph:
    """Nodes and constants under construction. A method adds nodes and returns the name of what they make."""

    def __init__(self, source: E5Source) -> None:
        self.source = source
        self.nodes: list[Any] = []
        self.constants: list[Any] = []

    def encode(self) -> str:
        hidden = self._embed()
        mask = self._mask()
        for layer in range(self.source.layers):
            hidden = self._layer(f"l{layer}", hidden, mask)
        return self._pool(hidden)

    def _embed(self) -> str:
        import numpy as np

        words: Quantised = self.source.tensors["emb.word"]
        packed = (words.nibbles[:, :, : BLOCK // 2] | (words.nibbles[:, :, BLOCK // 2 :] << 4)).astype(
            np.uint8
        )
        rows = self._node("Gather", self._constant("word.packed", packed), "input_ids")
        low = self._node("BitwiseAnd", rows, self._constant("fifteen", np.array(15, np.uint8)))
        high = self._node("BitShift", rows, self._constant("four", np.array(4, np.uint8)), direction="RIGHT")
        nibbles = self._node("Cast", self._node("Concat", low, high, axis=-1), to=1)
        centred = self._node("Sub", nibbles, self._constant("middle", np.array(_MIDDLE, np.float32)))
        scales = self._node("Gather", self._constant("word.scales", words.scales[:, :, None]), "input_ids")
        weighed = self._node("Mul", centred, self._node("Cast", scales, to=1))
        shape = self._constant("word.shape", np.array([0, 0, self.source.hidden], np.int64))
        word = self._node("Reshape", weighed, shape)
        places = self.source.tensors["emb.pos"].reshape(-1, self.source.hidden)
        places = places + self.source.tensors["emb.type"][: self.source.hidden]
        length = self._node("Slice", self._node("Shape", "input_ids"), *self._ints("one_to_two", [1], [2]))
        start, axis = self._ints("first_rows", [0], [0])
        place = self._node("Slice", self._constant("places", places), start, length, axis)
        return self._normalise(self._node("Add", word, place), "emb.ln")

    def _mask(self) -> str:
        """0 for a real token and a large negative number for padding, [batch, 1, 1, sequence]."""
        import numpy as np

        (axes,) = self._ints("mask.axes", [1, 2])
        real = self._node("Cast", self._node("Unsqueeze", "attention_mask", axes), to=1)
        absent = self._node("Sub", self._constant("mask.one", np.array(1, np.float32)), real)
        return self._node("Mul", absent, self._constant("mask.least", np.array(-10000, np.float32)))

    def _layer(self, name: str, hidden: str, mask: str) -> str:
        import numpy as np

        each = self.source.hidden // self.source.heads
        (split, merge) = self._ints("heads", [0, 0, self.source.heads, each], [0, 0, self.source.hidden])
        parts = [self._node("Reshape", self._linear(hidden, f"{name}.{part}"), split) for part in "qkv"]
        query, value = (self._node("Transpose", parts[place], perm=[0, 2, 1, 3]) for place in (0, 2))
        key = self._node("Transpose", parts[1], perm=[0, 2, 3, 1])
        scale = self._constant("scale", np.array(each**-0.5, np.float32))
        scores = self._node("Add", self._node("Mul", self._node("MatMul", query, key), scale), mask)
        mixed = self._node("MatMul", self._node("Softmax", scores, axis=-1), value)
        joined = self._node("Reshape", self._node("Transpose", mixed, perm=[0, 2, 1, 3]), merge)
        attended = self._normalise(
            self._node("Add", self._linear(joined, f"{name}.ao"), hidden), f"{name}.aln"
        )
        inner = self._node("Gelu", self._linear(attended, f"{name}.fi"), domain=_MICROSOFT)
        return self._normalise(self._node("Add", self._linear(inner, f"{name}.fo"), attended), f"{name}.oln")

    def _linear(self, hidden: str, name: str) -> str:
        import numpy as np

        weights: Quantised = self.source.tensors[f"{name}.w"]
        rows, blocks, _ = weights.nibbles.shape
        packed = weights.nibbles[:, :, 0::2] | (weights.nibbles[:, :, 1::2] << 4)
        product = self._node(
            "MatMulNBits",
            hidden,
            self._constant(f"{name}.w", packed.astype(np.uint8)),
            self._constant(f"{name}.s", weights.scales.astype(np.float32).reshape(-1)),
            domain=_MICROSOFT,
            K=blocks * BLOCK,
            N=rows,
            bits=4,
            block_size=BLOCK,
            accuracy_level=4,
        )
        return self._node("Add", product, self._constant(f"{name}.b", self.source.tensors[f"{name}.b"]))

    def _normalise(self, hidden: str, name: str) -> str:
        weight = self._constant(f"{name}.w", self.source.tensors[f"{name}.w"])
        bias = self._constant(f"{name}.b", self.source.tensors[f"{name}.b"])
        return self._node("LayerNormalization", hidden, weight, bias, epsilon=self.source.epsilon)

    def _pool(self, hidden: str) -> str:
        (axes,) = self._ints("pool.axes", [2])
        (middle,) = self._ints("pool.middle", [1])
        real = self._node("Cast", self._node("Unsqueeze", "attention_mask", axes), to=1)
        total = self._node("ReduceSum", self._node("Mul", hidden, real), middle, keepdims=0)
        return self._node("LpNormalization", total, axis=-1, p=2)

    def _node(self, kind: str, *inputs: str, domain: str = "", **attributes: Any) -> str:
        from onnx import helper

        output = f"{kind}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [output], domain=domain, **attributes))
        return output

    def _constant(self, name: str, values: Any) -> str:
        import numpy as np
        from onnx import numpy_helper

        if all(each.name != name for each in self.constants):
            self.constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def _ints(self, name: str, *values: list[int]) -> tuple[str, ...]:
        import numpy as np

        return tuple(
            self._constant(f"{name}.{place}", np.array(each, np.int64)) for place, each in enumerate(values)
        )
