"""The signatures of a SavedModel, read without TensorFlow."""

from collections.abc import Mapping
from pathlib import Path
from typing import cast

from google.protobuf import descriptor_pb2, descriptor_pool, message, message_factory
from tensorflow.core.protobuf import meta_graph_pb2

SERVE = "serve"
Signatures = Mapping[str, meta_graph_pb2.SignatureDef]


class SavedModelError(ValueError):
    """There is no SavedModel to serve in a directory."""


def read_signatures(directory: Path) -> Signatures:
    """Return the signatures, by key, of the graph that is meant for serving; raises SavedModelError."""
    path = directory / "saved_model.pb"
    try:
        graphs = _saved_model_class().FromString(path.read_bytes()).meta_graphs  # type: ignore[attr-defined]  # declared below
    except FileNotFoundError:
        raise SavedModelError(
            f"Could not find SavedModel .pb or .pbtxt at supplied export directory path: {directory}"
        ) from None
    except message.DecodeError:
        raise SavedModelError(f"Can't parse {path} as binary proto") from None
    for graph in graphs:
        if SERVE in graph.meta_info_def.tags:
            return cast("Signatures", dict(graph.signature_def))
    raise SavedModelError(
        f"Could not find meta graph def matching supplied tags: {{ {SERVE} }} in {directory}"
    )


def _saved_model_class() -> type[message.Message]:
    """Return a class for `tensorflow.SavedModel`, whose generated module is part of TensorFlow itself only.

    The one field of interest is declared here, with its number; the rest is skipped when parsing.
    """
    field = descriptor_pb2.FieldDescriptorProto
    file = descriptor_pb2.FileDescriptorProto(
        name="standin/saved_model.proto",
        package="standin",
        syntax="proto3",
        dependency=[meta_graph_pb2.DESCRIPTOR.name],
    )
    file.message_type.add(name="SavedModel").field.add(
        name="meta_graphs",
        number=2,
        type=field.TYPE_MESSAGE,
        label=field.LABEL_REPEATED,
        type_name=".tensorflow.MetaGraphDef",
    )
    pool = descriptor_pool.Default()
    pool.AddSerializedFile(file.SerializeToString())
    return message_factory.GetMessageClass(pool.FindMessageTypeByName("standin.SavedModel"))
